/** What one machine remembers of its audits: one file. Only commands that store load this. */
import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { cannot } from '../../file-trouble.ts';
import type { Status } from '../../model.ts';
import { codecWith } from './blobs.ts';
import { type Lock, lockPrune, lockRun } from './lock.ts';
import {
  type Change,
  changesSince,
  type Expiring,
  expiringBefore,
  type Names,
  type Now,
  namesOf,
  nowOf,
} from './now.ts';
import { HINT, openFile } from './open.ts';
import { type Pruned, pruneStore } from './prune.ts';
import { type Recorded, resultsOf, storyOf } from './read.ts';
import { type Record, recordTarget } from './record.ts';
import { type RecordedRun, recordedRun } from './recorded-run.ts';
import {
  type Begun,
  beginRun,
  finishRun,
  type Journaled,
  journalOf,
  type Run,
  type RunEnd,
  type RunPlan,
  runsOf,
} from './runs.ts';
import { rowsOf, sqliteDialect } from './sqlite.ts';
import { tellingOf } from './sqlite-trouble.ts';
import type { Tables } from './tables.ts';
import { type Standing, trendOf } from './trend.ts';

export type { Journaled, Run, RunPlan } from './runs.ts';

export type Store = Readonly<{
  file: string;
  /** Writes a run and its journal, and locks it. */
  begin(plan: RunPlan, startedAt: Date): Promise<Begun>;
  /** Keeps other processes from going on with a run; undefined when one does. */
  lock(run: number): Lock | undefined;
  /** The servers of a run, in its order. */
  journal(run: number): Promise<readonly Journaled[]>;
  /** Records a server, once. Throws for one that is recorded already. */
  record(record: Record): Promise<void>;
  finish(run: number, end: RunEnd): Promise<void>;
  /** Runs, the newest first. */
  runs(): Promise<readonly Run[]>;
  /** What a run recorded, in its order. */
  results(run: number): AsyncIterable<Recorded>;
  /** The same for a comparison, which does not wait. */
  recorded(run: number): RecordedRun;
  /** What runs recorded of one server, the newest observation first. */
  story(target: string): AsyncIterable<Recorded>;
  /** Every server and check that it remembers. */
  names(): Promise<Names>;
  /** What changed at an instant (ISO 8601, UTC) or later. */
  changes(since: string): AsyncIterable<Change>;
  /** What has one of these statuses now, and since when. */
  now(statuses: readonly Status[]): Promise<readonly Now[]>;
  /** Certificates that end before an instant (ISO 8601, UTC). */
  expiring(before: string): Promise<readonly Expiring[]>;
  /** How a check stood day by day, the newest first, back to a day such as 2026-11-26. */
  trend(check: string, since: string): Promise<readonly Standing[]>;
  /** Forgets runs that began before an instant and saw no server since, and answers that nothing needs any more; or only counts them. */
  prune(before: string, how: Readonly<{ remove: boolean; vacuum: boolean }>): Promise<Pruned>;
  close(): Promise<void>;
}>;

/**
 * `dictionary`: words that are frequent in answers and results; what is stored is smaller with it. `mustExist`: never makes a
 * file. `toRead`: nothing will be written, so that a store that cannot be written will do.
 */
export type StoreOptions = Readonly<{ dictionary?: Uint8Array; mustExist?: boolean; toRead?: boolean }>;

/** Opens a store, and makes or migrates it. Throws Mistake for a file that is none. */
export const openStore = async (
  file: string,
  { dictionary, mustExist = false, toRead = false }: StoreOptions = {},
): Promise<Store> => {
  if (mustExist) await stat(file).catch(cannot('read', file, HINT));
  const { database, lying } = await openFile(file, toRead);
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database, file) });
  const codec = await codecWith(db, dictionary);
  const telling = tellingOf(file);
  const lock = (run: number): Lock | undefined => (lying ? NO_LOCK : telling(() => lockRun(file, run)));
  return {
    file,
    begin: (plan, startedAt) => beginRun(db, { plan, startedAt, lockRun: lock }),
    lock,
    journal: (run) => journalOf(db, run),
    record: oneByOne((record) => recordTarget(db, codec, record)),
    finish: (run, end) => finishRun(db, run, end),
    runs: () => runsOf(db),
    results: (run) => resultsOf(db, run),
    recorded: (run) => recordedRun(db, rowsOf(database, file), run),
    story: (target) => storyOf(db, target),
    names: () => namesOf(db),
    changes: (since) => changesSince(db, since),
    now: (statuses) => nowOf(db, statuses),
    expiring: (before) => expiringBefore(db, before),
    trend: (check, since) => trendOf(db, check, since),
    prune: (before, how) =>
      pruneStore(db, {
        ...how,
        before,
        lockRun: lock,
        lockStore: () => lockPrune(file),
      }),
    close: async () => {
      await db.destroy();
      // The query builder leaves open what it was never asked for.
      if (database.isOpen) database.close();
      await lying?.();
    },
  };
};

/** Where nothing can be written, nobody forgets or goes on with anything either. */
const NO_LOCK: Lock = { release: () => {} };

/**
 * Servers that end together mostly answered alike: the second one finds in the store what the first one has written. Between
 * two of them timers and connections have their turn: SQLite waits for nothing, so a row of them would block all else.
 */
const oneByOne = <T>(work: (item: T) => Promise<void>): ((item: T) => Promise<void>) => {
  let last = Promise.resolve();
  return (item) => {
    const mine = last.then(() => work(item));
    last = mine.catch(() => {}).then(() => setImmediate());
    return mine;
  };
};
