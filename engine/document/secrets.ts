/** Texts of operators as they may be shown: without the secrets that stand in them. Takes time in proportion to the text. */

/**
 * A key that names a secret, in YAML, JSON and the like, and its value: in quotes, or to the end of the line. What follows
 * the closing quote belongs to it, too: the quote may be one of the secret that nobody escaped.
 */
const SECRET =
  /((?:^|[\s{,"'])(?=[\w.-]*(?:passw|passphrase|\bpass\b|_pass\b|\bpwd\b|secret|token|credential))[\w.-]+["']?\s*[:=]\s*)((?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)(?:[^,}\]]*[^\s,}\]])?|[^\s"'].*)/giu;

/** What stands before a password in an address: a user, which is behind the slashes of a scheme, if there is one. */
const BEFORE = /(?:^|["'])[^:/"']+:(?!\/\/)|\/[^:/"']+:/u;

/**
 * A word with the password in it hidden, if it is an address (`ssh://user:password@host`). Whatever characters a password is
 * of, those that end a user, a host or a path in addresses, too: it ends with the last @.
 */
const hiding = (word: string, cover: (secret: string) => string): string => {
  const end = word.lastIndexOf('@');
  const before = BEFORE.exec(word.slice(0, Math.max(0, end)));
  if (!before) return word;
  const start = before.index + before[0].length;
  return word.slice(0, start) + cover(word.slice(start, end)) + word.slice(end);
};

const stars = (secret: string): string => '*'.repeat(secret.length);

/** A line of a file: secrets are as many stars, so that every character keeps its column. */
export const masked = (line: string): string =>
  line
    .replace(SECRET, (_whole, before: string, secret: string) => before + stars(secret))
    .replace(/\S+/gu, (word) => hiding(word, stars));

/** An address that was given as one, such as an argument: an ellipsis stands for its password. */
export const shownAddress = (address: string): string => hiding(address, () => '…');
