/** What runs recorded of servers. Long lists are read in pages: nothing waits for a reader. */
import type { Kysely } from 'kysely';
import { type Evidence, REASONS, type Reason, type Result } from '../../model.ts';
import { blobReader } from './blobs.ts';
import { type StoredEntry, unpackManifest, unpackResults, unpackTimes } from './packing.ts';
import { spelledName, type Tables } from './tables.ts';

/** A server as a run recorded it. */
export type Recorded = Readonly<{
  run: number;
  position: number;
  name: string;
  address: string;
  tags: readonly string[];
  site?: string;
  os: string | null;
  reached: boolean;
  reason?: Reason;
  detail?: string;
  observedAt: Date;
  tookMs: number;
  attempts: number;
  codePage: number | null;
  results: readonly Result[];
  /** What was asked, in order, and how it ended: read when it is asked for. */
  entries(): Promise<readonly Entry[]>;
  /** The answers, with their bytes; of these ids only, when some are given. */
  evidence(only?: ReadonlySet<string>): Promise<readonly Evidence[]>;
}>;

/** What was asked, and the hashes (hexadecimal) of what came back; none means no bytes. */
export type Entry = StoredEntry & Pick<Evidence, 'startedAt' | 'tookMs'>;

/** Rows that are read at once; between two pages timers and signals have their turn. */
const PAGE = 10;

/** What runs recorded, each row with its server. */
export const recordings = (db: Kysely<Tables>) =>
  db
    .selectFrom('result')
    .innerJoin('run_target', (join) =>
      join.onRef('run_target.run_id', '=', 'result.run_id').onRef('run_target.target_id', '=', 'result.target_id'),
    )
    .innerJoin('target', 'target.id', 'result.target_id');

/** Servers as runs recorded them. */
export const recordedRows = (db: Kysely<Tables>) =>
  recordings(db).selectAll('result').select(['run_target.position', 'target.site']).select(spelledName);

type Row = Awaited<ReturnType<ReturnType<typeof recordedRows>['execute']>>[number];

/** The servers of a run, in its order. */
export const resultsOf = async function* (db: Kysely<Tables>, run: number): AsyncGenerator<Recorded> {
  const blob = blobReader(db);
  for (let after = -1; ; ) {
    const rows = await recordedRows(db)
      .where('result.run_id', '=', run)
      .where('run_target.position', '>', after)
      .orderBy('run_target.position')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield recordedOf(row, await blob(row.results_sha), blob);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** One server's story: what each run recorded of it, the newest observation first. */
export const storyOf = async function* (db: Kysely<Tables>, target: string): AsyncGenerator<Recorded> {
  const blob = blobReader(db);
  const rows = await recordedRows(db).where('target.name', '=', target).orderBy('result.observed_at', 'desc').execute();
  for (const row of rows) yield recordedOf(row, await blob(row.results_sha), blob);
};

const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);

/** What a row says of a server by itself. */
export const serverOf = (row: Row): Omit<Recorded, 'results' | 'entries' | 'evidence'> => ({
  run: row.run_id,
  position: row.position,
  name: row.name,
  address: row.address,
  // We wrote it ourselves.
  tags: JSON.parse(row.tags) as string[],
  ...(row.site !== null && { site: row.site }),
  os: row.os,
  reached: row.reached === 1,
  ...(row.reason !== null && isReason(row.reason) && { reason: row.reason }),
  ...(row.detail !== null && { detail: row.detail }),
  observedAt: new Date(row.observed_at),
  tookMs: row.took_ms,
  attempts: row.attempts,
  codePage: row.code_page,
});

/** What was asked, of the manifest's bytes and the times of the row. */
export const entriesOf = (row: Row, manifest: Uint8Array): readonly Entry[] => {
  const times = unpackTimes(row.times, new Date(row.observed_at));
  return unpackManifest(manifest).map((entry, at) => ({
    ...entry,
    ...(times[at] ?? { startedAt: row.observed_at, tookMs: 0 }),
  }));
};

const recordedOf = (row: Row, results: Uint8Array, blob: (sha: Uint8Array) => Promise<Uint8Array>): Recorded => {
  const entries = async (): Promise<readonly Entry[]> => entriesOf(row, await blob(row.manifest_sha));
  const bytesOf = async (sha: string | undefined): Promise<Uint8Array> =>
    sha === undefined ? NOTHING : blob(Buffer.from(sha, 'hex'));
  return {
    ...serverOf(row),
    results: unpackResults(results, row.name),
    entries,
    evidence: async (only) => {
      const wanted = (await entries()).filter(({ id }) => !only || only.has(id));
      const evidence: Evidence[] = [];
      for (const { stdout, stderr, ...entry } of wanted)
        evidence.push({ ...entry, stdout: await bytesOf(stdout), stderr: await bytesOf(stderr) });
      return evidence;
    },
  };
};

const NOTHING = new Uint8Array();
