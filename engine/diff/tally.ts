import { BUCKETS, type Bucket, type Coverage } from '../comparison.ts';
import type { Remembering } from './around.ts';
import type { Both } from './change.ts';
import { joined } from './join.ts';

export type Sides = Readonly<{ before: Remembering; after: Remembering }>;

/** What is counted on the way. */
export type Tally = {
  summary: Record<Bucket, number>;
  coverage: Record<'before' | 'after', { -readonly [K in keyof Coverage]: number }>;
  /** Results that both sides have. */
  compared: number;
};

export const newTally = (): Tally => ({
  summary: Object.fromEntries(BUCKETS.map((bucket) => [bucket, 0])) as Record<Bucket, number>,
  coverage: { before: { results: 0, told: 0 }, after: { results: 0, told: 0 } },
  compared: 0,
});

/** Pairs that may differ. What is the same on both sides, and neither a failure nor unknown, is counted without being read. */
export const pairsOf = function* ({ before, after }: Sides, tally: Tally): Iterable<Both> {
  for (const pair of joined(before, after)) {
    if (!('same' in pair)) yield counted(pair, tally);
    else if (isPlainlyFine(pair.same.bytes)) {
      count(tally.coverage.before, true);
      count(tally.coverage.after, true);
      tally.compared += 1;
      tally.summary.unchanged += 1;
    } else {
      const result = pair.same.read();
      yield counted({ before: result, after: result }, tally);
    }
  }
};

const counted = (pair: Both, tally: Tally): Both => {
  for (const side of ['before', 'after'] as const) {
    const result = pair[side];
    if (result) count(tally.coverage[side], result.status !== 'unknown');
  }
  if (pair.before && pair.after) tally.compared += 1;
  return pair;
};

const count = (coverage: Tally['coverage']['before'], told: boolean): void => {
  coverage.results += 1;
  if (told) coverage.told += 1;
};

const NOT_FINE = ['fail', 'unknown', '\\u'];

/** A result in whose bytes neither word stands, nor an escape that could spell one, is a pass, waived, or does not apply. */
const isPlainlyFine = (bytes: Buffer | undefined): boolean =>
  bytes !== undefined && !NOT_FINE.some((word) => bytes.includes(word, 0, 'latin1'));
