/** Makes text that a server supplied harmless: for terminals, for CI systems that read commands in a log, for XML. */

/** Longest value that a text report prints, in UTF-16 units; the JSON report holds the whole. */
export const VALUE_LIMIT = 1_000;

/** Longest name (server, subject, check) that a text report prints, in UTF-16 units. */
export const NAME_LIMIT = 200;

/** CSI, OSC and the short escape sequences of ECMA-48. What does not end is not a sequence: its text stays visible. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\^-~])/g;
const BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** C0, C1, and the characters that reorder the text around them. */
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** What XML 1.0 cannot carry in any spelling. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Most texts: they are harmless as they are, which is found out in a third of the time. */
const HARMLESS = /^[\n -"$-~]*$/;

/** Harmless lines. GitHub, Azure and TeamCity obey `##[` and its like anywhere in a line, so no `##` stays. */
export const plainLines = (text: string): readonly string[] => {
  if (HARMLESS.test(text)) return text.split('\n');
  const shown = text.toWellFormed().replace(ESCAPES, '').replace(BREAKS, '\n').replaceAll('\t', ' ');
  // Last, because what was removed may have stood between two number signs.
  return shown
    .replace(CONTROLS, '\ufffd')
    .replace(/#(?=#)/g, '# ')
    .split('\n');
};

/** The same as one line. Put something visible before it: GitHub obeys `::` at the start of a line, blanks or not. */
export const plain = (text: string): string => plainLines(text).join(' ');

/** At most `limit` UTF-16 units, never half a character; an ellipsis stands for the rest. */
export const cut = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
};

/** One harmless line of at most `limit` UTF-16 units. Cut before it is cleaned too, because a server may say megabytes. */
export const short = (text: string, limit: number = VALUE_LIMIT): string => cut(plain(cut(text, limit * 4)), limit);

/** At most `limit` bytes of UTF-8, never half a character; `mark` ends what was cut, on a line of its own. */
export const capped = (text: string, limit: number, mark: string): string => {
  const encoder = new TextEncoder();
  if (encoder.encodeInto(text, new Uint8Array(limit)).read === text.length) return text;
  const room = new Uint8Array(limit - encoder.encode(mark).length - 1);
  return `${text.slice(0, encoder.encodeInto(text, room).read)}\n${mark}`;
};

/** Character data of an XML element; characters that XML forbids become U+FFFD. */
export const xmlBody = (text: string): string =>
  text
    .toWellFormed()
    .replace(NOT_XML, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replaceAll('\r', '&#13;');

/** Value of an XML attribute in double quotes: a parser would turn bare tabs and line ends into blanks. */
export const xmlAttribute = (text: string): string =>
  xmlBody(text).replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
