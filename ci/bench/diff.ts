/** Comparing two audits of a large fleet, beside merely reading and parsing the same reports; and the same as runs of a store. */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Contender,
  cpuOf,
  demand,
  fromTo,
  inTurns,
  MAIN,
  median,
  PEAK,
  peakOf,
  run,
  seconds,
  table,
} from './measure.ts';
import { storeRuns } from './stored-runs.ts';
import { writeTwoRuns } from './two-runs.ts';

const GOAL = '3 s';
const CHECKS = 40;
const PARSE = 'for (const file of process.argv.slice(1)) JSON.parse(require("node:fs").readFileSync(file, "utf8"))';

export type DiffBench = Readonly<{ servers: number; rounds: number }>;

/** Compares two runs in turns with reading them, and prints medians. */
export const benchDiff = async ({ servers, rounds }: DiffBench): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-bench-'));
  const runs = path.join(folder, 'runs', 'two');
  const sides = [path.join(runs, 'before.json'), path.join(runs, 'after.json')] as const;
  const store = path.join(folder, 'store.db');
  const log = path.join(folder, 'log');
  const costs = new Map<string, Cost[]>();
  const contender = (name: string, args: readonly string[], code = 0): Contender => ({
    name,
    run: async () => {
      const ran = await run(process.execPath, [PEAK, ...args], { log });
      await demand(ran.exitCode === code, name, ran);
      costs.set(name, [...(costs.get(name) ?? []), { cpuMs: await cpuOf(ran), peakKiB: await peakOf(ran) }]);
      return ran.ms;
    },
  });
  try {
    await mkdir(runs, { recursive: true });
    await writeTwoRuns(sides, { servers, checks: CHECKS });
    await storeRuns(store, sides);
    const taken = await inTurns(
      [
        contender('reading and hashing', [path.join(import.meta.dirname, 'read-and-hash.ts'), path.dirname(runs)]),
        contender('JSON.parse', ['-e', PARSE, ...sides]),
        contender('sstp-audit diff', [MAIN, 'diff', ...sides], 1),
        contender('sstp-audit diff, runs of a store', [MAIN, 'diff', 'run:1', 'run:2', '--store', store], 1),
        contender('sstp-audit diff, as JSON', [MAIN, 'diff', ...sides, '-r', `json:${path.join(folder, 'd.json')}`], 1),
      ],
      rounds,
    );
    const megabytes = (await Promise.all(sides.map((file) => stat(file)))).map(({ size }) => Math.round(size / 1e6));
    console.log(
      `\nTwo runs of ${servers * CHECKS} results, ${megabytes.join(' and ')} MB (goal: less than ${GOAL}):\n`,
    );
    print(taken, costs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

type Cost = Readonly<{ cpuMs: number; peakKiB: number }>;

const print = (taken: ReadonlyMap<string, readonly number[]>, costs: ReadonlyMap<string, readonly Cost[]>): void => {
  const rows = [...taken].map(([name, times]) => {
    const own = costs.get(name) ?? [];
    const memory = `${Math.round(Math.max(...own.map(({ peakKiB }) => peakKiB)) / 1_024)} MiB`;
    return [name, seconds(median(times)), fromTo(times), seconds(median(own.map(({ cpuMs }) => cpuMs))), memory];
  });
  console.log(table(['', 'median', 'from, to', 'CPU', 'peak memory'], rows));
};
