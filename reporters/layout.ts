/** Paragraphs for a terminal: wrapped by columns, with room for wide characters. */
import { plainLines, short } from './text.ts';

/**
 * A paragraph. `lead` is ours and stands before the text; the next lines hang below it. Text is taken for a server's
 * unless `own` says otherwise: its next lines begin with a bar, so that no line begins with what a server said.
 */
export type Line = Readonly<{ indent: number; lead?: string; text: string; own?: boolean }>;

/** The East Asian wide and fullwidth blocks of UAX #11, and emoji. */
const WIDE =
  '\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1faff}\\u{20000}-\\u{3fffd}';
const IS_WIDE = new RegExp(`[${WIDE}]`, 'u');
const IS_NOTHING = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Japanese typography ends no line with the first and begins none with the second. */
const OPENING = '（「『【〔';
const CLOSING = '、。，．・：；？！ー）」』】〕ぁぃぅぇぉっゃゅょァィゥェォッャュョ々';
/** What may not be broken: a word or a wide character, with the punctuation and the blanks that belong to it. */
const PIECE = new RegExp(`[${OPENING}]*(?:[^ ${WIDE}]+|[${WIDE}]?)[${CLOSING}]* *`, 'gu');
/** A line narrower than this says nothing; the terminal wraps it itself. */
const LEAST = 24;

/** Columns that a text takes in a terminal. */
export const columns = (text: string): number => {
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...text].reduce((sum, character) => sum + columnsOf(character), 0);
};
const columnsOf = (character: string): number => {
  if (IS_NOTHING.test(character)) return 0;
  return IS_WIDE.test(character) ? 2 : 1;
};

/** Columns of the widest of some texts. */
export const widest = (texts: Iterable<string>): number => Math.max(0, ...Array.from(texts, columns));

/** The text with blanks behind it up to so many columns. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));

/** One harmless line of at most so many columns. */
export const clip = (text: string, width: number): string => {
  const line = short(text, Math.max(1, width));
  if (columns(line) <= width) return line;
  return `${split(line, Math.max(2, width) - 1)[0]}…`;
};

/** The lines of a paragraph, none wider than `width` unless its room is too small. */
export const wrap = ({ indent, lead = '', text, own = false }: Line, width: number): readonly string[] => {
  const margin = ' '.repeat(indent);
  const bar = own ? '' : '| ';
  const first = lead || bar;
  const hang = margin + ' '.repeat(columns(lead)) + bar;
  const whole = plainLines(text);
  // What fits beside its lead stays whole: a hash of 64 digits in a terminal of 80 columns.
  const alone = (margin + first + whole[0]).trimEnd();
  if (whole.length === 1 && columns(alone) <= width) return [alone];
  const room = Math.max(LEAST, width - Math.max(columns(margin + first), columns(hang)));
  const lines = whole.flatMap((line) => broken(line, room));
  return lines.map((line, at) => ((at === 0 ? margin + first : hang) + line).trimEnd());
};

/** Breaks at blanks, between wide characters, and in words that are wider than the room. */
const broken = (text: string, room: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const piece of (text.match(PIECE) ?? []).flatMap((one) => split(one, room))) {
    if (line !== '' && columns(line) + columns(piece.trimEnd()) > room) {
      lines.push(line);
      line = '';
    }
    line += piece;
  }
  return [...lines, line];
};

/** A piece that fits stays whole, whatever blanks end it. */
const split = (piece: string, room: number): readonly string[] => {
  if (columns(piece.trimEnd()) <= room) return [piece];
  const found: string[] = [];
  let part = '';
  let taken = 0;
  for (const character of piece) {
    const width = columns(character);
    if (taken + width > room) {
      found.push(part);
      part = '';
      taken = 0;
    }
    part += character;
    taken += width;
  }
  return [...found, part];
};
