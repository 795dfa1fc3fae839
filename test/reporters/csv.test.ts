import test from 'ava';
import { parse } from 'csv-parse/sync';
import type { Report } from '../../engine/model.ts';
import { row } from '../../reporters/cells.ts';
import { csv } from '../../reporters/csv.ts';
import { counted, fleet, sample } from './sample.ts';

const ANY = { colour: false, width: 80 };
const write = (report: Report, settings = {}): string => [...csv(report, { ...ANY, settings })].join('');
type Record = Readonly<{ [column: string]: string }>;
const records = (report: Report): readonly Record[] => parse(write(report), { columns: true, bom: true });
const about = (report: Report, server: string, check: string): readonly Record[] =>
  records(report).filter((one) => one['server'] === server && one['check'] === check);

test('there is a row for every finding, and for every result and server that has none', (t) => {
  const report = sample();
  const findings = report.results.reduce((sum, result) => sum + Math.max(1, result.findings.length), 0);
  t.is(records({ ...report, waivers: [] }).length, findings);
  const passed = records(report).filter((one) => one['status'] === 'pass');
  t.is(
    passed.length,
    report.results.filter(({ status }) => status === 'pass').length,
    'auditors sample from all of them',
  );
  const bare = records(counted({ ...report, results: [], waivers: [] }));
  t.deepEqual(
    bare.map((one) => [one['server'], one['status'], one['reason'], one['check']]),
    [
      ['vpn01.example.com', '', '', ''],
      ['vpn02.example.com', '', '', ''],
      ['東京-vpn03', '', '', ''],
      ['vpn04.example.com', 'unknown', 'unreachable', ''],
    ],
  );
});

test('a failure has one row for each subject, with both values and the remedy', (t) => {
  const rows = about(sample(), 'vpn02.example.com', 'sstp/certificate-hash');
  t.deepEqual(
    rows.map((one) => [one['status'], one['verdict'], one['subject'], one['fix'] === '']),
    [
      ['fail', 'fail', '0.0.0.0:443', false],
      ['fail', 'fail', '[::]:443', false],
      ['fail', 'pass', '10.0.0.5:443', true],
    ],
  );
  t.like(rows[0], { severity: 'critical', actual: rows[1]?.['actual'], evidence: '002', situations: '8.7' });
  t.regex(rows[0]?.['fix'] ?? '', /^Open Routing.* \/ Restart the service/);
});

test('what is unknown has its reason, what is waived its terms', (t) => {
  t.like(about(sample(), 'vpn02.example.com', 'events/sstp-errors')[0], {
    status: 'unknown',
    reason: 'denied',
    detail: 'wevtutil.exe: アクセスが拒否されました。',
  });
  t.like(about(sample(), '東京-vpn03', 'certificate/names')[0], {
    status: 'waived',
    verdict: 'fail',
    waivedUntil: '2026-12-31T23:59:59.999Z',
    approvedBy: '山田',
    fix: 'Request a certificate that holds every public name, and select it in Routing and Remote Access.',
  });
  t.like(about(sample(), 'vpn04.example.com', 'certificate/names')[0], { status: 'unknown', reached: 'false' });
});

test('a waiver that excused nothing has a row at the end, whatever became of it', (t) => {
  const idle = records(sample()).slice(-3);
  t.deepEqual(
    idle.map((one) => [one['waiverState'], one['status'], one['verdict'], one['server'], one['check'], one['because']]),
    [
      ['unused', '', '', '東京-vpn03', 'events/sstp-errors', 'CHG-4413'],
      ['expired', '', '', 'vpn01.example.com', 'certificate/names', 'CHG-3977'],
      ['ended', '', '', '*', 'sstp/certificate-hash', 'CHG-4388'],
    ],
  );
  t.like(idle[1], { waivedUntil: '2026-06-30T23:59:59.999Z', approvedBy: '山田' });
  t.like(idle[2], { subject: '0.0.0.0:443', tags: 'production', detail: 'waivers/production.yaml' });
  t.not(idle[2]?.['expected'], idle[2]?.['actual'], 'the value that was excused, and the one that was found');
  const used = records(sample()).filter((one) => one['waiverState'] === 'used');
  t.deepEqual([...new Set(used.map((one) => one['status']))], ['waived']);
});

test('names and statuses are the same in every language, titles are not', (t) => {
  const [english, japanese] = [records(sample())[0], records(sample('ja'))[0]];
  t.deepEqual(Object.keys(english ?? {}), Object.keys(japanese ?? {}));
  t.is(japanese?.['status'], 'pass');
  t.is(japanese?.['title'], 'SSTP に必要なサービスが実行中で、自動的に開始する');
});

test('Excel is told that it is UTF-8, unless nobody wants that', (t) => {
  t.true(write(sample()).startsWith('\ufeffstatus,severity,server,check,'));
  t.true(write(sample(), { bom: 'no' }).startsWith('status,'));
});

test('rows end as RFC 4180 says, and each is one line', (t) => {
  const text = write(sample());
  t.true(text.endsWith('\r\n'));
  t.is(text.split('\r\n').length, records(sample()).length + 2);
  t.false(/[^\r]\n/.test(text));
});

for (const [text, wanted] of [
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['say "so"', '"say ""so"""'],
  ['two\nlines', 'two lines'],
  [' edge', '" edge"'],
  ['=1+1', `"'=1+1"`],
  ['+49 30', `"'+49 30"`],
  ['-5', `"'-5"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['  =1+1', `"'  =1+1"`],
  ['＝1＋1', `"'＝1＋1"`],
  ['\t=1+1', `"' =1+1"`],
  ['a;=1+1', `"a;'=1+1"`],
  ['a; @x', `"a; '@x"`],
  ['a-b=c', 'a-b=c'],
] as const)
  test(`a cell for ${JSON.stringify(text)} is ${wanted}`, (t) => t.is(row([text]), `${wanted}\r\n`));

test('what is absent is an empty cell, a number stays one', (t) => t.is(row([undefined, -3, '']), ',-3,\r\n'));

test('a fleet comes in pieces, never as a whole', (t) => {
  let count = 0;
  for (const piece of csv(fleet(2_000, 30), ANY)) {
    count += 1;
    if (piece.length > 16_000) t.fail(`a piece of ${piece.length} characters`);
  }
  t.is(count, 60_001);
});
