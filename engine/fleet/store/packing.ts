/** What is stored of an audited server: results and manifest as JSON, answers as bytes; and back again. */
import type { Evidence, Result } from '../../model.ts';

/** A result without its target, which its row names. */
type StoredResult = Omit<Result, 'target'>;

/** What was asked and how it ended. Times are kept apart, so that servers that answer alike share a manifest. */
export type StoredEntry = Readonly<
  Pick<Evidence, 'id' | 'command' | 'exitCode' | 'missing'> & { stdout?: string; stderr?: string }
>;

/** Start of each answer and its duration in milliseconds. The start is counted from the audit's, in milliseconds. */
type Times = readonly (readonly [start: number | string, tookMs: number])[];

/** The same bytes, not a copy. */
export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const dataOf = (bytes: Uint8Array): unknown => JSON.parse(viewOf(bytes).toString('utf8'));

export const packResults = (results: readonly Result[]): Uint8Array =>
  bytesOf(results.map(({ target: _, ...rest }): StoredResult => rest));

/** No text holds it, since quotes in texts are escaped. */
const BETWEEN = Buffer.from('},{"check":');

/** The bytes of each result; nothing where so many cannot be told apart at a glance. */
export const splitResults = (bytes: Buffer, count: number): readonly Buffer[] | undefined => {
  const parts: Buffer[] = [];
  for (let from = 1; from < bytes.length; ) {
    const at = bytes.indexOf(BETWEEN, from);
    const end = at < 0 ? bytes.length - 1 : at + 1;
    parts.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return parts.length === count ? parts : undefined;
};

export const unpackResult = (bytes: Buffer, target: string): Result => ({
  ...(dataOf(bytes) as StoredResult),
  target,
});

/** We wrote it ourselves, and its hash says that it is what we wrote. */
export const unpackResults = (bytes: Uint8Array, target: string): readonly Result[] =>
  (dataOf(bytes) as readonly StoredResult[]).map((result) => ({ ...result, target }));

/** Hashes are hexadecimal; none means no bytes. */
export const packManifest = (evidence: readonly Evidence[], hashOf: (bytes: Uint8Array) => string): Uint8Array =>
  bytesOf(
    evidence.map(
      ({ id, command, exitCode, missing, stdout, stderr }): StoredEntry => ({
        id,
        command,
        exitCode,
        ...(missing && { missing }),
        ...(stdout.length > 0 && { stdout: hashOf(stdout) }),
        ...(stderr.length > 0 && { stderr: hashOf(stderr) }),
      }),
    ),
  );

export const unpackManifest = (bytes: Uint8Array): readonly StoredEntry[] => dataOf(bytes) as readonly StoredEntry[];

export const packTimes = (evidence: readonly Evidence[], observedAt: Date): string =>
  JSON.stringify(
    evidence.map(({ startedAt, tookMs }): Times[number] => {
      const ms = Date.parse(startedAt) - observedAt.getTime();
      // A recording may tell its time in another form, which comes back as it was.
      return [startOf(ms, observedAt) === startedAt ? ms : startedAt, tookMs];
    }),
  );

const startOf = (ms: number, observedAt: Date): string => new Date(observedAt.getTime() + ms).toISOString();

export const unpackTimes = (text: string, observedAt: Date): readonly Pick<Evidence, 'startedAt' | 'tookMs'>[] =>
  (JSON.parse(text) as Times).map(([start, tookMs]) => ({
    startedAt: typeof start === 'string' ? start : startOf(start, observedAt),
    tookMs,
  }));
