/** What runs recorded of servers. Long lists are read in pages: nothing waits for a reader. */
import type { Kysely } from 'kysely';
import { type Evidence, REASONS, type Reason, type Result } from '../../model.ts';
import { blobReader } from './blobs.ts';
import { unpackManifest, unpackResults, unpackTimes } from './packing.ts';
import type { Tables } from './tables.ts';

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
  /** The answers, with their bytes: read when they are asked for. */
  evidence(): Promise<readonly Evidence[]>;
}>;

const PAGE = 100;

const query = (db: Kysely<Tables>) =>
  db
    .selectFrom('result')
    .innerJoin('run_target', (join) =>
      join.onRef('run_target.run_id', '=', 'result.run_id').onRef('run_target.target_id', '=', 'result.target_id'),
    )
    .innerJoin('target', 'target.id', 'result.target_id')
    .selectAll('result')
    .select(['run_target.position', 'target.name', 'target.site']);

type Row = Awaited<ReturnType<ReturnType<typeof query>['execute']>>[number];

/** The servers of a run, in its order. */
export const resultsOf = async function* (db: Kysely<Tables>, run: number): AsyncGenerator<Recorded> {
  const blob = blobReader(db);
  for (let after = -1; ; ) {
    const rows = await query(db)
      .where('result.run_id', '=', run)
      .where('run_target.position', '>', after)
      .orderBy('run_target.position')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield recordedOf(row, await blob(row.results_sha), blob);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
  }
};

/** One server's story: what each run recorded of it, the newest observation first. */
export const storyOf = async function* (db: Kysely<Tables>, target: string): AsyncGenerator<Recorded> {
  const blob = blobReader(db);
  const rows = await query(db).where('target.name', '=', target).orderBy('result.observed_at', 'desc').execute();
  for (const row of rows) yield recordedOf(row, await blob(row.results_sha), blob);
};

const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);

const recordedOf = (row: Row, results: Uint8Array, blob: (sha: Uint8Array) => Promise<Uint8Array>): Recorded => {
  const observedAt = new Date(row.observed_at);
  return {
    run: row.run_id,
    position: row.position,
    name: row.name,
    address: row.address,
    tags: JSON.parse(row.tags) as string[],
    ...(row.site !== null && { site: row.site }),
    os: row.os,
    reached: row.reached === 1,
    ...(row.reason !== null && isReason(row.reason) && { reason: row.reason }),
    ...(row.detail !== null && { detail: row.detail }),
    observedAt,
    tookMs: row.took_ms,
    attempts: row.attempts,
    codePage: row.code_page,
    results: unpackResults(results, row.name),
    evidence: () => evidenceOf(row, observedAt, blob),
  };
};

const NOTHING = new Uint8Array();

const evidenceOf = async (
  row: Row,
  observedAt: Date,
  blob: (sha: Uint8Array) => Promise<Uint8Array>,
): Promise<readonly Evidence[]> => {
  const entries = unpackManifest(await blob(row.manifest_sha));
  const times = unpackTimes(row.times, observedAt);
  const bytesOf = async (sha: string | undefined): Promise<Uint8Array> =>
    sha === undefined ? NOTHING : blob(Buffer.from(sha, 'hex'));
  const evidence: Evidence[] = [];
  for (const [at, { stdout, stderr, ...entry }] of entries.entries()) {
    const { startedAt = row.observed_at, tookMs = 0 } = times[at] ?? {};
    evidence.push({ ...entry, stdout: await bytesOf(stdout), stderr: await bytesOf(stderr), startedAt, tookMs });
  }
  return evidence;
};
