import test from 'ava';
import type { Report } from '../../engine/model.ts';
import { cli } from '../../reporters/cli.ts';
import { columns } from '../../reporters/layout.ts';
import { golden } from './golden.ts';
import { fleet, hostile, sample } from './sample.ts';

const NARROW = { colour: false, width: 80 };
const say = (report: Report, options = NARROW): string => [...cli(report, options)].join('');

test('people have read the report', (t) => golden(t, 'report.txt', say(sample())));
test('people have read the Japanese report', (t) => golden(t, 'report.ja.txt', say(sample('ja'))));

test('no line is wider than the terminal', (t) => {
  for (const report of [sample(), sample('ja'), hostile(sample())])
    for (const width of [60, 80, 132])
      t.deepEqual(
        say(report, { colour: false, width })
          .split('\n')
          .filter((line) => columns(line) > width),
        [],
      );
});

test('a server shows failures first, then what is unknown, waived, inapplicable and passed', (t) => {
  const marks = say(sample())
    .split(/^server /m)
    .map((part) =>
      [...part.matchAll(/^ {2}(FAIL|UNKNOWN|WAIVED|N\/A|PASS) +(?:critical|high|medium|low) /gm)].map(
        ([, mark]) => mark,
      ),
    );
  t.deepEqual(marks.slice(2, 4), [
    ['FAIL', 'UNKNOWN', 'UNKNOWN', 'N/A', 'PASS'],
    ['FAIL', 'WAIVED', 'PASS', 'PASS', 'PASS'],
  ]);
});

test('what hurts most comes first', (t) => {
  const report = sample();
  const results = report.results.toReversed();
  const [first = ''] = say({ ...report, results })
    .split(/^server /m)
    .slice(1);
  const severities = [...first.matchAll(/^ {2}PASS +(\w+) /gm)].map(([, severity]) => severity);
  t.deepEqual(severities, ['critical', 'critical', 'high', 'high', 'low']);
});

test('a failure shows its findings with both values, how to mend it, and what was asked', (t) => {
  const [, failure = ''] = /FAIL {5}critical {2}sstp\/certificate-hash\n(.*?)\n {2}UNKNOWN/s.exec(say(sample())) ?? [];
  for (const part of [
    '- [::]:443: the listener presents',
    'expected  9f86d081',
    'actual    60303ae2',
    '1. Open Routing',
    '2. Restart',
  ])
    t.true(failure.includes(part), part);
  t.regex(failure, /evidence\n {6}002 {2}reg\.exe query/);
  t.notRegex(failure, /10\.0\.0\.5/, 'what passed is no part of a failure');
});

test('what is unknown shows its reason, its detail and advice in the language of the report', (t) => {
  t.regex(
    say(sample()),
    /reason {2}denied: wevtutil\.exe: アクセスが拒否されました。\n {4}advice {2}The account lacks a right/,
  );
  t.regex(say(sample('ja')), /不明の理由 {2}権限不足: .*\n {4}助言 {8}アカウントの権限が不足しています/);
});

test('a cause that hides many answers is told once', (t) => {
  const report = sample();
  const results = report.results.map((result) =>
    result.target === 'vpn01.example.com'
      ? { ...result, status: 'unknown' as const, findings: [], reason: 'denied' as const, detail: 'no right to read' }
      : result,
  );
  const text = say({ ...report, results });
  t.is(text.split('no right to read').length - 1, 1);
  t.is(text.split('connect to host').length - 1, 1, 'and so is that a server was not reached');
});

test('a server that was not reached is named again at the end', (t) => {
  t.regex(say(sample()), /4 servers\n {2}1 server not reached: vpn04\.example\.com\n/);
});

test('the end counts by status and severity, and tells the exit code with its reason', (t) => {
  const text = say(sample());
  t.regex(text, /^ {2}UNKNOWN +2 +3 +0 +2 +7$/m);
  t.true(text.endsWith('\nexit code 1: 2 results failed\n'));
});

test('large counts are told with their thousands apart', (t) => {
  const text = say(fleet(1_200, 1));
  t.regex(text, /^ {2}1,200 servers$/m);
  t.regex(text, /^ {2}PASS .* 1,080$/m);
});

test('waivers that are not used, expired or ended are told', (t) => {
  t.regex(say(sample()), /unused +events\/sstp-errors \/ 東京-vpn03/);
  t.regex(say(sample()), /expired +certificate\/names \/ vpn01\.example\.com/);
  t.regex(say(sample()), /ended +sstp\/certificate-hash \/ \* #production \/ 0\.0\.0\.0:443 \/ only for/);
});

test('a softened verdict says so', (t) => {
  const text = say({ ...sample(), gate: { failOn: 'high', allowUnknown: true } });
  t.regex(text, /failures below high do not count/);
  t.regex(text, /what is unknown does not count/);
  t.notRegex(say(sample()), /do(es)? not count/);
});

test('more findings than a screen holds are counted', (t) => {
  const report = sample();
  const results = report.results.map((result) =>
    result.status === 'fail'
      ? { ...result, findings: Array.from({ length: 33 }, () => result.findings[0]).flatMap((one) => one ?? []) }
      : result,
  );
  t.is(say({ ...report, results }).split(/^ {4}13 more$/m).length - 1, 2);
});

test('colour changes no letter, and without it there is no escape sequence', (t) => {
  const coloured = say(sample(), { colour: true, width: 80 });
  t.true(coloured.includes('\u001b[31mFAIL'));
  t.is(coloured.replace(/\u001b\[\d+m/g, ''), say(sample()));
});

test('a report without results says so', (t) => {
  t.regex(say({ ...sample(), results: [] }), /nothing was judged/);
});

test('a fleet comes in pieces, never as a whole', (t) => {
  let count = 0;
  for (const piece of cli(fleet(2_000, 30), NARROW)) {
    count += 1;
    if (piece.length > 16_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.true(count > 60_000);
});

test('a run that is compared with a baseline says with which', (t) => {
  const gate = { failOn: 'low', allowUnknown: false, baseline: { file: 'march.json', sha256: 'ab12' } } as const;
  t.regex(say({ ...sample(), gate }), /only what got worse counts \(--baseline march\.json\)/);
});
