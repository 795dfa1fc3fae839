/** The command line, in a process of its own or in one that answers a whole file of tests. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import path from 'node:path';
import pLimit from 'p-limit';
import { MAIN } from './program.ts';

const root = path.join(import.meta.dirname, '..');

export type Ended = Readonly<{ code: number; stdout: string; stderr: string }>;

/** AVA starts all tests of a file at once; that many programs would only stand in each other's way. */
const inTurn = pLimit(2);

/** Starts the program as an operator does. */
export const run = (...args: readonly string[]): Promise<Ended> =>
  inTurn(
    () =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          [MAIN, ...args],
          { cwd: root, maxBuffer: 50_000_000, env: { ...process.env, NO_COLOR: '1' } },
          (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
      }),
  );

/** What a process is asked that answers one line of arguments after another. */
export type Question = Readonly<{ args: readonly string[] }>;

/** What stands behind all that an answer writes, on both streams. */
export const endOf = (code: number): string => `\0the end: ${code}\0`;
const END = /\0the end: (\d+)\0$/;
const LONGEST_END = 40;

/** Who answers, where, and with which environment. */
type Answering = Readonly<{ program?: readonly string[]; cwd?: string; env?: NodeJS.ProcessEnv }>;

/**
 * What the program says, without starting it each time: starting takes several times as long as answering. For what only a
 * process of its own shows (that it ends, signals, streams that nobody reads), take `run`.
 */
export const asking = ({ program = [process.execPath], cwd = root, env = process.env }: Answering = {}) => {
  const oneByOne = pLimit(1);
  let child: ChildProcess | undefined;
  return (...args: readonly string[]): Promise<Ended> =>
    oneByOne(() => {
      child ??= start([...program, path.join(import.meta.dirname, 'answering.ts')], cwd, env);
      return answered(child, { args });
    });
};

/** One process for all tests of a file. */
export const ask = asking();

const start = ([file = '', ...args]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess => {
  const child = spawn(file, args, {
    cwd,
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8');
  return child;
};

const answered = async (child: ChildProcess, question: Question): Promise<Ended> => {
  hold(child, 'ref');
  child.send(question);
  const [stdout, stderr] = await Promise.all([textOf(child, 'stdout'), textOf(child, 'stderr')]);
  hold(child, 'unref');
  return { code: stdout.code, stdout: stdout.text, stderr: stderr.text };
};

/** Up to the end of the answer. */
const textOf = (child: ChildProcess, name: 'stdout' | 'stderr'): Promise<Readonly<{ text: string; code: number }>> =>
  new Promise((resolve, reject) => {
    let text = '';
    const died = (): void => reject(new Error(`the program ended instead of answering: ${text}`));
    const more = (piece: string): void => {
      text += piece;
      const end = END.exec(text.slice(-LONGEST_END));
      if (!end) return;
      child[name]?.off('data', more);
      child.off('close', died);
      resolve({ text: text.slice(0, -end[0].length), code: Number(end[1]) });
    };
    child[name]?.on('data', more);
    child.once('close', died);
  });

/** Only while it answers, it keeps a test from ending. */
const hold = (child: ChildProcess, how: 'ref' | 'unref'): void => {
  child[how]();
  child.channel?.[how]();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream[how]();
};
