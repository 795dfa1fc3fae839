import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

const LONGEST_MS = 120_000;
let count = 0;

/** Environment variables. The programs see these and PATH, and nothing of the caller's. */
export type Environment = Readonly<Record<string, string>>;

const ended = (program: string, args: readonly string[], env: Environment, output: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const options = { env: { PATH, ...env }, timeout: LONGEST_MS, killSignal: 'SIGKILL' } as const;
    spawn(program, args, { ...options, stdio: ['ignore', output, output] })
      .on('error', reject)
      .on('exit', resolve);
  });

/**
 * Runs a program that must succeed; gives its output, and adds it to the log. The output goes to a file, never to a
 * pipe: a daemon that the program leaves behind would hold the pipe open for ever.
 */
export const run = async (log: string, env: Environment, program: string, ...args: string[]): Promise<string> => {
  const file = `${log}-${++count}`;
  const output = openSync(file, 'w+');
  try {
    const code = await ended(program, args, env, output);
    const text = readFileSync(file, 'latin1');
    await appendFile(log, `$ ${program} ${args.join(' ')}\n${text}`);
    if (code === 0) return text;
    throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${text.trim().slice(-1000)}`);
  } finally {
    closeSync(output);
    unlinkSync(file);
  }
};

/** Like Promise.all, but fails only when nothing is under way any more: what still runs would outlive the cleaning up. */
export const together = async <T>(under: readonly Promise<T>[]): Promise<readonly T[]> => {
  await Promise.allSettled(under);
  return Promise.all(under);
};
