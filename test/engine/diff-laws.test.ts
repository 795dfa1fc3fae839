/** What holds of every comparison, whatever is compared. */
import test from 'ava';
import fc from 'fast-check';
import type { Bucket, Change } from '../../engine/comparison.ts';
import { type Difference, diff } from '../../engine/diff.ts';
import type { Finding, Report, Result } from '../../engine/model.ts';
import { reportOf, side, told, unknown, waived } from './diff-cases.ts';

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    verdict: fc.constantFrom('pass', 'fail', 'inapplicable', 'unknown'),
    subject: fc.constantFrom('A', 'B', 'C'),
    message: fc.constantFrom('one', 'two'),
    actual: fc.constantFrom('1', '2'),
  },
  { requiredKeys: ['verdict', 'message'] },
);
const place = fc.record({
  target: fc.constantFrom('vpn01', 'vpn02', 'vpn03'),
  check: fc.constantFrom('a/a', 'a/b', 'b/c', 'b/d'),
});
const result: fc.Arbitrary<Result> = fc
  .tuple(
    place,
    fc.array(finding, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('told', 'unknown', 'waived'),
    fc.constantFrom({}, { expected: { days: 1 } }, { expected: { days: 2 } }),
  )
  .map(([at, findings, kind, demand]) => {
    const rest = { ...at, ...demand };
    if (kind === 'unknown') return unknown('denied', rest);
    const one = told(findings, rest);
    return kind === 'waived' && one.status === 'fail' ? waived(findings, rest) : one;
  });
const keyOf = ({ target, check }: Readonly<{ target: string; check: string }>) => `${target} ${check}`;
/** Each check once on each server; those of one server stand together, as in every report. */
const report: fc.Arbitrary<Report> = fc
  .uniqueArray(result, { selector: keyOf, maxLength: 12 })
  .map((results) => reportOf([...Map.groupBy(results, ({ target }) => target).values()].flat()));

const between = (before: Report, after: Report): Difference => diff(side(before), side(after));
/** Subjects that landed in a bucket, each with its place. */
const placesIn = ({ changes }: Difference, bucket: Bucket): readonly string[] =>
  changes
    .flatMap((change) =>
      change.subjects.filter((one) => one.bucket === bucket).map(({ subject = '' }) => `${keyOf(change)} ${subject}`),
    )
    .sort();
const law = (name: string, holds: (t: { before: Report; after: Report }) => boolean): void =>
  test(name, (t) => {
    fc.assert(
      fc.property(report, report, (before, after) => holds({ before, after })),
      { numRuns: 1_500 },
    );
    t.pass();
  });
const same = (a: readonly string[], b: readonly string[]): boolean => a.join('\n') === b.join('\n');

law('an audit beside itself has no change', ({ before }) =>
  between(before, before).changes.every(
    ({ bucket, why, worse }) =>
      !worse && (bucket === 'still-failing' || (bucket === 'not-compared' && why === 'unknown-both')),
  ),
);

law('swapped sides swap what regressed and what is fixed, what was added and what was removed', ({ before, after }) => {
  const [there, back] = [between(before, after), between(after, before)];
  return (
    same(placesIn(there, 'regressed'), placesIn(back, 'fixed')) &&
    same(placesIn(there, 'fixed'), placesIn(back, 'regressed')) &&
    same(placesIn(there, 'added'), placesIn(back, 'removed')) &&
    same(placesIn(there, 'removed'), placesIn(back, 'added'))
  );
});

law('every result of either side lands in exactly one bucket', ({ before, after }) => {
  const all = new Set([...before.results, ...after.results].map(keyOf));
  const { summary, changes } = between(before, after);
  const changed = changes.map(keyOf);
  return (
    Object.values(summary).reduce((sum, count) => sum + count, 0) === all.size &&
    new Set(changed).size === changed.length &&
    changed.every((key) => all.has(key)) &&
    Object.entries(summary).every(
      ([bucket, count]) => bucket === 'unchanged' || count === changes.filter((one) => one.bucket === bucket).length,
    )
  );
});

law('what is unknown on a side is never fixed and never regressed', ({ before, after }) =>
  between(before, after).changes.every(
    (change) =>
      (change.before?.status !== 'unknown' && change.after?.status !== 'unknown') ||
      change.subjects.every(({ bucket }) => bucket !== 'fixed' && bucket !== 'regressed'),
  ),
);

law('whatever fails now and did not fail before is worse, and nothing else', ({ before, after }) => {
  const old = new Map(before.results.map((one) => [keyOf(one), one.status]));
  const isWorse = (change: Change | undefined): boolean => change?.worse ?? false;
  const changes = new Map(between(before, after).changes.map((change) => [keyOf(change), change]));
  return after.results.every((one) => {
    const change = changes.get(keyOf(one));
    if (one.status !== 'fail') return !isWorse(change);
    return old.get(keyOf(one)) === 'fail' || isWorse(change);
  });
});

law('the order of servers and checks does not matter', ({ before, after }) => {
  const turned = (one: Report): Report =>
    reportOf([...Map.groupBy(one.results.toReversed(), ({ target }) => target).values()].flat());
  const told = ({ changes }: Difference) => changes.map((one) => `${keyOf(one)} ${one.bucket} ${one.worse}`).sort();
  return same(told(between(before, after)), told(between(before, turned(after))));
});

law('the case of the names of servers does not matter', ({ before, after }) => {
  const shouted: Report = reportOf(before.results.map((one) => ({ ...one, target: one.target.toUpperCase() })));
  const told = ({ changes, servers }: Difference) => [
    ...changes.map((one) => `${keyOf(one).toLowerCase()} ${one.bucket} ${one.why} ${one.worse}`),
    ...servers.map(
      ({ name, before: was, after: is }) => `${name.toLowerCase()} ${was !== undefined} ${is !== undefined}`,
    ),
  ];
  return (
    same(told(between(before, after)), told(between(shouted, after))) &&
    same(told(between(after, before)), told(between(after, shouted)))
  );
});
