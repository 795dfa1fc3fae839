/** Forgets what is old: runs by their age, then the answers that no kept result needs. */
import { type Kysely, sql } from 'kysely';
import { Mistake } from '../../mistake.ts';
import type { Lock } from './lock.ts';
import { deadBlobs, type Marked, markLive, sweep } from './sweep.ts';
import type { Tables } from './tables.ts';

/** What was forgotten, or would be. `bytes` is what its answers take in the file. */
export type Pruned = Readonly<{
  runs: readonly OldRun[];
  /** Runs that are old enough, but are held, or go on in another process. */
  spared: readonly OldRun[];
  results: number;
  /** Servers that no kept run is about. */
  servers: number;
  blobs: number;
  bytes: number;
}>;

export type OldRun = Readonly<{ id: number; startedAt: string; expected: number; isFinished: boolean }>;

type Options = Readonly<{
  /** ISO 8601, UTC: runs that began before it, and saw no server since, are old. */
  before: string;
  /** Otherwise it is only counted. */
  remove: boolean;
  /** Gives back to the file system what is free in the file then. */
  vacuum: boolean;
  lockRun(run: number): Lock | undefined;
  lockStore(): Lock | undefined;
}>;

/** Throws Mistake while another process forgets in the same store, and where a run that goes on would be kept from writing. */
export const pruneStore = async (db: Kysely<Tables>, options: Options): Promise<Pruned> => {
  const lock = options.lockStore();
  if (!lock) throw new Mistake('another process prunes this store', 'wait for its end');
  try {
    if (options.remove && options.vacuum) await needQuiet(db, options);
    return await pruneLocked(db, options);
  } finally {
    lock.release(true);
  }
};

/** Nobody else writes while room is given back, which in a large store takes longer than a run waits. */
const needQuiet = async (db: Kysely<Tables>, { lockRun }: Options): Promise<void> => {
  for (const { id } of await db.selectFrom('run').select('id').where('finished_at', 'is', null).execute()) {
    const lock = lockRun(id);
    if (!lock)
      throw new Mistake(`run ${id} goes on, and could not write meanwhile`, 'wait for its end, or leave out --vacuum');
    lock.release(false);
  }
};

const pruneLocked = async (db: Kysely<Tables>, { before, remove, vacuum, lockRun }: Options): Promise<Pruned> => {
  const old = await runsBefore(db, before);
  const locks = old.map(({ isHeld, ...run }) => ({ run, lock: isHeld ? undefined : lockRun(run.id) }));
  const free = locks.filter(({ lock }) => lock !== undefined).map(({ run }) => run);
  try {
    const kept = await markLive(
      db,
      free.map(({ id }) => id),
    );
    const pruned = {
      runs: free,
      spared: locks.filter(({ lock }) => lock === undefined).map(({ run }) => run),
      ...(await countOf(
        db,
        free.map(({ id }) => id),
      )),
      ...(await deadBlobs(db)),
    };
    if (remove) await removeAll(db, free, kept);
    if (remove && vacuum) await sql`vacuum`.execute(db);
    return pruned;
  } finally {
    // The lock of a run that can be gone on with stays where it is.
    for (const { run, lock } of locks) lock?.release(remove || run.isFinished);
  }
};

type Found = OldRun & Readonly<{ isHeld: boolean }>;

/** A run that was gone on with late may be the last that saw a server. What was seen after it was recorded, a wrong clock dated. */
const runsBefore = async (db: Kysely<Tables>, before: string): Promise<readonly Found[]> => {
  const rows = await db
    .selectFrom('run')
    .select(['id', 'started_at', 'expected', 'finished_at', 'hold'])
    .where('started_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('result')
            .select('result.run_id')
            .whereRef('result.run_id', '=', 'run.id')
            .where('observed_at', '>=', before)
            .whereRef('observed_at', '<=', 'result.recorded_at'),
        ),
      ),
    )
    .orderBy('id')
    .execute();
  return rows.map(({ id, started_at, expected, finished_at, hold }) => ({
    id,
    startedAt: started_at,
    expected,
    isFinished: finished_at !== null,
    isHeld: hold !== 0,
  }));
};

const countOf = async (db: Kysely<Tables>, runs: readonly number[]): Promise<Pick<Pruned, 'results' | 'servers'>> => {
  if (runs.length === 0) return { results: 0, servers: 0 };
  const count = sql<number>`count(*)`.as('count');
  const results = await db.selectFrom('result').select(count).where('run_id', 'in', runs).executeTakeFirstOrThrow();
  const servers = await db
    .selectFrom('target')
    .select(count)
    .where('id', 'not in', ({ selectFrom }) =>
      selectFrom('run_target').select('target_id').where('run_id', 'not in', runs),
    )
    .executeTakeFirstOrThrow();
  return { results: Number(results.count), servers: Number(servers.count) };
};

/** Run by run, each whole: whoever writes meanwhile waits for one of them at most. What follows from runs goes with them. */
const removeAll = async (db: Kysely<Tables>, runs: readonly OldRun[], kept: Marked): Promise<void> => {
  for (const { id } of runs)
    await db.transaction().execute((trx) => trx.deleteFrom('run').where('id', '=', id).execute());
  await db.transaction().execute(async (trx) => {
    await sql`delete from finding_now where last_run not in (select id from run)`.execute(trx);
    await sql`delete from cert_now where last_run not in (select id from run)`.execute(trx);
    await sql`delete from target where id not in (select target_id from run_target)
      and id not in (select target_id from finding_now) and id not in (select target_id from cert_now)`.execute(trx);
  });
  await sweep(db, kept);
};
