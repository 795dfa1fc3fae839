/** ssh that a small process starts: the same outcomes, and nothing is lost or left behind with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { type RunSsh, runSsh, type SshRun } from '../../engine/transports/run-ssh.ts';
import { runSshAside } from '../../engine/transports/starter.ts';

const WINDOWS = process.platform === 'win32';

/** Stands in for ssh: its first argument is a script, and $PPID the process that started it. */
const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-starter-'));
const ssh = path.join(folder, 'ssh');
await writeFile(ssh, '#!/bin/bash\neval "$1"\n');
await chmod(ssh, 0o755);
test.after.always(() => rm(folder, { recursive: true }));

const how = (more: Partial<SshRun> = {}): SshRun => ({
  signal: new AbortController().signal,
  env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
  nonce: '123456789012345678',
  count: 1,
  commandMs: 20_000,
  ...more,
});

/** Waits until the small process starts what is run; gives its number. */
const parentOf = async (run: RunSsh): Promise<number> => {
  for (let tries = 0; tries < 400; tries++) {
    const parent = Number((await run(['echo $PPID'], how())).stdout);
    if (parent !== process.pid) return parent;
    await setTimeout(25);
  }
  throw new Error('the small process never became ready');
};

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits for a process to end, ten seconds at most. */
const isGone = async (pid: number): Promise<boolean> => {
  for (let tries = 0; tries < 200 && isThere(pid); tries++) await setTimeout(50);
  return !isThere(pid);
};

const OUTCOMES: Readonly<Record<string, readonly [script: string, more?: () => Partial<SshRun>]>> = {
  'bytes of both streams, and an exit code': [String.raw`printf '\x00\x83\xff'; printf '\x8c\x8e' >&2; exit 7`],
  'a line that is told late': ['sleep 0.2; echo late'],
  'a program that says nothing in time': ['sleep 20', () => ({ commandMs: 200 })],
  'a program that floods': ['yes'],
  'a program that is not there': ['true', () => ({ env: { PATH: '/nowhere' } })],
  'arguments that no program can be given': ['true \0'],
  'the deadline of the target': ['sleep 20', () => ({ signal: AbortSignal.timeout(200) })],
  'a run that was stopped before': ['sleep 20', () => ({ signal: AbortSignal.abort() })],
};

for (const [name, [script, more]] of Object.entries(OUTCOMES))
  test(`started aside as from here: ${name}`, async (t) => {
    if (WINDOWS) return t.pass();
    const aside = runSshAside();
    await parentOf(aside);
    const [one, other] = await Promise.all(
      [aside, runSsh].map(async (run) => {
        const outcome = await run([script], how(more?.())).catch(String);
        // How much of a flood was read is chance.
        return typeof outcome === 'object' && outcome.stopped?.reason === 'truncated'
          ? { ...outcome, stdout: 'y' }
          : outcome;
      }),
    );
    t.deepEqual(one, other);
  });

test('when the small process is killed, what it ran is run again from here', async (t) => {
  if (WINDOWS) return t.pass();
  const run = runSshAside();
  const starter = await parentOf(run);
  const running = Promise.all([1, 2, 3].map((each) => run([`sleep 1; echo ${each} $PPID`], how())));
  await setTimeout(300);
  process.kill(starter, 'SIGKILL');
  const said = (await running).map(({ stdout }) => stdout.toString());
  t.deepEqual(said, [`1 ${process.pid}\n`, `2 ${process.pid}\n`, `3 ${process.pid}\n`]);
  t.is(String((await run(['echo $PPID'], how())).stdout), `${process.pid}\n`);
});

test('a signal of the terminal leaves the small process to its run', async (t) => {
  if (WINDOWS) return t.pass();
  const run = runSshAside();
  const starter = await parentOf(run);
  const running = run(['sleep 0.5; echo done'], how());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(starter, signal);
  t.is(String((await running).stdout), 'done\n');
  t.is(await parentOf(run), starter);
});

test('a process that is killed leaves neither the small process nor its ssh behind', async (t) => {
  if (WINDOWS) return t.pass();
  const file = path.join(folder, 'pids');
  const script = `
    import { runSshAside } from ${JSON.stringify(new URL('../../engine/transports/starter.ts', import.meta.url).href)};
    const run = runSshAside();
    const how = { signal: new AbortController().signal, env: process.env, nonce: '1', count: 1, commandMs: 60_000 };
    while (Number((await run(['echo $PPID'], how)).stdout) === process.pid);
    await run(['echo $$ $PPID > ${file}.new; mv ${file}.new ${file}; sleep 60'], how);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: how().env, stdio: 'inherit' });
  let pids: readonly number[] = [];
  for (let tries = 0; tries < 400 && pids.length === 0; tries++) {
    await setTimeout(50);
    pids = (await readFile(file, 'utf8').catch(() => '')).split(/\s+/).filter(Boolean).map(Number);
  }
  t.is(pids.length, 2);
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (const pid of pids) t.true(await isGone(pid), `${pid} of ${pids}`);
});
