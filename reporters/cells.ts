/** Rows of CSV (RFC 4180) that a spreadsheet takes for text. Each is one line, whatever a server said. */
import { short } from './text.ts';

/** What tells Excel, Windows PowerShell and others that a file is UTF-8; without it they read Japanese as something else. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Longest text in a cell, in UTF-16 units: Excel takes 32,767 and shows far less; the JSON report holds the whole. */
const CELL_LIMIT = 4_000;

/** Spreadsheets compute what begins like this; those of East Asia take the wide characters for the narrow ones. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/u;
/** Where a semicolon parts cells, which is so in half of Europe, the next one begins behind it. */
const LATER = /;(\s*)(?=[=+\-@＝＋－＠])/gu;

/** A row with its line end. What is absent is an empty cell. */
export const row = (cells: readonly (string | number | undefined)[]): string => `${cells.map(cell).join(',')}\r\n`;

const cell = (value: string | number | undefined): string => {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const text = unformulated(short(value, CELL_LIMIT));
  return /[",;']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** An apostrophe before it keeps a formula from being one. */
const unformulated = (text: string): string => {
  const inside = text.replace(LATER, ";$1'");
  return FORMULA.test(inside) ? `'${inside}` : inside;
};
