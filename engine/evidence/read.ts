import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { complaintsBy, formOf } from '../document/validate.ts';
import { fileTrouble, isAbsence, reading } from '../file-trouble.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import type { Evidence, Ignorance } from '../model.ts';
import { printable } from '../printable.ts';
import { MANIFEST, type Manifest, SEAL, type Stream, sha256 } from './manifest.ts';
import { readPlainFile } from './plain-file.ts';
import { manifestSchema } from './schema.ts';
import { isOurs, isUnfinished, UNFINISHED, unfinishedManifest } from './unfinished.ts';

/**
 * A folder as it was read. `broken` says why nothing in it counts: it is not what its seal says, or was never sealed. `changed`
 * tells the former also where some of it cannot be read. `seal`: the bytes of that; an unfinished folder has none.
 */
export type Recording = Readonly<{
  manifest: Manifest;
  evidence: readonly Evidence[];
  seal?: Buffer;
  broken?: Ignorance;
  changed?: string;
}>;

const HINT = 'name a folder that gather or --evidence wrote';

const read = (folder: string, file: string): Buffer => {
  const place = path.join(folder, file);
  return reading(place, HINT, () => readPlainFile(place));
};

/** Lines of `sha256sum`: 64 hexadecimal digits, two blanks, a file of this folder. */
const sealOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^([0-9a-f]{64}) {2}([\w.-]+)$/gm)].map(([, sum = '', file = '']) => [file, sum]));

/** A line of another form, or of a file that another line names, too: sha256sum would hold the folder to it. */
const strayLines = (text: string, seal: ReadonlyMap<string, string>): readonly string[] =>
  text.split(/\r?\n/).filter(Boolean).length === seal.size
    ? []
    : [`${SEAL} has lines of another form, or two for one file`];

/** Files that are not sealed, sealed files that are not there, and files that are not as they were sealed. Unread ones have no bytes. */
const differences = (
  files: readonly string[],
  seal: ReadonlyMap<string, string>,
  bytes: ReadonlyMap<string, Buffer | undefined>,
): readonly string[] => {
  const there = new Set(files);
  const extra = files.filter((file) => file !== SEAL && !seal.has(file)).map((file) => `${file} is not in ${SEAL}`);
  const changed = [...seal].flatMap(([file, sum]) => {
    const content = bytes.get(file);
    if (file === SEAL || !there.has(file)) return [`${file} is in ${SEAL} and not in the folder`];
    if (!content) return bytes.has(file) ? [] : [`${file} is in ${SEAL} and not in the manifest`];
    return sha256(content) === sum ? [] : [`${file} is not what ${SEAL} says`];
  });
  return [...changed, ...extra];
};

/** Files that the manifest tells of, and that were sealed as something else, or not at all. */
const contradictions = (manifest: Manifest, seal: ReadonlyMap<string, string>): readonly string[] =>
  streamsOf(manifest).flatMap(({ file, sha256: sum }) =>
    file && seal.get(file) !== sum ? [`${file} is not what ${MANIFEST} says`] : [],
  );

/** Whether a folder holds evidence, finished or not. */
export const holdsEvidence = async (folder: string): Promise<boolean> => isOurs(await readdir(folder));

/** Reads only what a folder says of itself. Throws Mistake for a folder that holds no evidence of ours. */
export const readManifest = async (folder: string): Promise<Manifest> => (await manifestIn(folder)).manifest;

/** The bytes are those that were parsed, so that it is them that are held to the seal; an unfinished folder has none. */
const manifestIn = async (folder: string): Promise<Readonly<{ manifest: Manifest; bytes?: Buffer }>> => {
  try {
    const bytes = read(folder, MANIFEST);
    return { manifest: parse(bytes, path.join(folder, MANIFEST)), bytes };
  } catch (error) {
    if (isUnfinished(await readdir(folder).catch(() => []))) return { manifest: await unfinishedManifest(folder) };
    throw error;
  }
};

/** Reads a folder. Throws Mistake for one that holds no evidence of ours. */
export const readFolder = async (folder: string): Promise<Recording> => {
  const { manifest, bytes } = await manifestIn(folder);
  const files = readdirSync(folder);
  if (!bytes || isUnfinished(files)) return { manifest, evidence: [], broken: UNFINISHED };
  return readSealed(folder, files, manifest, bytes);
};

