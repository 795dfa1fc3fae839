import test from 'ava';
import type { Report } from '../../engine/model.ts';
import { junit } from '../../reporters/junit.ts';
import { junitFiles } from '../../reporters/junit-files.ts';
import { type Node, offences, parse } from './junit-xml.ts';
import { counted, fleet, hostile, sample } from './sample.ts';

type Settings = Readonly<Record<string, string>>;
const write = (report: Report, settings: Settings = { mode: 'rollup' }): string =>
  [...junit(report, { colour: false, width: 80, settings })].join('');
const filesOf = (report: Report, settings: Settings): readonly string[] => {
  const files: string[] = [];
  for (const file of junitFiles(report, { colour: false, width: 80, settings })) files.push([...file].join(''));
  return files;
};
const casesOf = (node: Node): readonly Node[] => node.children.filter(({ name }) => name === 'testcase');
const caseOf = (text: string, id: string): Node | undefined =>
  parse(text)
    .children.flatMap(casesOf)
    .find(({ attributes }) => attributes['name'] === id);
const inside = (node: Node | undefined): Node | undefined => node?.children.find(({ name }) => name !== 'system-out');
const outputOf = (node: Node | undefined): string =>
  node?.children.find(({ name }) => name === 'system-out')?.text.join('') ?? '';

test('up to 500 servers have their cases; a larger fleet has one for each check, unless it is told otherwise', (t) => {
  const suites = (servers: number, settings: Settings) => parse(write(fleet(servers, 2), settings)).children.length;
  t.is(suites(500, {}), 500);
  t.is(suites(501, {}), 1);
  t.is(suites(501, { mode: 'detail' }), 501);
  t.is(suites(501, { split: '25MB' }), 501, 'whoever splits wants the details');
  t.is(suites(3, { mode: 'rollup' }), 1);
});

test('rolled up, a check is one case, whose failure names servers and how it is mended', (t) => {
  const text = write(sample());
  t.is(parse(text).children[0]?.attributes['name'], 'fleet');
  const failed = caseOf(text, 'sstp/certificate-hash');
  t.is(failed?.attributes['classname'], 'fleet.sstp');
  const failure = inside(failed);
  t.is(failure?.name, 'failure');
  t.deepEqual(failure?.attributes, {
    type: 'noncompliant.critical',
    message: 'servers: FAIL 1, UNKNOWN 1, PASS 2, not reached 1',
  });
  const body = failure?.text.join('') ?? '';
  t.regex(body, /\nFAIL 1\n- vpn02\.example\.com: 0\.0\.0\.0:443: the listener presents/);
  t.regex(body, /\n {2}1\. Open Routing/);
  t.regex(outputOf(failed), /\[\[PROPERTY\|fail=1\]\]\n\[\[PROPERTY\|unknown=1\]\]/);
});

test('rolled up, what is unknown is an error with its commonest reason, and no failure hides it', (t) => {
  const error = inside(caseOf(write(sample()), 'events/sstp-errors'));
  t.is(error?.name, 'error');
  t.is(error?.attributes['type'], 'unknown.denied');
  t.regex(error?.text.join('') ?? '', /\nUNKNOWN 1\n- vpn02\.example\.com: denied: wevtutil/);
  const both = counted({
    ...sample(),
    results: sample().results.map((one) =>
      one.target === '東京-vpn03' ? { ...one, status: 'fail' as const, check: 'events/sstp-errors' } : one,
    ),
  });
  const failure = inside(caseOf(write(both), 'events/sstp-errors'));
  t.is(failure?.name, 'failure');
  t.regex(failure?.attributes['message'] ?? '', /UNKNOWN/);
  t.regex(failure?.text.join('') ?? '', /\nUNKNOWN 1\n/);
});

test('rolled up, servers that were not reached are one error, and no check passes in spite of them', (t) => {
  const text = write(sample());
  const error = inside(caseOf(text, 'connect'));
  t.deepEqual([error?.name, error?.attributes['type']], ['error', 'unknown.unreachable']);
  t.regex(error?.text.join('') ?? '', /- vpn04\.example\.com: unreachable: ssh: connect/);
  const only = counted({
    ...sample(),
    results: sample().results.filter(({ target, status }) => status === 'pass' || target === 'vpn04.example.com'),
  });
  const skipped = inside(caseOf(write(only), 'service/running'));
  t.is(skipped?.name, 'skipped');
  t.is(skipped?.attributes['message'], 'servers: UNKNOWN 1, PASS 2, not reached 1');
});

