/** Mark and sweep: a blob stays as long as a result needs it, and never goes by its age. */
import { type Kysely, sql } from 'kysely';
import { blobReader } from './blobs.ts';
import { unpackManifest } from './packing.ts';
import type { Tables } from './tables.ts';

/** Blobs that are removed in one transaction: other processes wait for it. */
const PORTION = 2_000;
/** Hashes that one statement takes. */
const CHUNK = 100;

/** How far results were looked at. The marks themselves are in a table that only this connection sees. */
export type Marked = Readonly<{ upTo: number }>;

/** Marks what the results need, but for those of some runs. */
export const markLive = async (db: Kysely<Tables>, without: readonly number[]): Promise<Marked> => {
  await sql`drop table if exists temp.live`.execute(db);
  await sql`drop table if exists temp.gone`.execute(db);
  await sql`create temp table live (sha blob primary key) without rowid`.execute(db);
  await sql`create temp table gone (run_id integer primary key)`.execute(db);
  for (const run of without) await sql`insert into temp.gone values (${run})`.execute(db);
  return markFrom(db, { upTo: 0 });
};

/** How many blobs nothing needs, and what they take. */
export const deadBlobs = async (db: Kysely<Tables>): Promise<Readonly<{ blobs: number; bytes: number }>> => {
  const { rows } = await sql<{ blobs: number; bytes: number | null }>`
    select count(*) as blobs, sum(length(body)) as bytes from blob where sha not in (select sha from temp.live)
  `.execute(db);
  return { blobs: Number(rows[0]?.blobs ?? 0), bytes: Number(rows[0]?.bytes ?? 0) };
};

/**
 * Removes what is not marked. Whoever records meanwhile is looked at in the same transaction that removes, and looks himself
 * for what is gone: so no result ever lacks a blob.
 */
export const sweep = async (db: Kysely<Tables>, marked: Marked): Promise<void> => {
  // Marks are what keeps a blob; without an index on what refers to it, SQLite would read all results for each.
  await sql`pragma foreign_keys = off`.execute(db);
  try {
    for (let left = marked; ; ) {
      const { next, removed } = await db.transaction().execute(async (trx) => {
        const upTo = await markFrom(trx, left);
        const { numAffectedRows } = await sql`
          delete from blob where sha in (select sha from blob where sha not in (select sha from temp.live) limit ${PORTION})
        `.execute(trx);
        return { next: upTo, removed: Number(numAffectedRows ?? 0) };
      });
      if (removed < PORTION) return;
      left = next;
    }
  } finally {
    await sql`pragma foreign_keys = on`.execute(db);
  }
};

/**
 * Of the rows that are kept none goes meanwhile, so that the number of the last one says how far we are. The numbers of those
 * that go are given anew.
 */
const markFrom = async (db: Kysely<Tables>, { upTo }: Marked): Promise<Marked> => {
  const kept = sql`run_id not in (select run_id from temp.gone)`;
  const { rows } = await sql<{ last: number | null }>`select max(rowid) as last from result where ${kept}`.execute(db);
  const last = Math.max(upTo, Number(rows[0]?.last ?? 0));
  const since = sql`from result where rowid > ${upTo} and ${kept}`;
  await sql`insert or ignore into temp.live select results_sha ${since}`.execute(db);
  await markManifests(db, upTo);
  return { upTo: last };
};

/** A manifest is marked after what it names: one that is marked needs no second look. */
const markManifests = async (db: Kysely<Tables>, upTo: number): Promise<void> => {
  const blob = blobReader(db);
  for (;;) {
    const { rows } = await sql<{ sha: Uint8Array }>`
      select distinct manifest_sha as sha from result
      where rowid > ${upTo} and run_id not in (select run_id from temp.gone) and manifest_sha not in (select sha from temp.live)
      limit ${CHUNK}
    `.execute(db);
    for (const { sha } of rows) {
      const named = unpackManifest(await blob(sha)).flatMap(({ stdout, stderr }) => [stdout, stderr]);
      const shas = named.flatMap((one) => (one === undefined ? [] : [Buffer.from(one, 'hex')]));
      await markAll(db, [...shas, sha]);
    }
    if (rows.length < CHUNK) return;
  }
};

const markAll = async (db: Kysely<Tables>, shas: readonly Uint8Array[]): Promise<void> => {
  for (let from = 0; from < shas.length; from += CHUNK) {
    const values = shas.slice(from, from + CHUNK).map((sha) => sql`(${sha})`);
    await sql`insert or ignore into temp.live values ${sql.join(values)}`.execute(db);
  }
};
