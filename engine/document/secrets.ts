/** A key that names a secret, in YAML, JSON and the like, and its value: in quotes, or to the end of the line. */
const SECRET =
  /((?:^|[\s{,"'])[\w.-]*(?:passw|passphrase|_pass\b|secret|token|credential)[\w.-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"'].*)/giu;
/** A password in an address: `ssh://user:password@host`. */
const IN_ADDRESS = /((?:^|[\s"'/])[^\s:/@"']+:)([^\s/@"']+)(?=@)/gu;

const stars = (_whole: string, before: string, secret: string): string => before + '*'.repeat(secret.length);

/** A line of a file as it may be shown: secrets are as many stars, so that every character keeps its column. */
export const masked = (line: string): string => line.replace(SECRET, stars).replace(IN_ADDRESS, stars);
