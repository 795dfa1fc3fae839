import test from 'ava';
import type { Comparison } from '../../engine/comparison.ts';
import type { Report } from '../../engine/model.ts';
import { diffMarkdown } from '../../reporters/diff/markdown.ts';
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { golden } from './golden.ts';
import { counted, fleet, hostile } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (comparison: Comparison): string => [...diffMarkdown(comparison, ANY)].join('');

test('people have read the comparison', (t) => golden(t, 'diff.md', write(diffSample())));
test('people have read the Japanese comparison', (t) => golden(t, 'diff.ja.md', write(diffSample('ja'))));

test('what got worse is open, the rest is folded', (t) => {
  const text = write(diffSample());
  for (const open of ['Regressed (1)', 'Became unknown (1)', 'Profile changed (1)', 'Waiver changed (1)'])
    t.true(text.includes(`\n${open}\n----`), open);
  for (const folded of ['still failing (1)', 'fixed (1)', 'added (5)', 'removed (5)'])
    t.true(text.includes(`<details><summary>${folded}</summary>`), folded);
  t.is(text.split('<details>').length, text.split('</details>').length);
});

test('every row of a table has as many cells as its head', (t) => {
  for (const block of write(diffSample())
    .split('\n\n')
    .filter((one) => one.startsWith('| '))) {
    const widths = block
      .trim()
      .split('\n')
      .map((line) => line.split(/(?<!\\)\|/).length);
    t.is(new Set(widths).size, 1, block);
  }
});

test('GitHub shows the ticket, whatever servers are named and say in every bucket', (t) => {
  const lies = (report: Report) => hostile(report, (what) => `${'*|`<>'.repeat(90)}${what}`);
  const { changes, ...rest } = compared([...twoReports()].map(lies) as [Report, Report]);
  const text = write({ ...rest, changes: Array.from({ length: 200 }, () => changes).flat() });
  t.true(Buffer.byteLength(text) < 1_048_576, String(Buffer.byteLength(text)));
  t.regex(text, /Regressed \(200\)/);
  t.is(text.split('<details>').length, text.split('</details>').length);
});

test('two audits that are the same make a short ticket', (t) => {
  const [before] = twoReports();
  const text = write(compared([before, before]));
  t.regex(text, /^SSTP change review: Nothing got worse\n=+\n\nexit code 0: /);
  t.notRegex(text, /Regressed \(/);
});

test('a fleet does not fill a ticket', (t) => {
  const before = fleet(1_000, 30);
  const results = before.results.map((one) => ({ ...one, status: 'pass' as const, findings: [] }));
  const text = write(compared([counted({ ...before, results }), before]));
  t.regex(text, /26,900 more: see the JSON report/);
  t.true(text.length < 120_000, String(text.length));
});
