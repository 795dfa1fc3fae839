/** Waivers as an operator writes, checks and uses them. */
import { chmod, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { ask, run } from './command.ts';

const TOKYO = 'evidence:test/evidence/vpn-tokyo-01';
const NAMES = ['--input', 'publicNames=vpn.example.com'];
const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-waive-'));
const APPROVED = ['--because', 'CHG-4412', '--approved-by', 'j.doe'];
const waive = (file: string, ...rest: readonly string[]) =>
  run(
    'waive',
    'sstp/listener-port',
    '--target',
    'vpn-*',
    '--until',
    '2099-12-31',
    ...APPROVED,
    '--file',
    file,
    ...rest,
  );
const judge = async (...rest: readonly string[]) => {
  const { code, stdout, stderr } = await run(
    'judge',
    TOKYO,
    ...NAMES,
    '--only',
    'sstp/listener-port',
    '-r',
    'json',
    ...rest,
  );
  return { code, stderr, report: stdout === '' ? undefined : JSON.parse(stdout) };
};

test('what waive writes, judge takes: the file is made, and the report says where the waiver is written', async (t) => {
  const file = path.join(await scratch(), 'waivers.yaml');
  const { code, stdout, stderr } = await waive(file, '--subject', '*');
  t.is(code, 0, stderr);
  t.regex(stdout, /waivers\.yaml:2 sstp\/listener-port is waived on vpn-\* until 2099-12-31\n$/);
  const { code: judged, report } = await judge('--waivers', file);
  t.is(judged, 0);
  t.like(report.results[0], { status: 'waived', waiver: { because: 'CHG-4412', file } });
  t.like(report.waivers, { 0: { state: 'used', file } });
  t.like(report.waiverFiles, { 0: { file } });
  t.is((await judge()).code, 1, 'without the file it fails');
});

test('the mark by which Windows knows UTF-8 stays, and where there is none, none is made', async (t) => {
  const file = path.join(await scratch(), '免除.yaml');
  await writeFile(file, '\ufeff# 東京\r\nwaivers: []\r\n');
  const { code, stdout, stderr } = await waive(file, '--subject', '*');
  t.is(code, 0, stderr);
  t.regex(stdout, /免除\.yaml:2 /);
  t.true((await readFile(file, 'utf8')).startsWith('\ufeff# 東京\r\nwaivers:'));
  await writeFile(file, '# 東京\n');
  await waive(file, '--subject', '*');
  t.true((await readFile(file, 'utf8')).startsWith('# 東京\n'));
});

test('a waiver that is bound to a value ends with it', async (t) => {
  const file = path.join(await scratch(), 'waivers.yaml');
  await waive(file, '--subject', 'ListenerPort', '--actual', '8443');
  const { code, report } = await judge('--waivers', file);
  t.is(code, 1);
  t.like(report.waivers[0], { state: 'ended', actual: '8443', found: '4443' });
});

test('a waiver goes into a profile, too, and its comments, rights and link stay', async (t) => {
  const folder = await scratch();
  const [file, link] = [path.join(folder, 'ours.yaml'), path.join(folder, 'link.yaml')];
  const text = 'profile: ours   # hand-made\nversion: 1.0.0\ntitle: Ours\nextends: baseline\n';
  await writeFile(file, text);
  await chmod(file, 0o640);
  await symlink(file, link);
  t.is((await waive(link, '--subject', '*')).code, 0);
  const written = await readFile(file, 'utf8');
  t.true(written.startsWith(`${text}waivers:\n  - check: sstp/listener-port\n`), written);
  t.is((await stat(file)).mode & 0o777, 0o640);
  t.regex((await ask('profile', 'check', file)).stdout, /ours 1\.0\.0, \d+ checks, 1 waiver, /);
  t.is((await judge('-p', file)).code, 0);
});

test('a file with mistakes is not touched, and they are told with their place', async (t) => {
  const file = path.join(await scratch(), 'waivers.yaml');
  await writeFile(file, 'waivers:\n  - { check: sstp/listner-port }\n');
  const { code, stderr } = await waive(file, '--subject', '*');
  t.is(code, 2);
  t.regex(stderr, /waivers\.yaml:2:14 waivers\.0\.check .*did you mean sstp\/listener-port/);
  t.is(await readFile(file, 'utf8'), 'waivers:\n  - { check: sstp/listner-port }\n');
});

const nonsense = test.macro(async (t, args: readonly string[], says: RegExp) => {
  const file = path.join(await scratch(), 'waivers.yaml');
  const { code, stdout, stderr } = await ask('waive', ...args, '--file', file);
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, says);
  await t.throwsAsync(readFile(file), { code: 'ENOENT' });
});
const SOUND = ['tls/protocols', '--target', '*', '--subject', '*', '--until', '2099-12-31', ...APPROVED];
const instead = (option: string, value: string): readonly string[] =>
  SOUND.map((arg, at) => (SOUND[at - 1] === option ? value : arg));
test(
  'an unknown check is nonsense',
  nonsense,
  ['tls/protocls', ...SOUND.slice(1)],
  /tls\/protocls is not a check \(did you mean tls\/protocols\?\)/,
);
test(
  'a day that is over is nonsense',
  nonsense,
  instead('--until', '2020-01-01'),
  /--until 2020-01-01 is over already/,
);
test(
  'a day that does not exist is nonsense',
  nonsense,
  instead('--until', '2099-02-31'),
  /no day or time that exists: 2099-02-31/,
);
test('a year alone is nonsense', nonsense, instead('--until', '2099'), /must look like 2026-12-31 or/);
test('an empty reason is nonsense', nonsense, instead('--because', ' '), /--because says nothing/);
test('an approver of blanks is nonsense', nonsense, instead('--approved-by', ' '), /--approved-by says nothing/);
test(
  'no reason is nonsense',
  nonsense,
  SOUND.slice(0, -4).concat(SOUND.slice(-2)),
  /required option '--because <reason>'/,
);
test('an empty tag is nonsense', nonsense, [...SOUND, '--tags', 'a,'], /--tags holds an empty tag/);

test('the same waiver twice is nonsense, a later end is a renewal', async (t) => {
  const file = path.join(await scratch(), 'waivers.yaml');
  const until = (date: string) => ask('waive', ...instead('--until', date), '--file', file);
  t.is((await until('2099-12-30')).code, 0);
  const again = await until('2099-12-30');
  t.is(again.code, 2);
  t.regex(again.stderr, /waives the same until 2099-12-30T23:59:59\.999Z already/);
  t.is((await until('2099-12-31')).code, 0);
});

test('profile check finds the mistakes of a waiver file, and profile schema prints its form', async (t) => {
  const file = path.join(await scratch(), 'waivers.yaml');
  await writeFile(file, 'waivers:\n  - { check: tls/protocols }\n');
  const { code, stderr } = await ask('profile', 'check', 'baseline', '--waivers', file);
  t.is(code, 2);
  t.regex(stderr, /waivers\.yaml:2:5 waivers\.0 lacks target/);
  t.is(JSON.parse((await ask('profile', 'schema', '--waivers')).stdout).title, 'sstp-audit waivers');
});
