/** A run as it was recorded, read without waiting and server by server: a comparison goes through runs larger than memory. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AnswerNote, Slot } from '../../diff/side.ts';
import { type Report, type Result, STATUSES, type TargetNote } from '../../model.ts';
import { serverKey } from '../../server-name.ts';
import { blobReaderNow, hexOf } from './blobs.ts';
import { hashNoteOf, noteOf } from './note.ts';
import { splitResults, unpackManifest, unpackResult, unpackResults, viewOf } from './packing.ts';
import { recordedRows, recordings, serverOf } from './read.ts';
import type { Rows } from './sqlite.ts';
import { spelledName, type Tables } from './tables.ts';

export type RecordedRun = Readonly<{
  /**
   * SHA-256 (hexadecimal) of a line for each server, in the order of the run: the SHA-256 of its results as they are stored,
   * that of its manifest, which holds those of the answers, and its name, with a blank between them.
   */
  sha256: string;
  summary: Report['summary'];
  /** Names of its servers, in its order. */
  names: readonly string[];
  /** Results, server by server, to be read when somebody looks at them. */
  slots(): Iterable<Slot>;
  /** The results of servers of which one is waived. */
  besideWaived(): Iterable<Result>;
  /** A server without what it was asked. */
  targetOf(name: string): TargetNote | undefined;
  /** What a server was asked, without what it answered. */
  answersOf(name: string): readonly AnswerNote[];
}>;

export const recordedRun = (db: Kysely<Tables>, rows: Rows, run: number): RecordedRun => {
  const blob = blobReaderNow(db, rows);
  const servers = rows(serversQuery(db, run).compile());
  const byName = new Map(servers.map((server) => [serverKey(server.name), server]));
  // Thousands are asked for: to compile the query takes longer than to answer it.
  const rowQuery = recordedRows(db).where('result.run_id', '=', run).where('result.target_id', '=', 0).compile();
  return {
    sha256: hashOf(servers),
    summary: summaryOf(servers),
    names: servers.map(({ name }) => name),
    *slots() {
      for (const server of servers) yield* slotsOf(server, viewOf(blob(server.results_sha)));
    },
    *besideWaived() {
      for (const { name, results_sha, waived } of servers)
        if (waived > 0) yield* unpackResults(blob(results_sha), name);
    },
    targetOf: (name) => {
      const query: typeof rowQuery = { ...rowQuery, parameters: [run, byName.get(serverKey(name))?.target_id ?? 0] };
      const [row] = rows(query);
      return row && noteOf(serverOf(row), []);
    },
    answersOf: (name) => {
      const server = byName.get(serverKey(name));
      return server ? unpackManifest(blob(server.manifest_sha)).map(hashNoteOf) : [];
    },
  };
};

/** Most results are what they were in the other run, byte for byte, so that nobody reads them. */
const slotsOf = function* (server: Server, bytes: Buffer): Iterable<Slot> {
  const { name } = server;
  const count = STATUSES.reduce((sum, status) => sum + server[status], 0);
  const parts = splitResults(bytes, count);
  if (parts) for (const part of parts) yield { bytes: part, of: name, read: () => unpackResult(part, name) };
  else for (const result of unpackResults(bytes, name)) yield { read: () => result };
};

const serversQuery = (db: Kysely<Tables>, run: number) =>
  recordings(db)
    .select(['result.target_id', 'results_sha', 'manifest_sha', ...STATUSES])
    .select(spelledName)
    .where('result.run_id', '=', run)
    .orderBy('run_target.position');

type Server = Awaited<ReturnType<ReturnType<typeof serversQuery>['execute']>>[number];

const hashOf = (servers: readonly Server[]): string => {
  const hash = createHash('sha256');
  for (const { name, results_sha, manifest_sha } of servers)
    hash.update(`${hexOf(results_sha)} ${hexOf(manifest_sha)} ${name}\n`);
  return hash.digest('hex');
};

const summaryOf = (servers: readonly Server[]): Report['summary'] => {
  const summary = { targets: servers.length, fail: 0, unknown: 0, waived: 0, inapplicable: 0, pass: 0 };
  for (const server of servers) for (const status of STATUSES) summary[status] += server[status];
  return summary;
};
