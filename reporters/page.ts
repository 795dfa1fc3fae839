/** The terminal that the cli reporter writes for. */
import type { CheckNote, Language, Status } from '../engine/model.ts';
import { type Line, wrap } from './layout.ts';

export type Style = Status | 'strong';
export type Page = Readonly<{
  language: Language;
  /** In columns. */
  width: number;
  paint(style: Style, text: string): string;
  checks: ReadonlyMap<string, CheckNote>;
}>;

/** Select Graphic Rendition: the sixteen colours that every terminal has. */
const SGR: Readonly<Record<Style, number>> = {
  fail: 31,
  unknown: 33,
  waived: 36,
  inapplicable: 2,
  pass: 32,
  strong: 1,
};

/** Colours a text, or leaves it as it is. */
export const painter =
  (colour: boolean) =>
  (style: Style, text: string): string =>
    colour ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text;

/** Paragraphs as text that ends with a line feed. */
export const print = (page: Page, lines: readonly Line[]): string =>
  lines.flatMap((line) => wrap(line, page.width).map((text) => `${text}\n`)).join('');
