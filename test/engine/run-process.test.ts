/** Programs that hang leave nothing of ours behind; on Windows: test/windows/local.test.ts. */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { type Outcome, runProcess } from '../../engine/transports/run-process.ts';

const LINUX = process.platform === 'linux';

const isAlive = async (pid: number): Promise<boolean> => {
  const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // A zombie has ended; it waits for whoever inherited it.
  return status !== '' && !/\) Z /.test(status);
};

/** Waits for a process to end, ten seconds at most. */
const hasEnded = async (pid: number): Promise<boolean> => {
  for (let tries = 0; tries < 200 && (await isAlive(pid)); tries++) await setTimeout(50);
  return !(await isAlive(pid));
};

/** Runs a script of bash, which prints the numbers of processes, until it is stopped. */
const stopped = async (script: string, commandMs = 2_000, signal = new AbortController().signal) => {
  const outcome = await runProcess('bash', ['-c', script], { signal, env: process.env, heartbeat: '::', commandMs });
  return { outcome, pids: pidsIn(outcome) };
};
const pidsIn = ({ stdout }: Outcome): readonly number[] => stdout.toString().trim().split(/\s+/).map(Number);

const HELPERS: Readonly<Record<string, string>> = {
  'a helper that holds the pipes': 'sleep 60 & echo $! $$; wait',
  'a helper that holds no pipe': 'sleep 60 >/dev/null 2>&1 & echo $! $$; wait',
  'a helper that takes no hint': `bash -c 'trap "" TERM; while :; do sleep 1; done' & echo $! $$; wait`,
  'a helper of a helper': `bash -c 'sleep 60 & echo $! $$; wait' & wait`,
};
for (const [name, script] of Object.entries(HELPERS))
  test(`at the deadline, ${name} ends with the program`, async (t) => {
    if (!LINUX) return t.pass();
    const { outcome, pids } = await stopped(script);
    t.like(outcome.stopped, { reason: 'timed-out' });
    t.is(pids.length, 2, String(outcome.stdout));
    for (const pid of pids) t.true(await hasEnded(pid), `${pid} of ${pids}`);
  });

test('when the run is stopped, helpers end too', async (t) => {
  if (!LINUX) return t.pass();
  const { outcome, pids } = await stopped('sleep 60 & echo $! $$; wait', 20_000, AbortSignal.timeout(500));
  t.like(outcome.stopped, { reason: 'timed-out', detail: 'the deadline of the target passed' });
  for (const pid of pids) t.true(await hasEnded(pid));
});

test('a program that floods is ended, helpers and all', async (t) => {
  if (!LINUX) return t.pass();
  const { outcome } = await stopped('yes 0123456789012345678901234567890123456789 & echo $!; wait', 20_000);
  t.like(outcome.stopped, { reason: 'truncated' });
  const [pid = 0] = /^\d+/m.exec(outcome.stdout.toString('latin1'))?.map(Number) ?? [];
  t.true(pid > 0 && (await hasEnded(pid)));
});

test('each heartbeat begins the deadline anew', async (t) => {
  const { outcome } = await stopped('for i in 1 2 3 4 5 6 7; do echo ::; sleep 0.5; done', 3_000);
  t.is(outcome.stopped, undefined);
  t.is(outcome.exitCode, 0);
});
