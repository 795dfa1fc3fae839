import { hash } from 'node:crypto';
import type { Ignorance } from '../model.ts';
import type { Endpoint } from '../probe/seen.ts';

/** The bytes of one stream: absent `file` means that there were none. */
export type Stream = Readonly<{ file?: string; bytes: number; sha256: string }>;

/** One command and what came back for it. */
export type Entry = Readonly<{
  id: string;
  command: string;
  exitCode: number | null;
  startedAt: string;
  tookMs: number;
  complete: boolean;
  missing?: Ignorance;
  stdout: Stream;
  stderr: Stream;
}>;

/** manifest.json of an evidence folder. Times are ISO 8601, UTC, by the auditor's clock. */
export type Manifest = Readonly<{
  format: 'sstp-audit/evidence/1';
  tool: Readonly<{ name: 'sstp-audit'; version: string }>;
  target: Readonly<{ name: string; address: string; tags: readonly string[] }>;
  /** Asked on the server itself, from outside, or both. */
  vantage: 'server' | 'network' | 'both';
  transport: string;
  /** Where the probe was pointed at. */
  endpoint?: Endpoint;
  os: string | null;
  codePage: number | null;
  startedAt: string;
  finishedAt: string;
  entries: readonly Entry[];
}>;

/** A file of an answer, by its id; `n` stands before what was seen from outside. */
export const ANSWER_FILE = /^n?\d{3,4}\.(?:out|err)$/;

export const MANIFEST = 'manifest.json';
export const SEAL = 'SHA256SUMS';

const sums = new WeakMap<Uint8Array, string>();

/** In hexadecimal digits. An answer is hashed once, however often it is asked for; nothing changes its bytes. */
export const sha256 = (bytes: Uint8Array): string => {
  const known = sums.get(bytes) ?? hash('sha256', bytes);
  sums.set(bytes, known);
  return known;
};