const readSealed = (folder: string, files: readonly string[], manifest: Manifest, manifestBytes: Buffer): Recording => {
  const sealBytes = read(folder, SEAL);
  const sealText = sealBytes.toString('latin1');
  const seal = sealOf(sealText);
  const bytes = new Map<string, Buffer | undefined>([[MANIFEST, manifestBytes]]);
  const unread: string[] = [];
  let left: number = LIMITS.folderBytes;
  for (const file of sealedIn(manifest, seal))
    try {
      const content = readPlainFile(`${folder}${path.sep}${file}`, left);
      bytes.set(file, content);
      left -= content.length;
    } catch (error) {
      if (isAbsence(error)) continue;
      unread.push(`${file}: ${fileTrouble(error)}`);
      bytes.set(file, undefined);
    }
  const wrong = [...differences(files, seal, bytes), ...contradictions(manifest, seal), ...strayLines(sealText, seal)];
  const changed = wrong.length > 0 ? tampered(wrong) : undefined;
  const broken = unread.length > 0 ? unreadable(unread) : changed;
  const streamOf = ({ file }: Stream): Uint8Array => (file && bytes.get(file)) || new Uint8Array();
  const evidence = manifest.entries.map(({ stdout, stderr, complete: _, ...rest }) => ({
    ...rest,
    stdout: streamOf(stdout),
    stderr: streamOf(stderr),
  }));
  return {
    manifest,
    evidence,
    seal: sealBytes,
    ...(broken && { broken }),
    ...(changed && { changed: changed.detail }),
  };
};

/** Whether the manifest of a folder that was read in vain is gone, or not what was sealed. */
export const isManifestChanged = (folder: string): boolean => {
  const bytesOf = (file: string): Buffer => readPlainFile(path.join(folder, file));
  try {
    return sealOf(bytesOf(SEAL).toString('latin1')).get(MANIFEST) !== sha256(bytesOf(MANIFEST));
  } catch (error) {
    return isAbsence(error);
  }
};

/** Each once, however often the manifest names it. */
const sealedIn = (manifest: Manifest, seal: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set(streamsOf(manifest).flatMap(({ file }) => (file && seal.has(file) ? [file] : [])));

const streamsOf = ({ entries }: Manifest): readonly Stream[] =>
  entries.flatMap(({ stdout, stderr }) => [stdout, stderr]);

/** The first few, so that a detail stays one line. */
export const some = (all: readonly string[]): string =>
  all.length > 3 ? `${all.slice(0, 3).join('; ')}; and ${all.length - 3} more` : all.join('; ');

const unreadable = (files: readonly string[]): Ignorance => ({
  reason: 'unreadable',
  detail: `the evidence cannot be read: ${some(files)}`,
});

/** What an auditor must know of evidence that is not what was sealed. */
const tampered = (files: readonly string[]): Ignorance => ({
  reason: 'unreadable',
  detail: `the evidence is not as it was sealed: ${some(files)}. It proves nothing any more, and nothing in it is judged: judge an untouched copy, or gather anew (sha256sum -c ${SEAL} in its folder names the files)`,
});

const parse = (bytes: Buffer, file: string): Manifest => {
  const data = json(bytes, file);
  const fits = formOf<Manifest>(manifestSchema);
  if (!fits(data)) {
    const complaints = complaintsBy(manifestSchema)(data);
    // Of another form, what else does not fit says nothing.
    const { at, says } = complaints.find((it) => it.at === '/format') ?? complaints[0] ?? { at: '', says: 'is wrong' };
    throw new Mistake(
      printable(`${file}${at} ${says}`),
      'judge it with the version of sstp-audit that gathered it, or a later one; or gather it anew',
    );
  }
  const odd = [data, ...data.entries].find(({ startedAt }) => Number.isNaN(Date.parse(startedAt)));
  if (odd) throw new Mistake(`${file} holds a time that does not exist: ${odd.startedAt}`, 'gather the evidence anew');
  return data;
};

const json = (bytes: Buffer, file: string): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new Mistake(
      printable(bytes.length === 0 ? `${file} is empty` : `${file} is not JSON: ${(cause as Error).message}`),
      HINT,
      { cause },
    );
  }
};
