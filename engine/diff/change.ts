import { BUCKETS, type Bucket, type Change, type ResultNote, type SubjectChange, type Why } from '../comparison.ts';
import type { Result } from '../model.ts';
import { judgePair, made, termsOf } from './bucket.ts';
import { type Items, itemsOf, WHOLE } from './items.ts';

/** A result as both sides have it, or one of them. */
export type Both = Readonly<{ before?: Result; after?: Result }>;

/** What became of a result, without its evidence; undefined when nothing did. `missing` says what a lone one lacks on the other side. */
export const changeOf = ({ before, after }: Both, missing: 'server' | 'check' = 'check'): Change | undefined => {
  const one = after ?? before;
  if (!one) return undefined;
  const all = before && after ? compared(before, after) : alone(one, after ? 'added' : 'removed', missing);
  const subjects = all.filter(({ bucket }) => bucket !== 'unchanged');
  const gravest = subjects.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
  if (!gravest || gravest.bucket === 'unchanged') return undefined;
  return {
    bucket: gravest.bucket,
    ...(gravest.why && { why: gravest.why }),
    worse: subjects.some(({ worse }) => worse),
    target: one.target,
    check: one.check,
    severity: one.severity,
    ...(before && { before: noteOf(before) }),
    ...(after && { after: noteOf(after) }),
    subjects,
    evidence: [],
  };
};

const RANKS: ReadonlyMap<Bucket, number> = new Map(BUCKETS.map((bucket, at) => [bucket, at]));
const rankOf = ({ bucket }: SubjectChange): number => RANKS.get(bucket) ?? BUCKETS.length;

const noteOf = ({ status, severity, expected, reason, detail, waiver }: Result): ResultNote => ({
  status,
  severity,
  ...(expected && { expected }),
  ...(reason && { reason }),
  ...(detail !== undefined && { detail }),
  ...(waiver && { waiver }),
});

const named = (subject: string, change: SubjectChange): SubjectChange =>
  subject === WHOLE ? change : { subject, ...change };

/** On a server or of a check that the other side does not have. */
const alone = (result: Result, bucket: 'added' | 'removed', why: Why): readonly SubjectChange[] =>
  [...itemsOf(result)].map(([subject, state]) =>
    named(subject, made(bucket === 'added' ? { after: state } : { before: state }, bucket, why)),
  );

const compared = (before: Result, after: Result): readonly SubjectChange[] => {
  const [was, is] = [itemsOf(before), itemsOf(after)];
  if (before.status !== 'unknown' && after.status !== 'unknown') return toldPairs(was, is, termsOf(before, after));
  // What is unknown is unknown of every subject.
  if (before.status !== 'unknown')
    return [...was].map(([subject, state]) =>
      named(subject, made({ before: state, after: is.get(WHOLE) }, 'became-unknown')),
    );
  const why = after.status === 'unknown' ? 'unknown-both' : 'unknown-before';
  return [...is].map(([subject, state]) =>
    named(subject, made({ before: was.get(WHOLE), after: state }, 'not-compared', why)),
  );
};

/**
 * Subject by subject. Where only one side speaks of the check as a whole ("nothing conflicts"), that is its answer to each
 * subject of which only the other one speaks.
 */
const toldPairs = (was: Items, is: Items, terms: ReturnType<typeof termsOf>): readonly SubjectChange[] => {
  const lone = was.has(WHOLE) !== is.has(WHOLE);
  const [speaking, silent] = was.has(WHOLE) ? [was, is] : [is, was];
  const isSpent = lone && [...silent.keys()].some((subject) => !speaking.has(subject));
  const stateIn = (items: Items, subject: string) => items.get(subject) ?? (lone ? items.get(WHOLE) : undefined);
  return [...new Set([...is.keys(), ...was.keys()])]
    .filter((subject) => subject !== WHOLE || !isSpent)
    .map((subject) => named(subject, judgePair({ before: stateIn(was, subject), after: stateIn(is, subject) }, terms)));
};
