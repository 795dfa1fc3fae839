/** Records an audited server: everything that follows from it in one transaction, once. */
import type { Kysely, Transaction } from 'kysely';
import type { Audited } from '../../audit.ts';
import { countsOf } from '../../counts.ts';
import { type Codec, hexOf, prepareBlobs, shaOf, writeBlobs } from './blobs.ts';
import { recordCertificates } from './certificate-now.ts';
import type { Certificates } from './certificates.ts';
import { recordFindings } from './findings.ts';
import type { Place } from './observation.ts';
import { packManifest, packResults, packTimes } from './packing.ts';
import type { Tables } from './tables.ts';

/** What is recorded of a server. Without `certificates` nothing was learned about them. */
export type Record = Readonly<{
  run: number;
  targetId: number;
  audited: Audited;
  attempts: number;
  certificates?: Certificates;
}>;

/** Throws for a server that is recorded already, or that the run is not about. */
export const recordTarget = async (db: Kysely<Tables>, codec: Codec, record: Record): Promise<void> => {
  const { run, targetId, audited, certificates } = record;
  const { evidence, results } = audited;
  const bodies = { results: packResults(results), manifest: packManifest(evidence, (bytes) => hexOf(shaOf(bytes))) };
  const answers = evidence.flatMap(({ stdout, stderr }) => [stdout, stderr]).filter(({ length }) => length > 0);
  const blobs = await prepareBlobs(db, codec, [...answers, bodies.results, bodies.manifest]);
  const recordedAt = new Date().toISOString();
  const place = { run, targetId, observedAt: audited.observedAt.toISOString(), recordedAt };
  await db.transaction().execute(async (trx) => {
    await claim(trx, place);
    await writeBlobs(trx, codec, blobs);
    await trx
      .insertInto('result')
      .values(rowOf(record, place, bodies))
      .execute();
    await recordFindings(trx, place, results);
    if (certificates) await recordCertificates(trx, place, certificates);
  });
};

/** The first guard: a server of a run is recorded when it was not; the second one is the key of its row. */
const claim = async (trx: Transaction<Tables>, { run, targetId, recordedAt }: Place): Promise<void> => {
  const { numUpdatedRows } = await trx
    .updateTable('run_target')
    .set({ recorded_at: recordedAt, listed: null })
    .where('run_id', '=', run)
    .where('target_id', '=', targetId)
    .where('recorded_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`target ${targetId} of run ${run} is recorded already, or not planned`);
};

const rowOf = (
  { audited, attempts }: Record,
  { run, targetId, observedAt, recordedAt }: Place,
  bodies: Readonly<{ results: Uint8Array; manifest: Uint8Array }>,
) => {
  const { note, results, codePage, evidence } = audited;
  return {
    run_id: run,
    target_id: targetId,
    address: note.address,
    tags: JSON.stringify(note.tags),
    recorded_at: recordedAt,
    observed_at: observedAt,
    took_ms: Math.round(note.tookMs),
    attempts,
    os: note.os,
    code_page: codePage,
    reached: Number(note.reached),
    reason: note.reason ?? null,
    detail: note.detail ?? null,
    ...countsOf(results),
    results_sha: shaOf(bodies.results),
    manifest_sha: shaOf(bodies.manifest),
    times: packTimes(evidence, audited.observedAt),
  };
};
