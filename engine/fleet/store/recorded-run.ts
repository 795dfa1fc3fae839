/** A run as it was recorded, read without waiting and server by server: a comparison goes through runs larger than memory. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type Report, type Result, STATUSES, type TargetNote } from '../../model.ts';
import { blobReaderNow } from './blobs.ts';
import { answerOf, noteOf } from './note.ts';
import { unpackResults } from './packing.ts';
import { entriesOf, recordedRows, serverOf } from './read.ts';
import type { Rows } from './sqlite.ts';
import type { Tables } from './tables.ts';

export type RecordedRun = Readonly<{
  /**
   * SHA-256 (hexadecimal) of a line for each server, in the order of the run: the SHA-256 of its results as they are stored,
   * that of its manifest, which holds those of the answers, and its name, with a blank between them.
   */
  sha256: string;
  summary: Report['summary'];
  /** Names of its servers, in its order. */
  names: readonly string[];
  /** Results, server by server; of servers with a waived result only, if that is asked. */
  results(only?: 'waived'): Iterable<Result>;
  /** A server with what it was asked, but without what it answered. */
  targetOf(name: string): TargetNote | undefined;
}>;

export const recordedRun = (db: Kysely<Tables>, rows: Rows, run: number): RecordedRun => {
  const blob = blobReaderNow(db, rows);
  const servers = rows(serversQuery(db, run).compile());
  const ids = new Map(servers.map(({ name, target_id }) => [name, target_id]));
  return {
    sha256: hashOf(servers),
    summary: summaryOf(servers),
    names: [...ids.keys()],
    *results(only) {
      for (const { name, results_sha, waived } of servers)
        if (!only || waived > 0) yield* unpackResults(blob(results_sha), name);
    },
    targetOf: (name) => {
      const [row] = rows(
        recordedRows(db)
          .where('result.run_id', '=', run)
          .where('result.target_id', '=', ids.get(name) ?? 0)
          .compile(),
      );
      return row && noteOf(serverOf(row), entriesOf(row, blob(row.manifest_sha)).map(answerOf));
    },
  };
};

const serversQuery = (db: Kysely<Tables>, run: number) =>
  db
    .selectFrom('result')
    .innerJoin('run_target', (join) =>
      join.onRef('run_target.run_id', '=', 'result.run_id').onRef('run_target.target_id', '=', 'result.target_id'),
    )
    .innerJoin('target', 'target.id', 'result.target_id')
    .select(['target.name', 'result.target_id', 'results_sha', 'manifest_sha', ...STATUSES])
    .where('result.run_id', '=', run)
    .orderBy('run_target.position');

type Server = Awaited<ReturnType<ReturnType<typeof serversQuery>['execute']>>[number];

const hashOf = (servers: readonly Server[]): string => {
  const hash = createHash('sha256');
  const hex = (sha: Uint8Array): string => Buffer.from(sha).toString('hex');
  for (const { name, results_sha, manifest_sha } of servers)
    hash.update(`${hex(results_sha)} ${hex(manifest_sha)} ${name}\n`);
  return hash.digest('hex');
};

const summaryOf = (servers: readonly Server[]): Report['summary'] => {
  const summary = { targets: servers.length, fail: 0, unknown: 0, waived: 0, inapplicable: 0, pass: 0 };
  for (const server of servers) for (const status of STATUSES) summary[status] += server[status];
  return summary;
};