test('rolled up, a check passes where every server does, and says so where some are waived', (t) => {
  const report = sample();
  const of = (...statuses: readonly string[]): Report =>
    counted({
      ...report,
      targets: report.targets.slice(0, 3),
      results: report.results.filter(({ status }) => statuses.includes(status)),
    });
  t.is(inside(caseOf(write(of('pass')), 'certificate/names')), undefined);
  t.is(inside(caseOf(write(of('pass')), 'connect')), undefined);
  t.is(inside(caseOf(write(of('pass', 'inapplicable')), 'certificate/names')), undefined);
  t.is(
    inside(caseOf(write(of('pass', 'waived')), 'certificate/names'))?.attributes['message'],
    'servers: WAIVED 1, PASS 1',
  );
  t.is(inside(caseOf(write(of('inapplicable')), 'certificate/names'))?.name, 'skipped');
});

test('rolled up or split, files keep the rules of junit-10.xsd, and counters equal elements', (t) => {
  for (const report of [
    sample(),
    sample('ja'),
    hostile(sample()),
    fleet(30, 4),
    counted({ ...sample(), results: [], targets: [] }),
  ])
    for (const text of [
      write(report),
      write(report, { mode: 'failures' }),
      ...filesOf(report, { split: 'server' }),
      ...filesOf(report, { split: '1MB' }),
    ]) {
      const root = parse(text);
      t.deepEqual(offences(root), []);
      for (const suite of root.children) {
        const count = (name: string) => String(casesOf(suite).filter((one) => inside(one)?.name === name).length);
        const { tests, failures, errors, skipped } = suite.attributes;
        t.deepEqual(
          { tests, failures, errors, skipped },
          {
            tests: String(casesOf(suite).length),
            failures: count('failure'),
            errors: count('error'),
            skipped: count('skipped'),
          },
        );
      }
    }
});

test('of a fleet that fails in everything, a case is no longer than 16 KiB and keeps its remedy', (t) => {
  const all = fleet(3_000, 2);
  const long = counted({
    ...all,
    results: all.results.map((one) => ({
      ...one,
      target: `${one.target}.${'x'.repeat(90)}`,
      status: 'fail' as const,
      findings: [{ verdict: 'fail' as const, message: 'y'.repeat(900) }],
    })),
  });
  const body = inside(caseOf(write(long), 'area/check-0'))?.text.join('') ?? '';
  t.true(body.length > 10_000 && Buffer.byteLength(body) <= 16_384);
  t.regex(body, /2,950 more: truncated, see the JSON report\nremedy\n {2}1\. /);
});

test('only failures: every server is there, and what passed is not', (t) => {
  const suites = parse(write(sample(), { mode: 'failures' })).children;
  t.deepEqual(
    suites.map((suite) => casesOf(suite).map(({ attributes }) => attributes['name'])),
    [
      ['connect'],
      ['connect', 'sstp/certificate-hash', 'firewall/sstp-exception', 'events/sstp-errors'],
      ['connect', 'service/running', 'certificate/names'],
      [
        'connect',
        'service/running',
        'sstp/certificate-hash',
        'certificate/names',
        'firewall/sstp-exception',
        'events/sstp-errors',
      ],
    ],
  );
});

test('split by size, no file is larger, each server is in one of them, and together they are the whole', (t) => {
  const report = fleet(900, 30);
  const files = filesOf(report, { split: '1MB' });
  t.true(files.length > 5);
  for (const file of files) t.true(Buffer.byteLength(file) <= 1_000_000);
  const names = files.flatMap((file) => parse(file).children.map(({ attributes }) => attributes['name']));
  t.deepEqual(
    names,
    report.targets.map(({ name }) => name),
  );
  const whole = write(report, { mode: 'detail' });
  const bare = (text: string) => text.replace(/^<\?xml.*\n<testsuites .*\n|<\/testsuites>\n$/g, '');
  t.is(files.map(bare).join(''), bare(whole));
});

test('split by server, each has a file of its own', (t) => {
  t.deepEqual(
    filesOf(sample(), { split: 'server' }).map((file) =>
      parse(file).children.map(({ attributes }) => attributes['name']),
    ),
    [['vpn01.example.com'], ['vpn02.example.com'], ['東京-vpn03'], ['vpn04.example.com']],
  );
});
