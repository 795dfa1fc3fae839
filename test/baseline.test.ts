/** Runs beside an earlier one: only what got worse decides. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { besideBaseline } from '../engine/cli/baseline.ts';
import { verdictOf } from '../engine/cli/exit-code.ts';
import { sideOf } from '../engine/diff.ts';
import type { Report, Result } from '../engine/model.ts';
import { ask, run } from './command.ts';

const TOKYO = 'test/evidence/vpn-tokyo-01';
const PARIS = 'test/evidence/vpn-paris-01';
const NAMES = ['--input', 'publicNames=vpn.example.com'];
const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-baseline-'));
const BASELINE = path.join(folder, 'both.json');

const judge = async (baseline: string, ...rest: readonly string[]) => {
  const { code, stdout, stderr } = await ask(
    'judge',
    TOKYO,
    PARIS,
    ...NAMES,
    '--baseline',
    baseline,
    '-r',
    'json',
    ...rest,
  );
  return { code, stderr, report: stdout === '' ? undefined : (JSON.parse(stdout) as Report) };
};
/** The baseline with other results. */
const changed = async (name: string, change: (result: Result) => Result | undefined): Promise<string> => {
  const report: Report = JSON.parse(await readFile(BASELINE, 'utf8'));
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify({ ...report, results: report.results.flatMap((one) => change(one) ?? []) }));
  return file;
};
const mended = (result: Result): Result => ({
  ...result,
  status: 'pass',
  findings: result.findings.map((one) => ({ ...one, verdict: 'pass' })),
});

test.before(async (t) => {
  t.is((await run('judge', TOKYO, PARIS, ...NAMES, '-r', `json:${BASELINE}`)).code, 1);
});

test('what failed and was unknown before does not count, and the report says so', async (t) => {
  const { code, report, stderr } = await judge(BASELINE);
  t.is(code, 0, stderr);
  t.like(report, { exitCode: 0, gate: { baseline: { file: BASELINE } } });
  t.regex(report?.exitReason ?? '', /^nothing got worse; 7 failures and \d+ unknown results as before, not counted$/);
  t.regex(report?.gate.baseline?.sha256 ?? '', /^[0-9a-f]{64}$/);
  t.true((report?.summary.fail ?? 0) > 0, 'it still fails in every report');
});

test('what passed before and fails now counts', async (t) => {
  const file = await changed('mended.json', (one) => (one.check === 'sstp/listener-port' ? mended(one) : one));
  const { code, report } = await judge(file);
  t.is(code, 1);
  t.regex(report?.exitReason ?? '', /^1 result got worse; 6 failures and \d+ unknown results as before, not counted$/);
  t.is((await judge(file, '--fail-on', 'critical')).code, 1, 'it is critical');
});

test('--fail-on holds beside a baseline, too', async (t) => {
  const file = await changed('events.json', (one) =>
    one.check === 'events/sstp-errors' && one.status === 'fail' ? mended(one) : one,
  );
  t.is((await judge(file)).code, 1);
  const { code, report } = await judge(file, '--fail-on', 'high');
  t.is(code, 0);
  t.regex(report?.exitReason ?? '', /^nothing got worse; 1 below high not counted; 6 failures/);
});

test('what was known before and is unknown now gives 3, unless that is allowed', async (t) => {
  const file = await changed('known.json', (one) =>
    one.status === 'unknown' ? { ...mended(one), findings: [{ verdict: 'pass', message: 'known' }] } : one,
  );
  const { code, report } = await judge(file);
  t.is(code, 3);
  t.regex(
    report?.exitReason ?? '',
    /^\d+ results unknown since, nothing got worse; 7 failures as before, not counted$/,
  );
  t.is((await judge(file, '--allow-unknown')).code, 0);
});

/** A failure of which one subject cannot be told. */
const halfTold = (result: Result): Result => ({
  ...result,
  findings: [
    ...result.findings,
    { verdict: 'unknown', subject: '[::]:8443', message: 'not readable', reason: 'unreadable' },
  ],
});

test('what is unknown since of one subject gives 3, although another subject failed before and fails now', async (t) => {
  const report: Report = JSON.parse(await readFile(BASELINE, 'utf8'));
  const [check] = report.results.flatMap((one) => (one.status === 'fail' ? [one.check] : []));
  const now = { ...report, results: report.results.map((one) => (one.check === check ? halfTold(one) : one)) };
  const beside = (then: Report) =>
    besideBaseline(now, { ...sideOf(then, { kind: 'report', name: 'then', sha256: '' }), close: () => {} });
  const { exitCode, exitReason } = beside(report);
  t.is(exitCode, 3);
  t.regex(
    exitReason,
    /^1 result unknown since, nothing got worse; 7 failures and \d+ unknown results as before, not counted$/,
  );
  t.is(beside(now).exitCode, 0, 'it was unknown before');
});

test('a failure that --fail-on does not count hides nothing that is unknown of another subject', async (t) => {
  const report: Report = JSON.parse(await readFile(BASELINE, 'utf8'));
  const low = report.results.flatMap((one): Result[] => (one.status === 'fail' ? [{ ...one, severity: 'low' }] : []));
  const gate = { failOn: 'high', allowUnknown: false } as const;
  t.is(verdictOf(low, gate).exitCode, 0);
  t.is(verdictOf(low.map(halfTold), gate).exitCode, 3);
  t.is(verdictOf(low.map(halfTold), { ...gate, allowUnknown: true }).exitCode, 0);
});

test('a server that the baseline does not know has no excuse', async (t) => {
  const file = await changed('paris.json', (one) => (one.target === 'vpn-paris-01' ? one : undefined));
  const { code, report } = await judge(file);
  t.is(code, 1);
  t.regex(report?.exitReason ?? '', /^7 results got worse/);
});

test('servers of the baseline that are not audited now are no matter', async (t) => {
  const { code, stderr } = await ask('judge', PARIS, ...NAMES, '--baseline', BASELINE, '-r', 'json');
  t.is(code, 0, stderr);
});

test('another profile is told', async (t) => {
  const { report } = await judge(BASELINE, '-p', 'kb947031');
  t.regex(report?.exitReason ?? '', /both\.json was judged by another profile$/);
});

test('a baseline that is none is a mistake before anything is asked', async (t) => {
  for (const [file, says] of [
    ['/nonexistent.json', /nonexistent\.json cannot be read/],
    ['package.json', /package\.json is not a report of sstp-audit/],
  ] as const) {
    const { code, stderr, report } = await judge(file);
    t.is(code, 2);
    t.regex(stderr, says);
    t.is(report, undefined);
  }
});
