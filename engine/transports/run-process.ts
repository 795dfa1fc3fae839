import { type ChildProcess, spawn } from 'node:child_process';
import { LIMITS } from '../limits.ts';
import type { Ignorance } from '../model.ts';

/** How a process ended. `stopped` says why we ended it; `failed` why it could not be started. */
export type Outcome = Readonly<{
  stdout: Buffer;
  stderr: Buffer;
  exitCode: number | null;
  stopped?: Ignorance;
  failed?: NodeJS.ErrnoException;
}>;

type Watch = Readonly<{
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
  /** A piece of output that proves progress: the deadline of one command starts anew when it appears. */
  heartbeat: string;
  commandMs: number;
  /** On Windows: the arguments are quoted already, as those of cmd.exe are. */
  verbatim?: boolean;
}>;

/** Grace between asking a process to end and ending it. */
const KILL_AFTER_MS = 2_000;

/** Detail of an answer that the deadline of its target cut off. */
export const TARGET_DEADLINE = 'the deadline of the target passed';

/** Why a run was stopped from outside: the deadline of the target, or the operator. */
export const stoppedBy = (signal: AbortSignal): Ignorance =>
  signal.reason?.name === 'TimeoutError'
    ? { reason: 'timed-out', detail: TARGET_DEADLINE }
    : { reason: 'cancelled', detail: 'the run was stopped' };

/** Tells when a process is silent for too long, or says too much. */
export const watchdog = (heartbeat: string, commandMs: number, stop: (why: Ignorance) => void) => {
  const hung = (): void => stop({ reason: 'timed-out', detail: `no answer within ${commandMs / 1000} s` });
  let deadline = setTimeout(hung, commandMs);
  let sinceBeat = 0;
  let size = 0;
  return {
    saw: (chunk: Buffer): void => {
      size += chunk.length;
      sinceBeat += chunk.length;
      if (sinceBeat > LIMITS.answerBytes || size > LIMITS.exchangeBytes)
        stop({ reason: 'truncated', detail: `the answer is larger than ${LIMITS.answerBytes / 1e6} MB` });
      if (!chunk.includes(heartbeat)) return;
      clearTimeout(deadline);
      deadline = setTimeout(hung, commandMs);
      sinceBeat = 0;
    },
    end: () => clearTimeout(deadline),
  };
};

/** Windows ends a process without its children; cmd.exe is nothing but its children. */
const endTree = (child: ChildProcess): void => {
  if (process.platform === 'win32' && child.pid !== undefined)
    spawn('taskkill.exe', ['/T', '/F', '/PID', String(child.pid)], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => child.kill(),
    );
  else child.kill('SIGTERM');
};

/** Runs a program, keeps its output as bytes, and ends it at the deadline, at the size limit or when told to. */
export const runProcess = (
  file: string,
  args: readonly string[],
  { signal, env, heartbeat, commandMs, verbatim = false }: Watch,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    const streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let stopped: Ignorance | undefined;
    let failed: NodeJS.ErrnoException | undefined;
    const stop = (why: Ignorance): void => {
      if (stopped) return;
      stopped = why;
      endTree(child);
      setTimeout(() => {
        child.kill('SIGKILL');
        // A helper that ssh started may hold the pipes longer than ssh lives.
        child.stdout.destroy();
        child.stderr.destroy();
      }, KILL_AFTER_MS).unref();
    };
    const cancel = (): void => stop(stoppedBy(signal));
    const watch = watchdog(heartbeat, commandMs, stop);
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      if (stopped) return;
      into.push(chunk);
      watch.saw(chunk);
    };
    child.stdout.on('data', take(streams.stdout));
    child.stderr.on('data', take(streams.stderr));
    child.on('error', (error) => {
      failed = error;
    });
    child.on('close', (exitCode) => {
      watch.end();
      signal.removeEventListener('abort', cancel);
      const [stdout, stderr] = [Buffer.concat(streams.stdout), Buffer.concat(streams.stderr)];
      resolve({ stdout, stderr, exitCode, ...(stopped && { stopped }), ...(failed && { failed }) });
    });
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
  });
