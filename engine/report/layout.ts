/** Finds its way in a JSON file that may be larger than memory, without parsing it. */
import { createHash } from 'node:crypto';
import type { Bytes } from './bytes.ts';
import { listsOfOurs, newOurs, takeOurs } from './ours.ts';
import { type List, listsOf, newScan, take } from './scan.ts';

/** `lists` are those of the root object; undefined where brackets or texts do not end. `sha256` is that of the file. */
export type Layout = Readonly<{ lists: readonly List[] | undefined; sha256: string }>;

/** Bytes that are looked at together. */
const PIECE = 1_048_576;

/**
 * The lists that are members of the root object, with the place of each element that is an object or a list; of a report
 * that is set as our reporter sets it, only its servers and results. Nothing else is judged: whoever parses a part finds out
 * whether it is JSON.
 */
export const layoutOf = (bytes: Bytes): Layout => {
  const sha256 = createHash('sha256');
  const ours = newOurs();
  for (const piece of piecesOf(bytes)) {
    sha256.update(piece);
    takeOurs(ours, piece);
  }
  return { lists: listsOfOurs(ours) ?? listsOfAny(bytes), sha256: sha256.digest('hex') };
};

const listsOfAny = (bytes: Bytes): readonly List[] | undefined => {
  const scan = newScan();
  for (const piece of piecesOf(bytes)) take(scan, piece);
  return listsOf(scan);
};

/** Each piece is gone when the next one is asked for. */
const piecesOf = function* (bytes: Bytes): Iterable<Buffer> {
  const room = Buffer.allocUnsafe(PIECE);
  for (let at = 0; at < bytes.size; at += PIECE) yield bytes.read(at, Math.min(at + PIECE, bytes.size), room);
};

/** Bytes that are read together when elements are gone through. */
const WINDOW = 4_194_304;

/** The bytes of each element of a list, in order. */
export const elementsOf = function* (bytes: Bytes, { elements }: List): Iterable<Buffer> {
  for (let first = 0; first < elements.length; ) {
    const from = elements[first] ?? 0;
    let last = first + 1;
    while ((elements[last + 2] ?? Number.POSITIVE_INFINITY) - from <= WINDOW) last += 2;
    const window = bytes.read(from, elements[last] ?? from);
    for (let at = first; at < last; at += 2)
      yield window.subarray((elements[at] ?? 0) - from, (elements[at + 1] ?? 0) - from);
    first = last + 1;
  }
};
