import { BUCKETS, type Bucket, type Change, type Comparison } from '../comparison.ts';
import type { Difference } from '../diff.ts';

type Gate = Comparison['gate'];
export type Verdict = Pick<Comparison, 'exitCode' | 'exitReason'>;

/** Buckets in which nothing happened from one side to the other. */
const STEADY: readonly Bucket[] = ['still-failing', 'not-compared', 'unchanged'];

/**
 * The exit code of a comparison, and why. 1: something got worse. 3: it cannot be told, since what was known is unknown or
 * gone now, or since there was nothing to compare.
 */
export const gateDiff = ({ changes, compared, summary }: Difference, { failOn, allowUnknown }: Gate): Verdict => {
  const worse = changes.filter((change) => change.worse);
  const changed = changes.filter(({ bucket }) => !STEADY.includes(bucket));
  const lost = changes.flatMap(lostOf);
  const allowed = lost.length > 0 && allowUnknown ? `; ${results(lost.length)} lost, allowed by --allow-unknown` : '';
  if (worse.length > 0 && failOn !== 'nothing')
    return { exitCode: 1, exitReason: `${results(worse.length)} got worse: ${byBucket(worse)}${allowed}` };
  if (changed.length > 0 && failOn === 'change')
    return { exitCode: 1, exitReason: `${results(changed.length)} changed: ${byBucket(changed)}${allowed}` };
  if (lost.length > 0 && !allowUnknown)
    return { exitCode: 3, exitReason: `${results(lost.length)} known before cannot be told now: ${byBucket(lost)}` };
  if (compared === 0) return { exitCode: 3, exitReason: 'nothing was compared: the two have no result in common' };
  const spared = worse.length > 0 ? `${results(worse.length)} got worse, not counted` : 'nothing got worse';
  return { exitCode: 0, exitReason: `${spared}; ${summary.fixed} fixed${allowed}` };
};

/** What was told before, and is not told any more: a gate that passes because a server is gone would be none. */
const lostOf = (change: Change): readonly Change[] => {
  const { bucket, why, before, subjects } = change;
  // Of one subject, too, beside another one with which something graver happened.
  if (subjects.some((one) => one.bucket === 'became-unknown')) return [{ ...change, bucket: 'became-unknown' }];
  return bucket === 'removed' && why !== 'subject' && before?.status !== 'unknown' ? [change] : [];
};

const results = (count: number): string => `${count.toLocaleString('en')} result${count === 1 ? '' : 's'}`;

const byBucket = (changes: readonly Change[]): string =>
  BUCKETS.flatMap((bucket) => {
    const count = changes.filter((change) => change.bucket === bucket).length;
    return count > 0 ? [`${count} ${bucket}`] : [];
  }).join(', ');
