/** Text within Markdown that stays text: GitHub, GitLab, Azure DevOps and ticket systems read it. */
import { grouped } from '../numbers.ts';
import { short } from '../text.ts';

/** Longest text in a cell, in UTF-16 units; the JSON report holds the whole. */
const LIMIT = 200;

/** What Markdown, HTML, mentions, emoji, formulas and links are made of. */
const SPECIAL = /[\\`*_~[\]<>&|#@$"'!]|:(?=[:/])|(?<=www)\./gi;

/** One line of text without any meaning. For text of our own and of the profile. */
export const plainText = (text: string, limit: number = LIMIT): string =>
  short(text, limit).replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);

/** The same in the letters of a machine, where GitHub makes no mention, no emoji and no link of it. For whatever a server said. */
export const code = (text: string, limit: number = LIMIT): string => {
  const shown = plainText(text, limit).trim();
  return shown === '' ? '' : `<code>${shown}</code>`;
};

/** A table. Cells are Markdown already; columns of numbers stand to the right. */
export const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const isNumber = (at: number): boolean => rows.length > 0 && rows.every((row) => typeof row[at] === 'number');
  const rule = heads.map((_, at) => (isNumber(at) ? '--:' : ':--'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.map(cellOf).join(' | ')} |\n`).join('');
};

const cellOf = (cell: string | number): string => (typeof cell === 'number' ? grouped(cell) : cell);

/** A heading that is underlined: a log of Azure takes two number signs for the beginning of a command. */
export const heading = (text: string, level: 1 | 2): string =>
  `${capital(text)}\n${(level === 1 ? '=' : '-').repeat(12)}\n\n`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
