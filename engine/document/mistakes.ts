import { printable } from '../printable.ts';
import { type Complaint, keysOf, type Places } from './places.ts';
import { masked } from './secrets.ts';
import type { Source } from './source.ts';

/** Mistakes of one file that are printed: nobody mends more than these before the next look. */
const MOST_SHOWN = 100;
/** Characters of a source line that are printed, and those of them that stand before the place. */
const WIDTH = 160;
const BEFORE = 100;

/** A text whose parts have places. In `rows` the first key of a pointer only counts lines, which the place says better. */
export type Placed = Pick<Source, 'file' | 'text' | 'lines' | 'places'> & Readonly<{ rows?: boolean }>;

/** The complaints about a file as the operator reads them, in the order of the text: place and words, the line, a caret. */
export const mistakesOf = (source: Placed, complaints: readonly Complaint[]): readonly string[] => {
  const placed = complaints
    .map((complaint) => ({ ...complaint, offset: offsetOf(source.places, complaint) }))
    .sort((a, b) => a.offset - b.offset);
  const more = placed.length - MOST_SHOWN;
  return [
    ...placed
      .slice(0, MOST_SHOWN)
      .map(({ at, says, offset }) => describe(source, offset, `${pathOf(at, source.rows ? 1 : 0)}${says}`)),
    ...(more > 0 ? [`${source.file}: and ${more} more mistakes`] : []),
  ];
};

/** A part that is not there is looked for at what should hold it. */
const offsetOf = (places: Places, { at, on }: Pick<Complaint, 'at' | 'on'>): number => {
  if (typeof on === 'number') return on;
  const place = places.get(at);
  if (place) return on === 'key' ? place.key : place.value;
  return at === '' ? 0 : offsetOf(places, { at: at.slice(0, at.lastIndexOf('/')) });
};

/** `checks.sstp/url.port `, with odd keys in quotes; nothing for the whole document. */
const pathOf = (pointer: string, hidden: number): string => {
  const keys = keysOf(pointer)
    .slice(hidden)
    .map((key) => (/^[\w/-]{1,80}$/.test(key) ? key : JSON.stringify(key.slice(0, 80))));
  return keys.length === 0 ? '' : `${keys.join('.')} `;
};

/** What Japanese input makes of the first mark of a line, or of the blanks before it. */
const WIDE = /^(?: *(?=\u3000)|[^:,;\t"'#{[]*(?=[：，；]))(.)/du;

/** Says that such a mark, at the place or behind it, is none for YAML and CSV. */
const wideMark = (line: string, place: number): string => {
  const [from = -1] = WIDE.exec(line)?.indices?.[1] ?? [];
  if (from < place) return '';
  return ` (${line[from] === '\u3000' ? 'the blank before it' : line[from]} is full-width, and counts as text)`;
};

const describe = ({ file, text, lines }: Placed, offset: number, says: string): string => {
  const { line, col } = lines.linePos(offset);
  const start = lines.lineStarts[line - 1] ?? 0;
  const whole = masked(text.slice(start, lines.lineStarts[line] ?? text.length).replace(/\r?\n$/, ''));
  const from = Math.max(0, col - 1 - BEFORE);
  const shown = whole.slice(from, from + WIDTH);
  const also = wideMark(whole, col - 1);
  const caret = Array.from(printable(shown.slice(0, col - 1 - from)), blank).join('');
  return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)} ${printable(masked(says))}${also}\n    ${printable(shown)}\n    ${caret}^`;
};

/** As wide as the character above it: two columns for those of East Asia. */
const blank = (character: string): string =>
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u.test(character) ? '\u3000' : ' ';
