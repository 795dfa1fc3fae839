import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { LIMITS } from '../limits.ts';
import type { Ignorance } from '../model.ts';

/** How a process ended. `stopped` says why we ended it; `failed` why it could not be started. */
export type Outcome = Readonly<{
  stdout: Buffer;
  stderr: Buffer;
  exitCode: number | null;
  stopped?: Ignorance;
  failed?: Readonly<{ message: string }>;
}>;

/** Output that proves progress: the deadline of one command starts anew when this text appears, or where this says so. */
type Heartbeat = string | ((chunk: Buffer) => boolean);

type Watch = Readonly<{
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
  heartbeat: Heartbeat;
  commandMs: number;
  /** Stands on both streams when all has been answered: a program that does not end then is ended, and nothing is lost. */
  end?: RegExp;
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
export const watchdog = (heartbeat: Heartbeat, commandMs: number, stop: (why: Ignorance) => void) => {
  const beats = typeof heartbeat === 'string' ? (chunk: Buffer) => chunk.includes(heartbeat) : heartbeat;
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
      if (!beats(chunk)) return;
      clearTimeout(deadline);
      deadline = setTimeout(hung, commandMs);
      sinceBeat = 0;
    },
    end: () => clearTimeout(deadline),
  };
};

/** Characters in which an end may stand: those of the last piece of a stream, where it may have begun. */
const END_CHARACTERS = 64;

/** Tells when the end has stood on both streams; later pieces of theirs change nothing. */
const ending = (end: RegExp | undefined, ended: () => void) => {
  const open = { stdout: '', stderr: '' };
  const seen = new Set<keyof typeof open>();
  return (name: keyof typeof open, chunk: Buffer): void => {
    if (!end || seen.has(name)) return;
    const text = open[name] + chunk.toString('latin1');
    open[name] = text.slice(-END_CHARACTERS);
    if (end.test(text) && seen.add(name).size === 2) ended();
  };
};

const IS_WINDOWS = process.platform === 'win32';
const TASKKILL = path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');

/** Ends a process with what it started: the helpers of ssh, the programs of cmd.exe. */
const endTree = (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void => {
  if (child.pid === undefined) return;
  if (IS_WINDOWS) endTreeOnWindows(child, child.pid);
  else
    try {
      // It is the head of a group of its own.
      process.kill(-child.pid, signal);
    } catch {
      // The whole group has ended already.
    }
};

/** Windows itself ends a process without its children. */
const endTreeOnWindows = (child: ChildProcess, pid: number): void => {
  const alone = (): void => void child.kill();
  spawn(TASKKILL, ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore', windowsHide: true })
    .on('error', alone)
    .on('exit', (code) => code !== 0 && alone());
};

/** Ends a program, by force where it does not end by itself; `done` when it has ended. */
const enderOf = (child: ChildProcess) => {
  let killing: NodeJS.Timeout | undefined;
  return {
    end: (): void => {
      if (killing) return;
      endTree(child, 'SIGTERM');
      killing = setTimeout(() => {
        endTree(child, 'SIGKILL');
        // What left the group may hold the pipes for longer.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, KILL_AFTER_MS).unref();
    },
    done: (): void => {
      clearTimeout(killing);
      // Windows may have given its number to another process by now.
      if (killing && !IS_WINDOWS) endTree(child, 'SIGKILL');
    },
  };
};

/** Runs a program and keeps its output as bytes; ends it at the deadline, at the size limit, when told to, or when all is said. */
export const runProcess = (
  file: string,
  args: readonly string[],
  { signal, env, heartbeat, commandMs, end, verbatim = false }: Watch,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(file, args, {
      // The ssh.exe of Windows Server 2019 hangs where it reads from NUL, not from a pipe that has ended (Win32-OpenSSH issue 856).
      stdio: [IS_WINDOWS ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env,
      detached: !IS_WINDOWS,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    child.stdin?.on('error', () => {}).end();
    const streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let stopped: Ignorance | undefined;
    let failed: Outcome['failed'];
    let lingering: NodeJS.Timeout | undefined;
    const ender = enderOf(child);
    const stop = (why: Ignorance): void => {
      stopped ??= why;
      ender.end();
    };
    const cancel = (): void => stop(stoppedBy(signal));
    const watch = watchdog(heartbeat, commandMs, stop);
    const ends = ending(end, () => {
      lingering = setTimeout(ender.end, LIMITS.wholeAnswerMs);
    });
    const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
      if (stopped) return;
      streams[name].push(chunk);
      watch.saw(chunk);
      ends(name, chunk);
    };
    for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', take(name));
    child.on('error', ({ message }) => {
      failed = { message };
    });
    child.on('close', (exitCode) => {
      watch.end();
      clearTimeout(lingering);
      ender.done();
      signal.removeEventListener('abort', cancel);
      const [stdout, stderr] = [Buffer.concat(streams.stdout), Buffer.concat(streams.stderr)];
      resolve({ stdout, stderr, exitCode, ...(stopped && { stopped }), ...(failed && { failed }) });
    });
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
  });
