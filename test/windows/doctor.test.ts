/** doctor over a real OpenSSH server, step by step. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Diagnosis } from '../../engine/cli/doctor.ts';
import { everyQuestion } from '../../engine/cli/questions.ts';
import { collectorScript } from '../../engine/collector.ts';
import { healthy } from '../server/healthy.ts';
import { auditHere } from './console.ts';
import { live } from './live.ts';
import { type StandIns, startStandIns } from './stand-in.ts';

let standIns: StandIns;
test.before(
  live(async () => {
    standIns = await startStandIns({ server: healthy({ at: new Date(), language: 'ja', alias: 'イーサネット 2' }) });
  }),
);
test.after.always(async () => standIns?.stop());

type Doctored = Readonly<{ code: number | null; steps: readonly string[]; text: string; diagnosis: Diagnosis }>;

type Change = (config: string) => string;
const KEYLESS: Change = (config) => config.replaceAll(/IdentityFile .*/g, 'IdentityFile /nonexistent');

/** Another ssh_config for the same servers. */
const configWith = async (change: Change): Promise<string> => {
  const config = join(await mkdtemp(join(tmpdir(), 'sstp-audit-doctor-')), 'ssh_config');
  await writeFile(config, change(await readFile(standIns.sshConfig, 'utf8')));
  return config;
};

/** What doctor says of a host of the ssh_config, which may be changed first. */
const doctored = async (host: string, change: Change = (config) => config): Promise<Doctored> => {
  const config = await configWith(change);
  const args = ['doctor', `ssh://${host}`, '--ssh-config', config];
  const { code, stdout, stderr } = await auditHere(...args, '--json');
  if (code === 2) throw new Error(stderr.toString());
  const [diagnosis]: Diagnosis[] = JSON.parse(stdout.toString());
  if (!diagnosis) throw new Error('nothing was told');
  const steps = diagnosis.steps.map(({ step, failed }) => (failed ? `${step}: ${failed.reason}` : step));
  return { code, steps, diagnosis, text: stdout.toString() };
};

const WHOLE = ['name', 'tcp', 'ssh', 'host-key', 'sign-in', 'shell', 'exchange'];

test.serial(
  'every step is taken, and all can be read: exit code 0',
  live(async (t) => {
    const { code, steps, diagnosis } = await doctored('server');
    t.deepEqual(steps, WHOLE);
    t.is(code, 0);
    t.is(diagnosis.steps.find(({ step }) => step === 'exchange')?.said, 'OEMCP 932');
    t.regex(diagnosis.steps.find(({ step }) => step === 'host-key')?.said ?? '', /^ssh-ed25519 SHA256:/);
    t.true(diagnosis.checks.length > 20);
    t.is(diagnosis.questions.answered, diagnosis.questions.asked);
  }),
);

test.serial(
  'in words, in both languages',
  live(async (t) => {
    // Where nobody signs in, all that is looked for has been said, and nothing need be asked.
    const config = await configWith(KEYLESS);
    const args = ['doctor', 'ssh://server', '--ssh-config', config];
    const [english, japanese] = await Promise.all([auditHere(...args), auditHere(...args, '--lang', 'ja')]);
    t.regex(english.stdout.toString(), /ok {2}host key: ssh-ed25519 SHA256:/);
    t.regex(japanese.stdout.toString(), /OK {2}ホスト キー: ssh-ed25519 SHA256:/);
  }),
);

test.serial(
  'behind another program the steps begin where that ends',
  live(async (t) => {
    const through = (config: string): string => {
      const [, port] = /Port (\d+)/.exec(config) ?? [];
      const pipe = `exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & cat >&3; kill $!`;
      return config.replace(/^( {2}HostName .*)$/gm, `$1\n  ProxyCommand bash -c '${pipe}'`);
    };
    const { code, steps } = await doctored('server', through);
    t.deepEqual(steps, WHOLE.slice(1));
    t.is(code, 0);
  }),
);

test.serial(
  'a host key that nobody knows is told with its fingerprint, and nothing is sent',
  live(async (t) => {
    const before = await standIns.connections('server');
    const unknown = (config: string) => config.replaceAll(/UserKnownHostsFile .*/g, 'UserKnownHostsFile none');
    const { code, steps, diagnosis } = await doctored('server', unknown);
    t.deepEqual(steps, ['name', 'tcp', 'ssh', 'host-key: untrusted']);
    t.is(code, 3);
    t.regex(diagnosis.steps.at(-1)?.said ?? '', /^ssh-ed25519 SHA256:/);
    t.regex(diagnosis.steps.at(-1)?.failed?.advice.join(' ') ?? '', /ssh-keygen\.exe -lf/);
    t.is(await standIns.connections('server'), before);
    t.true(diagnosis.checks.every(({ gaps }) => gaps.every(({ reason }) => reason === 'untrusted')));
  }),
);

test.serial(
  'a key that the server does not take is a sign-in that is refused',
  live(async (t) => {
    const { code, steps } = await doctored('server', KEYLESS);
    t.deepEqual(steps, ['name', 'tcp', 'ssh', 'host-key', 'sign-in: refused']);
    t.is(code, 3);
  }),
);

test.serial(
  'a port that nobody serves',
  live(async (t) => {
    const { code, steps } = await doctored('server', (config) => config.replaceAll(/Port .*/g, 'Port 1'));
    t.deepEqual(steps, ['name', 'tcp: refused']);
    t.is(code, 3);
  }),
);

test.serial(
  'a name that nobody knows',
  live(async (t) => {
    const { steps } = await doctored('server', (config) => config.replaceAll(/HostName .*/g, 'HostName vpn.invalid'));
    t.deepEqual(steps, ['name: unreachable']);
  }),
);

const pinTo = async (script: string): Promise<void> => {
  const folder = join(standIns.environmentOf('server')['WINEPREFIX'] ?? '', 'drive_c/ProgramData/SstpAudit');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'collect.cmd'), script);
};

test.serial(
  'an account that is pinned to something else than collect.cmd has no shell for us',
  live(async (t) => {
    const { code, steps, diagnosis } = await doctored('server.pinned');
    t.deepEqual(steps, [...WHOLE.slice(0, 5), 'shell: unreadable']);
    t.is(code, 3);
    t.regex(diagnosis.steps.at(-1)?.failed?.advice.join(' ') ?? '', /DefaultShell/);
  }),
);

test.serial(
  'a pinned account: one connection for all, while its questions are ours',
  live(async (t) => {
    const questions = await everyQuestion();
    await pinTo(collectorScript(questions, '0.1.0'));
    const before = await standIns.connections('server');
    const { code, steps, diagnosis } = await doctored('server.pinned');
    t.deepEqual(steps, WHOLE);
    t.is(code, 0, JSON.stringify(diagnosis.checks.filter(({ gaps }) => gaps.length > 0)));
    t.is(diagnosis.steps.find(({ step }) => step === 'shell')?.said, 'collect.cmd');
    t.is((await standIns.connections('server')) - before, 1);
    await pinTo(collectorScript(questions.slice(1), '0.0.9'));
    const old = await doctored('server.pinned');
    t.deepEqual(old.steps, [...WHOLE.slice(0, 6), 'exchange: unreadable']);
    t.is(old.code, 3);
    t.regex(old.text, /make collect\.cmd anew/);
  }),
);
