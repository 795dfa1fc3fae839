import { spawnSync } from 'node:child_process';
import test from 'ava';
import { LANGUAGES, type Report, type Result } from '../../engine/model.ts';
import { junit } from '../../reporters/junit.ts';
import { golden } from './golden.ts';
import { type Node, offences, parse } from './junit-xml.ts';
import { ATTACK, counted, fleet, hostile, sample } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (report: Report): string => [...junit(report, ANY)].join('');

const suites = (report: Report): readonly Node[] => parse(write(report)).children;
const casesOf = (suite: Node | undefined): readonly Node[] =>
  suite?.children.filter(({ name }) => name === 'testcase') ?? [];
const caseOf = (suite: Node | undefined, name: string): Node | undefined =>
  casesOf(suite).find(({ attributes }) => attributes['name'] === name);
const inside = (node: Node | undefined, name: string): Node | undefined =>
  node?.children.find((child) => child.name === name);
const textOf = (node: Node | undefined): string => node?.text.join('') ?? '';

const reports = (): readonly Report[] => [
  sample(),
  sample('ja'),
  hostile(sample()),
  { ...sample(), results: [], targets: [] },
];

test('people have read the report', (t) => golden(t, 'junit.xml', write(sample())));

test('the report keeps the rules of junit-10.xsd', (t) => {
  for (const report of reports()) t.deepEqual(offences(parse(write(report))), []);
  t.true(
    offences(parse('<testsuite name="a" skip="1"><testcase name="b"><properties/></testcase></testsuite>')).length > 3,
  );
});

test('xmllint reads the report', (t) => {
  for (const report of reports()) {
    const { error, status, stderr } = spawnSync('xmllint', ['--noout', '-'], {
      input: write(report),
      encoding: 'utf8',
    });
    if (error) {
      t.log(`NOT TESTED: xmllint does not run here (${error.message}); Debian has it in libxml2-utils`);
      return process.env['CI'] ? t.fail('xmllint is missing') : t.pass();
    }
    t.is(status, 0, stderr);
  }
});

test('counters equal elements', (t) => {
  for (const report of reports())
    for (const suite of suites(report)) {
      const cases = casesOf(suite);
      const count = (name: string): string => String(cases.filter((one) => inside(one, name)).length);
      const { tests, failures, errors, skipped } = suite.attributes;
      t.deepEqual(
        { tests, failures, errors, skipped },
        { tests: String(cases.length), failures: count('failure'), errors: count('error'), skipped: count('skipped') },
      );
      t.true(cases.every(({ children }) => children.filter(({ name }) => name !== 'system-out').length <= 1));
    }
});

test('a suite is a server, and so is the first part of the class name', (t) => {
  const [first, , third] = suites(sample());
  t.is(first?.attributes['name'], 'vpn01.example.com');
  t.is(first?.attributes['hostname'], 'vpn01.example.com');
  t.deepEqual(
    casesOf(first).map(({ attributes }) => [attributes['classname'], attributes['name']]),
    [
      ['vpn01_example_com.connect', 'connect'],
      ['vpn01_example_com.service', 'service/running'],
      ['vpn01_example_com.sstp', 'sstp/certificate-hash'],
      ['vpn01_example_com.certificate', 'certificate/names'],
      ['vpn01_example_com.firewall', 'firewall/sstp-exception'],
      ['vpn01_example_com.events', 'events/sstp-errors'],
    ],
  );
  t.is(third?.attributes['name'], '東京-vpn03');
});

test('two servers whose names differ in a dot keep two class names', (t) => {
  const report = sample();
  const targets = ['vpn.a', 'vpn_a'].flatMap((name) =>
    report.targets.slice(0, 1).map((target) => ({ ...target, name })),
  );
  const names = suites({ ...report, targets, results: [] }).map((suite) => casesOf(suite)[0]?.attributes['classname']);
  t.deepEqual(names, ['vpn_a.connect', 'vpn_a~2.connect']);
});

test('a failure tells the severity, one line, and the whole story', (t) => {
  const [, second] = suites(sample());
  const failure = inside(caseOf(second, 'sstp/certificate-hash'), 'failure');
  t.is(failure?.attributes['type'], 'noncompliant.critical');
  t.regex(failure?.attributes['message'] ?? '', /^0\.0\.0\.0:443: .* \(\+1\)$/);
  for (const part of [
    '[::]:443',
    'expected  9f86',
    'actual    6030',
    'why: ',
    '1. Open',
    '002  reg.exe',
    'https://',
    '8.7',
    '0x80070040',
  ])
    t.true(textOf(failure).includes(part), part);
});

test('what is unknown is an error with its reason, never a failure and never silence', (t) => {
  const [, second] = suites(sample());
  const error = inside(caseOf(second, 'events/sstp-errors'), 'error');
  t.is(error?.attributes['type'], 'unknown.denied');
  t.regex(error?.attributes['message'] ?? '', /^denied: wevtutil/);
  t.regex(textOf(error), /advice {2}The account lacks a right/);
});

test('what is waived is skipped with its terms, and its findings are kept', (t) => {
  const [, , third] = suites(sample());
  const waived = caseOf(third, 'certificate/names');
  t.is(
    inside(waived, 'skipped')?.attributes['message'],
    'waived until 2026-12-31 23:59 UTC by 山田: CHG-4412 移行期間中のため',
  );
  t.regex(textOf(inside(waived, 'system-out')), /\[\[PROPERTY\|status=waived\]\]\n[\s\S]*does not hold the name/);
});

test('what does not apply is skipped with its reason', (t) => {
  const [, second] = suites(sample());
  const skipped = inside(caseOf(second, 'certificate/names'), 'skipped');
  t.is(skipped?.attributes['message'], 'does not apply: TLS ends at a load balancer, which presents the certificate');
  t.is(textOf(skipped), skipped?.attributes['message'] ?? '', 'GitLab reads the text, Jenkins the message');
});

