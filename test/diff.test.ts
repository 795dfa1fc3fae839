/** Comparisons as an operator makes them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { diffSides } from '../engine/cli/diff.ts';
import type { Comparison } from '../engine/comparison.ts';
import type { Report, Result } from '../engine/model.ts';
import schema from '../reporters/diff.schema.json' with { type: 'json' };
import { ask, run } from './command.ts';

const root = path.join(import.meta.dirname, '..');
const LONDON = 'test/evidence/vpn-london-01';
const TOKYO = 'test/evidence/vpn-tokyo-01';
const NAMES = ['--input', 'publicNames=vpn.example.com'];

const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-diff-'));
const file = (name: string): string => path.join(folder, name);
const LONDON_JSON = file('london.json');
const changed = async (name: string, change: (result: Result) => Partial<Result>): Promise<string> => {
  const report: Report = JSON.parse(await readFile(LONDON_JSON, 'utf8'));
  const results = report.results.map((result) => ({ ...result, ...change(result) }));
  await writeFile(file(name), JSON.stringify({ ...report, results }));
  return file(name);
};
const onPort =
  (change: Partial<Result>) =>
  ({ check }: Result) =>
    check === 'sstp/listener-port' ? change : {};
const broken = () =>
  changed('broken.json', (result) =>
    result.check === 'sstp/listener-port'
      ? { status: 'fail', findings: result.findings.map((one) => ({ ...one, verdict: 'fail' as const })) }
      : {},
  );
const blind = () =>
  changed('blind.json', onPort({ status: 'unknown', findings: [], reason: 'denied', detail: 'access is denied' }));

test.before(async (t) => {
  const { code, stderr } = await run('judge', LONDON, ...NAMES, '-r', `json:${LONDON_JSON}`);
  t.is(code, 0, stderr);
});

test('what got worse gives 1, what is fixed 0, what cannot be told any more 3; the reason is said', async (t) => {
  const worse = await run('diff', LONDON_JSON, await broken());
  t.is(worse.code, 1, worse.stderr);
  t.regex(worse.stdout, /regressed +1\n[\s\S]*critical {2}PASS -> FAIL {2}vpn-london-01 {2}sstp\/listener-port/);
  t.regex(worse.stderr, /sstp-audit: exit code 1: 1 result got worse: 1 regressed\n$/);
  const fixed = await ask('diff', await broken(), LONDON_JSON);
  t.is(fixed.code, 0, fixed.stderr);
  t.regex(fixed.stderr, /nothing got worse; 1 fixed/);
  const unsure = await ask('diff', LONDON_JSON, await blind());
  t.is(unsure.code, 3, unsure.stderr);
  t.is((await ask('diff', LONDON_JSON, await blind(), '--allow-unknown')).code, 0);
  t.is((await ask('diff', await broken(), await blind(), '--fail-on', 'nothing')).code, 3, 'unknown is not fixed');
  t.is((await ask('diff', await broken(), LONDON_JSON, '--fail-on', 'change')).code, 1);
});

test('evidence is judged as judge does it: beside its own report it has no change', async (t) => {
  const { code, stdout, stderr } = await ask('diff', LONDON_JSON, LONDON, ...NAMES, '-r', 'json');
  t.is(code, 0, stderr);
  const comparison: Comparison = JSON.parse(stdout);
  t.deepEqual(comparison.changes, []);
  t.true(comparison.summary.unchanged > 0);
  t.is(comparison.summary.unchanged, comparison.before.summary.pass);
  const sums = await readFile(path.join(root, LONDON, 'SHA256SUMS'));
  t.deepEqual(comparison.after.source, {
    kind: 'evidence',
    name: LONDON,
    sha256: createHash('sha256').update(sums).digest('hex'),
  });
  t.is(
    comparison.before.source.sha256,
    createHash('sha256')
      .update(await readFile(LONDON_JSON))
      .digest('hex'),
  );
  t.is(comparison.after.startedAt, '2026-11-01T00:00:00.000Z', 'its time is the time of its observation');
  t.is(comparison.after.auditor, undefined, 'whoever compares did not gather it');
});

test('two folders of evidence are compared by one profile, with waivers', async (t) => {
  const waivers = file('waivers.yaml');
  await writeFile(
    waivers,
    'waivers:\n  - { check: sstp/listener-port, target: "*", subject: "*", until: 2099-01-01, because: CHG-1, approvedBy: eve }\n',
  );
  const compare = ['diff', `evidence:${TOKYO}`, TOKYO, ...NAMES, '-p', 'kb947031', '-r', 'json'];
  const { code, stdout } = await ask(...compare, '--waivers', waivers);
  t.is(code, 0);
  const comparison: Comparison = JSON.parse(stdout);
  t.is(comparison.before.profile.id, 'kb947031');
  t.like(comparison.after.waivers[0], { state: 'used', file: waivers });
  t.true(comparison.changes.every(({ bucket }) => bucket === 'still-failing'));
});

test('a comparison that a signal stops is no verdict: it has the exit code of the signal, and says so', async (t) => {
  const stopped = AbortSignal.abort(Object.assign(new Error('SIGINT'), { exitCode: 130 }));
  const place = file('stopped.json');
  const options = {
    lang: 'en',
    input: { publicNames: 'vpn.example.com' },
    failOn: 'regression',
    allowUnknown: false,
  } as const;
  t.is(await diffSides(TOKYO, LONDON_JSON, { ...options, reporter: [`json:${place}`] }, stopped), 130);
  const comparison: Comparison = JSON.parse(await readFile(place, 'utf8'));
  t.is(comparison.exitCode, 130);
  t.regex(comparison.exitReason, /; the run was stopped by SIGINT$/);
  t.is(comparison.before.exitCode, 130, 'what was judged for it was cut short, too');
  t.regex(comparison.before.exitReason, /; the run was stopped by SIGINT$/);
});

test('all reports come out of one comparison, and the JSON is valid', async (t) => {
  const place = (name: string) => file(`out/${name}`);
  const reports = ['cli', `json:${place('d.json')}`, `markdown:${place('d.md')}`, `html:${place('d.html')}`];
  const { stdout } = await ask('diff', LONDON_JSON, await broken(), ...reports.flatMap((report) => ['-r', report]));
  t.regex(stdout, /Something got worse/);
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const json: Comparison = JSON.parse(await readFile(place('d.json'), 'utf8'));
  t.true(validate(json), JSON.stringify(validate.errors));
  t.truthy(json.auditor?.account);
  t.regex(await readFile(place('d.md'), 'utf8'), /^SSTP change review: Something got worse/);
  t.regex(await readFile(place('d.html'), 'utf8'), /<\/html>\s*$/);
});

test('Japanese reaches headings and the titles of checks, whatever the language of the reports', async (t) => {
  const { stdout } = await ask('diff', LONDON_JSON, await broken(), '--lang', 'ja', '-r', 'markdown');
  t.regex(stdout, /SSTP 変更レビュー: 悪化あり/);
  t.regex(stdout, /<code>sstp\/listener-port<\/code> .*[ぁ-ん]/);
});

test('a report may come through a pipe', async (t) => {
  const line = `cat "$1" | "$2" engine/cli/main.mjs diff /dev/stdin "$1"`;
  const { code, stderr } = await new Promise<{ code: number; stderr: string }>((resolve) => {
    execFile('sh', ['-c', line, 'sh', LONDON_JSON, process.execPath], { cwd: root }, (error, _, said) =>
      resolve({ code: error ? Number(error.code) : 0, stderr: said }),
    );
  });
  t.is(code, 0, stderr);
});

for (const [name, args, says] of [
  ['one side only', ['diff', LONDON_JSON], /missing required argument 'after'/],
  ['a file that is not there', ['diff', LONDON_JSON, '/nonexistent.json'], /nonexistent\.json cannot be read/],
  ['what is no report', ['diff', 'package.json', LONDON_JSON], /package\.json is not a report of sstp-audit/],
  ['a folder without evidence', ['diff', LONDON_JSON, 'engine', ...NAMES], /engine holds no evidence/],
  ['evidence without its inputs', ['diff', LONDON_JSON, LONDON], /publicNames/],
  [
    'a profile for two reports',
    ['diff', LONDON_JSON, LONDON_JSON, '-p', 'baseline'],
    /--profile: both sides are reports/,
  ],
  ['an unknown reporter', ['diff', LONDON_JSON, LONDON_JSON, '-r', 'junit'], /junit is not a reporter/],
  [
    'two reporters on standard output',
    ['diff', LONDON_JSON, LONDON_JSON, '-r', 'cli', 'json'],
    /both want standard output/,
  ],
  ['an unknown gate', ['diff', LONDON_JSON, LONDON_JSON, '--fail-on', 'high'], /--fail-on/],
] as const)
  test(`${name} is a mistake: exit code 2, said on stderr, nothing on stdout`, async (t) => {
    const { code, stdout, stderr } = await ask(...args);
    t.is(code, 2, stderr);
    t.regex(stderr, says);
    t.is(stdout, '');
  });
