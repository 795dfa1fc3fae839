import test from 'ava';
import { BUCKETS, type Comparison } from '../../engine/comparison.ts';
import { diffCli } from '../../reporters/diff/cli.ts';
import { columns } from '../../reporters/layout.ts';
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { golden } from './golden.ts';
import { counted, fleet, hostile } from './sample.ts';

const NARROW = { colour: false, width: 80 };
const say = (comparison: Comparison, options = NARROW): string => [...diffCli(comparison, options)].join('');

test('people have read the comparison', (t) => golden(t, 'diff.txt', say(diffSample())));
test('people have read the Japanese comparison', (t) => golden(t, 'diff.ja.txt', say(diffSample('ja'))));

test('the sample has one of every bucket', (t) => {
  const { summary } = diffSample();
  t.deepEqual(
    BUCKETS.filter((bucket) => summary[bucket] === 0),
    [],
  );
});

test('no line is wider than the terminal', (t) => {
  for (const comparison of [
    diffSample(),
    diffSample('ja'),
    compared([hostile(twoReports()[0]), hostile(twoReports()[1])]),
  ])
    for (const width of [60, 80, 132])
      t.deepEqual(
        say(comparison, { colour: false, width })
          .split('\n')
          .filter((line) => columns(line) > width),
        [],
      );
});

test('what got worse comes first, in each bucket too', (t) => {
  const heads = [...say(diffSample()).matchAll(/^(\w[\w ]+) \(\d+\)$/gm)].map(([, name]) => name);
  t.deepEqual(heads, [
    'regressed',
    'became unknown',
    'profile changed',
    'waiver changed',
    'still failing',
    'not compared',
    'fixed',
    'evidence changed',
    'added',
    'removed',
  ]);
  const [, added = ''] = say(diffSample()).split('added (5)');
  t.regex(added, /^\n.*\n {2}critical {2}not there -> FAIL .*\n.*fails now, did not before/);
});

test('the end tells the verdict, and why; a softened one says so', (t) => {
  t.regex(say(diffSample()), /\nSomething got worse\nexit code 1: 5 results got worse: 1 regressed, [^:]*\n$/);
  const soft = compared(twoReports(), { failOn: 'nothing', allowUnknown: true });
  t.regex(say(soft), /gate: nothing counts that got worse[\s\S]*gate: what is unknown does not count/);
  t.regex(
    say(soft),
    /\nAccepted by the gate\nexit code 0: 5 results got worse, not counted; 1 fixed; 1 result lost,\s+allowed/,
  );
  const [before] = twoReports();
  t.regex(say(compared([before, before])), /\nNothing got worse\nexit code 0: /);
});

test('both sides are named, with their time, profile and size, and so are their differences', (t) => {
  t.regex(
    say(diffSample(), { colour: false, width: 200 }),
    / {2}before {2}out\/november\.json, 2026-11-24 06:39 UTC, profile baseline 1\.0\.0, 4 servers\n/,
  );
  t.regex(say(diffSample()), /! The two audits were judged by different profiles/);
  const [before] = twoReports();
  t.notRegex(say(compared([before, before])), /different/);
});

test('colour changes no letter, and without it there is no escape sequence', (t) => {
  const coloured = say(diffSample(), { colour: true, width: 80 });
  t.true(coloured.includes('\u001b[31mFAIL'));
  t.is(coloured.replace(/\u001b\[\d+m/g, ''), say(diffSample()));
});

test('of many changes some are shown and the rest is counted; they come in pieces', (t) => {
  const before = fleet(400, 10);
  const after = counted({
    ...before,
    results: before.results.map((one) => ({
      ...one,
      status: 'unknown' as const,
      findings: [],
      reason: 'denied' as const,
      detail: 'no',
    })),
  });
  const pieces = [...diffCli(compared([before, after]), NARROW)];
  t.regex(pieces.join(''), /became unknown \(4,000\)[\s\S]*3,950 more: see the JSON report/);
  t.true(pieces.length > 50 && pieces.every((piece) => piece.length < 8_000));
});
