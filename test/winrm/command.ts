/** The command line in a process of its own, watched while it runs. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { setInterval } from 'node:timers/promises';
import { MAIN } from '../program.ts';

export type Ran = Readonly<{
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Every command line of every process that began meanwhile and was seen. */
  argv: ReadonlySet<string>;
}>;

const argvOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};

const pidsNow = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** `input` goes to standard input. */
export const command = async (args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ran> => {
  // What ran before cannot have been told anything by this run; reading all of that each time would be most of the work.
  const before = new Set(pidsNow());
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const argv = new Set<string>();
  const watching = new AbortController();
  const watch = async (): Promise<void> => {
    for await (const _ of setInterval(10, undefined, { signal: watching.signal }))
      for (const pid of pidsNow()) if (!before.has(pid)) argv.add(argvOf(pid));
  };
  const watched = watch().catch(() => undefined);
  const [stdout, stderr, exitCode] = await Promise.all([buffer(child.stdout), buffer(child.stderr), ended]);
  watching.abort();
  await watched;
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString(), argv };
};
