import { isDeepStrictEqual } from 'node:util';
import type { Bucket, State, SubjectChange, Why } from '../comparison.ts';
import type { Result, Waiver } from '../model.ts';
import { saysSame } from './items.ts';

/** What two results say of one subject. */
export type Pair = Readonly<{ before?: State | undefined; after?: State | undefined }>;

/** What else is the same on both sides, and what is not. */
export type Terms = Readonly<{
  /** What is expected, and so what a verdict means. */
  sameDemand: boolean;
  sameSeverity: boolean;
  sameWaiver: boolean;
}>;

/** Reports of older versions do not say what was expected; it is taken for the same. */
export const termsOf = (before: Result, after: Result): Terms => ({
  sameDemand:
    before.expected === undefined || after.expected === undefined || isDeepStrictEqual(before.expected, after.expected),
  sameSeverity: before.severity === after.severity,
  sameWaiver: isDeepStrictEqual(agreed(before.waiver), agreed(after.waiver)),
});

/** What was agreed, wherever it is written. */
const agreed = (waiver: Waiver | undefined): object => ({ ...waiver, file: undefined });

/** What became of a subject of a check that could tell on both sides. */
export const judgePair = (pair: Pair, terms: Terms): SubjectChange => {
  const [bucket, why] = bucketOf(pair, terms);
  return made(pair, bucket, why);
};

/** A change as it is told; it is worse when it fails now and did not before. */
export const made = ({ before, after }: Pair, bucket: Bucket, why?: Why): SubjectChange => ({
  bucket,
  ...(why && { why }),
  worse: after?.status === 'fail' && before?.status !== 'fail',
  ...(before && { before }),
  ...(after && { after }),
});

type Sorted = readonly [Bucket, Why?];

const bucketOf = ({ before, after }: Pair, terms: Terms): Sorted => {
  if (!before || !after) return loneBucket(before ?? after, before ? 'removed' : 'added', terms);
  if (after.status === 'unknown')
    return before.status === 'unknown' ? ['not-compared', 'unknown-both'] : ['became-unknown'];
  if (before.status === 'unknown') return ['not-compared', 'unknown-before'];
  return before.status === after.status ? steadyBucket(before, after, terms) : turnedBucket(before, after, terms);
};

const turnedBucket = ({ status: was }: State, { status: is }: State, { sameDemand }: Terms): Sorted => {
  if (was === 'inapplicable') return ['not-compared', 'inapplicable-before'];
  if (is === 'inapplicable') return ['not-compared', 'inapplicable-after'];
  if (was === 'waived' || is === 'waived') return ['waiver-changed'];
  // Where another thing is expected, a verdict that changed says nothing of the server.
  if (!sameDemand) return ['profile-changed'];
  return [is === 'fail' ? 'regressed' : 'fixed'];
};

const steadyBucket = (before: State, after: State, { sameDemand, sameSeverity, sameWaiver }: Terms): Sorted => {
  const { status } = after;
  if (status === 'waived' && !sameWaiver) return ['waiver-changed'];
  if (!saysSame(before, after)) return [sameDemand ? 'evidence-changed' : 'profile-changed'];
  if (!sameSeverity) return ['profile-changed'];
  return [status === 'fail' ? 'still-failing' : 'unchanged'];
};

/** The other side could tell, and says nothing of this subject: nothing of the kind was wrong there. */
const loneBucket = (state: State | undefined, way: 'added' | 'removed', { sameDemand }: Terms): Sorted => {
  if (state?.status === 'waived') return ['waiver-changed'];
  if (state?.status !== 'fail') return [way, 'subject'];
  if (!sameDemand) return ['profile-changed'];
  return [way === 'added' ? 'regressed' : 'fixed'];
};
