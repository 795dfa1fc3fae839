/** How the benches measure: whole programs, by the clock, in turns; and how they print what came out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../../engine/model.ts';
import { buildInto } from '../build.ts';

const DIST = path.join(import.meta.dirname, '../../dist');

/** Builds the program as it is published, and the contenders that are made of its parts. */
export const buildAll = (): Promise<void> =>
  buildInto(DIST, ['ci/bench/look.ts', 'ci/bench/ssh-ask.ts', 'ci/bench/winrm-ask.ts']);

/** The program that is measured. */
export const MAIN = path.join(DIST, 'main.mjs');

/** A contender that was built with it. */
export const builtPart = (name: 'look' | 'ssh-ask' | 'winrm-ask'): string => path.join(DIST, `${name}.mjs`);

/** How a program ended, and how long it took, in milliseconds of wall time. Its output is in the file `log`. */
export type Ran = Readonly<{ ms: number; exitCode: number | null; log: string }>;
type How = Readonly<{ log: string; input?: string; env?: Readonly<Record<string, string>>; cwd?: string }>;

/** Runs a program to its end; what it says goes to a file, so that this process does nothing meanwhile. */
export const run = async (file: string, args: readonly string[], { log, input, env, cwd }: How): Promise<Ran> => {
  const output = await open(log, 'w');
  const from = input === undefined ? undefined : await open(input);
  const started = process.hrtime.bigint();
  const child = spawn(file, args, {
    stdio: [from?.fd ?? 'ignore', output.fd, output.fd],
    env: { ...process.env, ...env },
    ...(cwd && { cwd }),
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  await Promise.all([output.close(), from?.close()]);
  return { ms, exitCode, log };
};

/** Someone who does the work: `run` gives the milliseconds it took, and throws unless the work was done. */
export type Contender = Readonly<{ name: string; run(): Promise<number> }>;

/** Throws with the end of the log when a run did not do its work. */
export const demand = async (done: boolean, what: string, { exitCode, log }: Ran): Promise<void> => {
  if (done) return;
  const tail = (await readFile(log, 'utf8')).slice(-2_000);
  throw new Error(`${what} did not do the work (exit code ${exitCode}):\n${tail}`);
};

/** Whether a JSON report is about that many targets, and every result in it is a pass or does not apply. */
export const isWhole = async (json: string, targets: number): Promise<boolean> => {
  const { summary } = JSON.parse(await readFile(json, 'utf8')) as Report;
  return summary.targets === targets && summary.pass > 0 && summary.unknown + summary.fail === 0;
};

/** Makes a Node process say how much memory it needed at most, and what it computed, when it ends. */
const SAY_PEAK =
  "process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();" +
  " process.stderr.write('peak ' + maxRSS + ' KiB\\ncpu ' + (userCPUTime + systemCPUTime) + ' us\\n') })";
export const PEAK = `--import=data:text/javascript,${encodeURIComponent(SAY_PEAK)}`;

/** That much, in KiB. */
export const peakOf = async ({ log }: Ran): Promise<number> =>
  Number(/^peak (\d+) KiB$/m.exec(await readFile(log, 'utf8'))?.[1]);

/** Processor time of all its threads, in milliseconds. */
export const cpuOf = async ({ log }: Ran): Promise<number> =>
  Number(/^cpu (\d+) us$/m.exec(await readFile(log, 'utf8'))?.[1]) / 1_000;

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** Milliseconds of each contender in each round, after one round that warms caches and does not count. */
export const inTurns = async (
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const taken = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const { name, run: work } of contenders) {
      const ms = await work();
      if (round > 0) taken.get(name)?.push(ms);
      process.stderr.write(`  ${round === 0 ? 'warm-up' : `round ${round}`}: ${name}: ${seconds(ms)}\n`);
    }
  return taken;
};

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/** The least and the most of some times. */
export const fromTo = (times: readonly number[]): string =>
  `${seconds(Math.min(...times))} to ${seconds(Math.max(...times))}`;

/** A table in Markdown, so that it can go into a README as it is. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};
