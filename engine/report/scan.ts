/**
 * Finds the lists of a JSON object in bytes that come in pieces. Gigabytes pass through here: state is in one plain object and
 * functions are not closures, so that they are compiled once for all files.
 */

/** Offsets in a file: where something begins, and where it has ended. */
export type Span = Readonly<{ start: number; end: number }>;

/** A list that is a member of the root: its name, itself, and its elements: begin, end, begin, end … */
export type List = Readonly<{ name: Span; span: Span; elements: readonly number[] }>;

export type Scan = {
  lists: List[];
  /** Brackets that are open. */
  depth: number;
  isBroken: boolean;
  isInText: boolean;
  textStart: number;
  /** The last text that is a member of the root. */
  name: Span;
  list: { start: number; elements: number[] } | undefined;
  /** Bytes that were taken. */
  offset: number;
  /** Bytes of the next piece that are passed over: what an escape at the end of a piece stands for. */
  passed: number;
};

export const newScan = (): Scan => ({
  lists: [],
  depth: 0,
  isBroken: false,
  isInText: false,
  textStart: 0,
  name: { start: 0, end: 0 },
  list: undefined,
  offset: 0,
  passed: 0,
});

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LIST = 0x5b;

/** What a byte outside of a text begins or ends; a text begins with any other mark. */
const OPENING = 1;
const CLOSING = 2;
const TEXT = 3;
const MARKS = new Uint8Array(256);
for (const [marks, kind] of [['{[', OPENING] as const, ['}]', CLOSING] as const, ['"', TEXT] as const])
  for (const mark of marks) MARKS[mark.charCodeAt(0)] = kind;

/** Takes the next piece. */
export const take = (scan: Scan, piece: Uint8Array): void => {
  const { length } = piece;
  let at = scan.passed;
  while (at < length) {
    at = scan.isInText ? endOfText(piece, at, length) : nextMark(piece, at, length);
    if (at >= length) break;
    mark(scan, piece[at] ?? 0, scan.offset + at);
    at += 1;
  }
  scan.passed = at - length;
  scan.offset += length;
};

/** The lists that were found; undefined where brackets or texts do not end. */
export const listsOf = ({ lists, depth, isBroken, isInText }: Scan): readonly List[] | undefined =>
  depth === 0 && !isBroken && !isInText ? lists : undefined;

const nextMark = (bytes: Uint8Array, from: number, length: number): number => {
  let at = from;
  while (at < length && MARKS[bytes[at] ?? 0] === 0) at += 1;
  return at;
};

/** Where the quote is that ends a text; beyond the length when that comes later. */
const endOfText = (bytes: Uint8Array, from: number, length: number): number => {
  let at = from;
  while (at < length) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return at;
};

const mark = (scan: Scan, byte: number, at: number): void => {
  if (scan.isInText) {
    scan.isInText = false;
    if (scan.depth === 1) endName(scan, at + 1);
    return;
  }
  const kind = MARKS[byte];
  if (kind === OPENING) open(scan, at, byte === LIST);
  else if (kind === CLOSING) close(scan, at);
  else {
    scan.isInText = true;
    scan.textStart = at;
  }
};

const open = (scan: Scan, at: number, isList: boolean): void => {
  scan.depth += 1;
  if (scan.depth === 2) beginMember(scan, at, isList);
  else if (scan.depth === 3 && scan.list) scan.list.elements.push(at);
};

const close = (scan: Scan, at: number): void => {
  if (scan.depth === 3 && scan.list) scan.list.elements.push(at + 1);
  else if (scan.depth === 2) endMember(scan, at + 1);
  else if (scan.depth === 0) scan.isBroken = true;
  scan.depth -= 1;
};

// Objects are made in functions of their own: they are made rarely, and V8 gives up on a hot function that holds a stale one.

const endName = (scan: Scan, end: number): void => {
  scan.name = { start: scan.textStart, end };
};

const beginMember = (scan: Scan, start: number, isList: boolean): void => {
  scan.list = isList ? { start, elements: [] } : undefined;
};

const endMember = (scan: Scan, end: number): void => {
  const { list, name } = scan;
  // What stands before any name is in no object: brackets of another kind of file, such as those in JUnit's XML.
  if (list && name.end > 0) scan.lists.push({ name, span: { start: list.start, end }, elements: list.elements });
  scan.list = undefined;
};
