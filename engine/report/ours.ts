/**
 * Finds the servers and the results of a report that is set as our reporter sets it: the elements of a list of the root begin
 * four blanks in, and the list ends two blanks in. No text of JSON holds the end of a line, so nothing that a server said can
 * look like that; and to go from brace to brace is several times as fast as to look at every byte.
 */
import type { List } from './scan.ts';

const NAMES = ['targets', 'results'] as const;
const KEY = '\n  ';
const openingOf = (name: string): string => `${KEY}"${name}": [\n    {`;
const BETWEEN = Buffer.from('},\n    {');
const CLOSING = Buffer.from('}\n  ]');
const BRACE = CLOSING[0] ?? 0;
/** Bytes from the begin of a mark to its end, at most; what is nearer to the end of a piece is looked at with the next one. */
const LOOK = openingOf('targets').length;

export type Ours = {
  lists: List[];
  /** The list that is open; undefined between lists. */
  open: { start: number; elements: number[] } | undefined;
  /** What was not looked at so far, and where it stands in the file. */
  rest: Buffer;
  offset: number;
};

export const newOurs = (): Ours => ({ lists: [], open: undefined, rest: Buffer.alloc(0), offset: 0 });

/** The lists; undefined where the report is set in another way. */
export const listsOfOurs = ({ lists }: Ours): readonly List[] | undefined =>
  lists.length < NAMES.length ? undefined : lists;

/** Takes the next piece, which may be overwritten afterwards. */
export const takeOurs = (ours: Ours, piece: Buffer): void => {
  const border = Buffer.concat([ours.rest, piece.subarray(0, LOOK)]);
  look(ours, border, border.length - LOOK);
  const [bytes, from] = piece.length > LOOK ? [piece, ours.rest.length] : [border, 0];
  ours.offset += from;
  if (bytes === piece) look(ours, piece, piece.length - LOOK);
  const kept = Math.max(0, bytes.length - LOOK);
  ours.rest = Buffer.from(bytes.subarray(kept));
  ours.offset += kept;
};

/** Looks at the marks that begin before a place; `offset` is where the bytes begin in the file. */
const look = (ours: Ours, bytes: Buffer, end: number): void => {
  for (let at = 0; at < end && ours.lists.length < NAMES.length; )
    at = ours.open ? close(ours, ours.open, bytes, { at, end }) : open(ours, bytes, { at, end });
};

type Range = Readonly<{ at: number; end: number }>;

/** Begins the next list. */
const open = (ours: Ours, bytes: Buffer, { at: from, end }: Range): number => {
  const mark = openingOf(NAMES[ours.lists.length] ?? '');
  const at = bytes.indexOf(mark, from, 'latin1');
  if (at < 0 || at >= end) return end;
  const first = at + mark.length - 1;
  ours.open = { start: ours.offset + at + mark.indexOf('['), elements: [ours.offset + first] };
  return first;
};

/** Goes from element to element, and ends the list. */
const close = (ours: Ours, list: NonNullable<Ours['open']>, bytes: Buffer, { at: from, end }: Range): number => {
  for (let at = bytes.indexOf(BRACE, from); at >= 0 && at < end; at = bytes.indexOf(BRACE, at + 1)) {
    const place = ours.offset + at;
    if (stands(BETWEEN, bytes, at)) list.elements.push(place + 1, place + BETWEEN.length - 1);
    else if (stands(CLOSING, bytes, at)) {
      list.elements.push(place + 1);
      ended(ours, list, place + CLOSING.length);
      return at + CLOSING.length;
    }
  }
  return end;
};

const stands = (mark: Buffer, bytes: Buffer, at: number): boolean => {
  for (let next = 1; next < mark.length; next += 1) if (bytes[at + next] !== mark[next]) return false;
  return true;
};

const ended = (ours: Ours, { start, elements }: NonNullable<Ours['open']>, end: number): void => {
  const name = NAMES[ours.lists.length] ?? '';
  const named = start - openingOf(name).indexOf('[') + KEY.length;
  ours.lists.push({ name: { start: named, end: named + name.length + 2 }, span: { start, end }, elements });
  ours.open = undefined;
};
