/**
 * Starts ssh from a small process beside this one. To start a program, Linux first copies the process that starts it (fork),
 * and while a large one is copied it does nothing else: 10 ms at 250 MB, for each of thousands of servers.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withoutPasswords } from '../credentials.ts';
import type { Outcome } from './run-process.ts';
import { type RunSsh, runSsh, type SshRun } from './run-ssh.ts';

/** What the small process is told. `stop` is the name of the reason to stop. */
export type Order =
  | Readonly<{ id: number; args: readonly string[]; how: Omit<SshRun, 'signal'> }>
  | Readonly<{ id: number; stop: string }>;

/** What it tells; it says `ready` first. Without an outcome, ssh could not even be tried. */
export type Told = 'ready' | Readonly<{ id: number; outcome: Outcome | undefined }>;

/** Runs ssh in the small process, which starts with the first run. While it is not ready, or once it is gone, ssh starts from here. */
export const runSshAside = (): RunSsh => {
  // Windows starts a program without a copy.
  if (process.platform === 'win32') return runSsh;
  let aside: RunSsh | undefined;
  return (args, how) => {
    aside ??= startAside();
    return aside(args, how);
  };
};

const startAside = (): RunSsh => {
  const child = fork(fileURLToPath(new URL('./starter-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
    env: withoutPasswords(process.env),
  });
  const pending = new Map<number, (outcome: Outcome | undefined) => void>();
  let isReady = false;
  let runs = 0;
  const gone = (): void => {
    isReady = false;
    for (const end of pending.values()) end(undefined);
  };
  child.on('message', (told: Told) => {
    if (told === 'ready') isReady = true;
    else pending.get(told.id)?.(told.outcome);
  });
  child.on('error', gone).on('exit', gone);
  rest(child);
  return (args, how) => {
    if (!isReady || how.signal.aborted) return runSsh(args, how);
    const id = ++runs;
    return new Promise((resolve) => {
      const stop = (): void => send(child, { id, stop: how.signal.reason?.name ?? '' });
      const end = (outcome: Outcome | undefined): void => {
        how.signal.removeEventListener('abort', stop);
        pending.delete(id);
        if (pending.size === 0) rest(child);
        // What was asked may be asked again: nothing is ever changed on a server.
        resolve(outcome ?? runSsh(args, how));
      };
      pending.set(id, end);
      child.channel?.ref();
      how.signal.addEventListener('abort', stop, { once: true });
      const { signal: _, ...told } = how;
      send(child, { id, args, how: told });
    });
  };
};

/** What it is told while it ends is lost: `exit` says so. */
const send = (child: ChildProcess, order: Order): void => void child.send(order, () => {});

/** This process does not wait for one that has nothing to do, and which ends with it. */
const rest = (child: ChildProcess): void => {
  child.unref();
  child.channel?.unref();
};