test('a server that was not reached is one error, and its checks are skipped', (t) => {
  const fourth = suites(sample())[3];
  const [connect, ...rest] = casesOf(fourth);
  t.is(connect?.attributes['name'], 'connect');
  t.is(inside(connect, 'error')?.attributes['type'], 'unknown.unreachable');
  t.is(rest.length, 5);
  t.true(rest.every((one) => inside(one, 'skipped')?.attributes['message'] === 'not evaluated: not reached'));
  t.true(rest.every((one) => textOf(inside(one, 'system-out')).includes('[[PROPERTY|status=unknown]]')));
});

test('what is known of a server that was not reached, from outside, hides behind nothing', (t) => {
  const told = (check: string) =>
    ({
      'certificate/names': { status: 'fail', findings: [{ verdict: 'fail', message: 'seen from outside' }] },
      'service/running': { reason: 'timed-out', detail: 'no answer from outside' },
      'events/sstp-errors': { reason: 'unreachable', detail: 'no route from outside' },
    })[check];
  const report = sample();
  const results = report.results.map((one) =>
    one.target === 'vpn04.example.com' ? ({ ...one, ...told(one.check) } as Result) : one,
  );
  const fourth = suites(counted({ ...report, results }))[3];
  t.truthy(inside(caseOf(fourth, 'certificate/names'), 'failure'));
  t.is(inside(caseOf(fourth, 'service/running'), 'error')?.attributes['type'], 'unknown.timed-out');
  t.is(inside(caseOf(fourth, 'events/sstp-errors'), 'error')?.attributes['type'], 'unknown.unreachable');
  t.is(fourth?.attributes['errors'], '3');
  t.is(fourth?.attributes['skipped'], '2');
});

test('a server has the same cases whether it was reached or not', (t) => {
  const [first, , , fourth] = suites(sample());
  const names = (suite: Node | undefined) => casesOf(suite).map(({ attributes }) => attributes['name']);
  t.deepEqual(names(first), names(fourth));
});

test('a server that was never asked has an error without a reason', (t) => {
  const report = sample();
  const targets = report.targets.slice(3).map(({ reason, detail, ...target }) => ({ ...target, evidence: [] }));
  const [suite] = suites(counted({ ...report, targets, results: [] }));
  t.is(inside(casesOf(suite)[0], 'error')?.attributes['type'], 'unknown');
});

test('the run is told in the properties of every suite', (t) => {
  for (const suite of suites({ ...sample(), gate: { failOn: 'high', allowUnknown: true } })) {
    const properties = new Map(
      inside(suite, 'properties')?.children.map(({ attributes }) => [attributes['name'], attributes['value']]),
    );
    t.is(properties.get('profile.id'), 'baseline');
    t.is(properties.get('profile.sha256')?.length, 64);
    t.is(properties.get('failOn'), 'high');
    t.is(properties.get('allowUnknown'), 'true');
    t.is(properties.get('exitReason'), '2 results failed');
  }
});

const many = (report: Report): Report => ({
  ...report,
  results: report.results.map((result) => ({
    ...result,
    findings: Array.from({ length: 999 }, () => result.findings.toReversed()).flat(),
  })),
});

test('no text is longer than 16 KiB, and a longer one says where the rest is', (t) => {
  for (const [language, mark] of [
    ['en', 'truncated, see the JSON report'],
    ['ja', '以下省略。JSON レポートを参照してください'],
  ] as const)
    for (const [check, name] of [
      ['sstp/certificate-hash', 'failure'],
      ['certificate/names', 'skipped'],
    ] as const) {
      const text = textOf(inside(caseOf(suites(many({ ...sample(), language }))[1], check), name));
      t.true(Buffer.byteLength(text) <= 16_384);
      t.true(text.endsWith(`\n${mark}`));
    }
});

test('of many findings, those that fail are not cut off', (t) => {
  const failure = textOf(inside(caseOf(suites(many(sample()))[1], 'sstp/certificate-hash'), 'failure'));
  t.true(failure.includes('- [::]:443: the listener presents'));
  t.false(failure.includes('- PASS: '));
});

test('no server names a file to upload or a property of a case', (t) => {
  for (const language of LANGUAGES) {
    const tags = write(hostile(sample(language))).match(/\[\[\w+\|/g) ?? [];
    t.deepEqual([...new Set(tags)], ['[[PROPERTY|']);
    t.is(tags.length, sample().results.length * 3, 'no property but ours');
  }
  t.true(ATTACK.includes('[[ATTACHMENT|'));
});

test('a fleet comes in pieces, never as a whole', (t) => {
  let count = 0;
  for (const piece of junit(fleet(2_000, 30), { ...ANY, settings: { mode: 'detail' } })) {
    count += 1;
    if (piece.length > 16_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.true(count > 62_000);
});

test('waivers that excuse nothing are properties of the first suite, and of no other one', (t) => {
  const named = suites(sample()).map((suite) =>
    (inside(suite, 'properties')?.children ?? [])
      .map(({ attributes }) => attributes['name'] ?? '')
      .filter((name) => name.startsWith('waiver.')),
  );
  t.deepEqual(named, [['waiver.unused.1', 'waiver.expired.2', 'waiver.ended.3'], [], [], []]);
});

test('a run that is compared with a baseline says with which', (t) => {
  const gate = { failOn: 'low', allowUnknown: false, baseline: { file: 'march.json', sha256: 'ab12' } } as const;
  t.regex(write({ ...sample(), gate }), /<property name="baseline" value="march\.json ab12"\/>/);
});
