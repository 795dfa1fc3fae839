/** Judging recorded servers again in one process, beside merely reading and hashing the same files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Contender,
  demand,
  fromTo,
  inTurns,
  isWhole,
  MAIN,
  median,
  PEAK,
  peakOf,
  run,
  seconds,
  table,
} from './measure.ts';
import { auditOf, healthyNow, NAMES, PROFILE } from './recorded.ts';

const GOAL = 4;
const MERELY = 'reading and hashing';
const JUDGING = 'sstp-audit judge';

/** Each recorded server has a certificate of its own, as servers have. */
const record = async (parent: string, recordings: number): Promise<void> => {
  for (let at = 0; at < recordings; at++)
    await auditOf(await healthyNow(at), `vpn${String(at).padStart(4, '0')}`, parent);
};

export type RejudgeBench = Readonly<{ recordings: number; rounds: number }>;

/** Judges recordings in turns with reading them, and prints medians and their ratio. */
export const benchRejudge = async ({ recordings, rounds }: RejudgeBench): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-bench-'));
  const [evidence, json] = [path.join(folder, 'evidence'), path.join(folder, 'report.json')];
  const peaks = new Map<string, number>();
  const contender = (name: string, args: readonly string[], isDone: () => Promise<boolean>): Contender => ({
    name,
    run: async () => {
      await rm(json, { force: true });
      const ran = await run(process.execPath, [PEAK, ...args], { log: path.join(folder, 'log') });
      await demand(ran.exitCode === 0 && (await isDone()), name, ran);
      peaks.set(name, Math.max(await peakOf(ran), peaks.get(name) ?? 0));
      return ran.ms;
    },
  });
  const judging = ['-p', PROFILE, '--input', `publicNames=${NAMES}`, '-r', `json:${json}`];
  try {
    await record(evidence, recordings);
    const taken = await inTurns(
      [
        contender(MERELY, [path.join(import.meta.dirname, 'read-and-hash.ts'), evidence], async () => true),
        contender(JUDGING, [MAIN, 'judge', evidence, ...judging], () => isWhole(json, recordings)),
      ],
      rounds,
    );
    print(taken, peaks, recordings);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const print = (
  taken: ReadonlyMap<string, readonly number[]>,
  peaks: ReadonlyMap<string, number>,
  recordings: number,
): void => {
  const merely = median(taken.get(MERELY) ?? []);
  const rows = [...taken].map(([name, times]) => {
    const middle = median(times);
    const perSecond = `${Math.round(recordings / (middle / 1_000))}`;
    const memory = `${Math.round((peaks.get(name) ?? 0) / 1_024)} MiB`;
    return [name, seconds(middle), fromTo(times), perSecond, (middle / merely).toFixed(2), memory];
  });
  console.log(`\n${recordings} recorded servers, judged again in one process (goal: at most ${GOAL} times):\n`);
  console.log(table(['', 'median', 'from, to', 'servers per second', 'times', 'peak memory'], rows));
};
