/** Profiles that are written from the evidence of servers. */
import { cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import type { Report } from '../engine/model.ts';
import { ask, run } from './command.ts';

const at = (name: string): string => `test/evidence/${name}`;
const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-init-'));
const init = (...args: readonly string[]) => ask('profile', 'init', ...args);

const judged = async (folder: string, ...args: readonly string[]): Promise<Report> => {
  const { stdout, stderr } = await ask('judge', folder, '-r', 'json', ...args);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

type Written = Readonly<{
  profile: string;
  extends: string;
  inputs?: Readonly<Record<string, Readonly<{ default: unknown }>>>;
  checks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}>;

const inputsOf = ({ inputs = {} }: Written): readonly string[] =>
  Object.entries(inputs).flatMap(([name, { default: value }]) => ['--input', `${name}=${value}`]);

const passing = async (t: ExecutionContext, args: readonly string[]) => {
  const file = path.join(await scratch(), 'like.yaml');
  const { code, stderr, stdout } = await init(...args, '-o', file);
  t.is(code, 0, stderr);
  t.is(stdout, `${file} is written\n`);
  const text = await readFile(file, 'utf8');
  const written: Written = parse(text);
  return { file, text, written, stderr };
};

for (const [server, base, more] of [
  ['vpn-london-01', 'baseline', []],
  ['vpn-london-01', 'kb947031', []],
  ['vpn-osaka-01', 'baseline', []],
  ['vpn-tokyo-01', 'baseline', ['--input', 'publicNames=vpn.example.com']],
  ['vpn-legacy-01', 'baseline', []],
  ['vpn-berlin-01', 'tls-offload', ['--input', 'publicNames=vpn.example.com']],
  ['vpn-paris-01', 'baseline', ['--input', 'publicNames=vpn.example.com']],
] as const)
  test(`by the profile that ${server} gives on top of ${base}, it is judged as by ${base}`, async (t) => {
    const { file, written } = await passing(t, ['--from', at(server), '-p', base, ...more]);
    const { code, stderr } = await ask('profile', 'check', file);
    t.is(code, 0, stderr);
    t.is(written.extends, base);
    const own = await judged(at(server), '-p', file);
    const before = await judged(at(server), '-p', base, ...inputsOf(written));
    t.deepEqual(
      own.results.map(({ check, status }) => [check, status]),
      before.results.map(({ check, status }) => [check, status]),
    );
    for (const [index, result] of own.results.entries())
      if (result.status !== 'pass') t.deepEqual(result, before.results[index], 'what is no pass is as it was');
    for (const id of Object.keys(written.checks ?? {}))
      t.is(own.results.find(({ check }) => check === id)?.status, 'pass', `${id} is expected only where it passes`);
  });

test('a healthy server gives its port, its names, and expectations with the evidence that shows them', async (t) => {
  const { text, written, stderr } = await passing(t, ['--from', `evidence:${at('vpn-london-01')}`]);
  t.is(written.profile, 'like-vpn-london-01');
  t.is(written.inputs?.['listenerPort']?.default, 443);
  t.deepEqual(written.inputs?.['publicNames']?.default, ['vpn.example.com']);
  t.deepEqual(written.checks?.['sstp/listener-port'], { port: { input: 'listenerPort' } });
  t.regex(text, /^# Written by sstp-audit [\d.]+ from what these servers showed/);
  t.regex(text, /# certificate\/names shows it.*\n {2}publicNames:/);
  t.regex(text, /# vpn-london-01: \d{3} reg\.exe query \S.*\n {2}sstp\/listener-port:/);
  t.is(stderr, '');
});

test('what a server shows beyond its base is expected of others, as far as the profile strict goes', async (t) => {
  const { text, written } = await passing(t, ['--from', at('vpn-london-01')]);
  t.deepEqual(written.checks?.['tls/protocols']?.['required'], ['TLS 1.2', 'TLS 1.3']);
  t.regex(text, /# stricter than baseline: required TLS 1\.3\n.*\n {2}tls\/protocols:/);
});

test('what fails on a server that is said to be good is not written, and is told twice', async (t) => {
  const { text, written, stderr } = await passing(t, ['--from', at('vpn-tokyo-01')]);
  for (const id of ['service/running', 'binding/wildcards', 'firewall/sstp-exception', 'events/sstp-errors']) {
    t.is(written.checks?.[id], undefined, id);
    t.regex(stderr, new RegExp(`sstp-audit: vpn-tokyo-01 fails ${id}: not written as expected: `));
    t.regex(text, new RegExp(`^# {3}vpn-tokyo-01 fails ${id}: not written as expected: `, 'm'));
  }
});

test('what is unknown stays as the base has it, and says so', async (t) => {
  const { written, stderr, text } = await passing(t, ['--from', at('vpn-paris-01')]);
  t.is(written.checks?.['certificate/strength'], undefined);
  t.is(written.inputs?.['publicNames'], undefined, 'no name was seen');
  t.regex(text, /^# {3}certificate\/strength is unknown on vpn-paris-01 \(denied\), and stays as it was: /m);
  t.regex(stderr, /certificate\/names was not judged, as publicNames has no value: --input publicNames=… gives it one/);
});

test('of several servers only what is the same everywhere is written', async (t) => {
  const { written, stderr, text } = await passing(t, [
    '--from',
    at('vpn-london-01'),
    at('vpn-tokyo-01'),
    '--from',
    at('vpn-osaka-01'),
    '-p',
    'kb947031',
  ]);
  t.regex(text, /^title: Servers like vpn-london-01, vpn-tokyo-01, vpn-osaka-01$/m);
  t.is(written.checks?.['service/running'], undefined, 'it fails on one of them');
  t.regex(text, /; the same on 2 more\n {2}rras\/sstp-ports:/);
  t.regex(stderr, /publicNames is not written, since not all servers show the same: vpn\.example\.com, nothing$/m);
  t.regex(stderr, /vpn-tokyo-01 fails service\/running/);
});

test('a file that is there is not touched without --force, be it a link', async (t) => {
  const folder = await scratch();
  const [file, link] = [path.join(folder, 'ours.yaml'), path.join(folder, 'link.yaml')];
  await writeFile(file, 'ours\n');
  await symlink(path.join(folder, 'nowhere'), link);
  for (const place of [file, link]) {
    const { code, stdout, stderr } = await init('--from', at('vpn-london-01'), '-o', place);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, /is there already\n.*--force/);
  }
  t.is(await readFile(file, 'utf8'), 'ours\n');
  t.is((await run('profile', 'init', '--from', at('vpn-london-01'), '-o', file, '--force')).code, 0);
  t.regex(await readFile(file, 'utf8'), /^profile: like-vpn-london-01$/m);
});

test('a place where nothing can be written is a mistake', async (t) => {
  const { code, stdout, stderr } = await init('--from', at('vpn-london-01'), '-o', '/nonexistent/ours.yaml');
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /\/nonexistent\/ours\.yaml cannot be written: there is no such file or folder/);
});

test('evidence that was changed shows nothing, and gives no profile', async (t) => {
  const folder = path.join(await scratch(), 'vpn');
  await cp(at('vpn-london-01'), folder, { recursive: true });
  await writeFile(path.join(folder, '007.out'), 'changed');
  const { code, stdout, stderr } = await init('--from', folder);
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /nothing passes on .*, so nothing can be written/);
  t.regex(stderr, /the evidence is not as it was sealed: 007\.out is not what SHA256SUMS says/);
});

test('a new profile extends one that is built in', async (t) => {
  const { code, stderr } = await init('--from', at('vpn-london-01'), '-p', 'ours.yaml');
  t.is(code, 2);
  t.regex(stderr, /ours\.yaml is not a built-in profile\n.*baseline, client/);
});
