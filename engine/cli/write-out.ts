/** Writes text that comes in pieces. */
import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cannot } from '../file-trouble.ts';
import { Mistake } from '../mistake.ts';
import { isUnread } from './terminal.ts';

/** Where nobody reads it any more, whatever else is to be written is still wanted. */
export const writeStandardOutput = async (text: Iterable<string>): Promise<void> => {
  await pipeline(Readable.from(batched(text)), process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (!isUnread(error)) cannotWrite('standard output')(error);
  });
};

/**
 * Where a file in an existing folder is, behind all links. Throws Mistake where it cannot be written: asking takes long, and
 * its report must not be lost.
 */
export const needPlace = async (file: string): Promise<string> => {
  const place = await placeOf(file);
  const there = await kindOf(place);
  if (there === 'folder') throw new Mistake(`${file} cannot be written: it is a folder`, 'choose another path');
  await access(there === 'device' ? place : path.dirname(place), constants.W_OK).catch(cannotWrite(file));
  return place;
};

const placeOf = async (file: string): Promise<string> =>
  realpath(file).catch(async () => path.join(await realpath(path.dirname(file)), path.basename(file)));

/**
 * A file appears whole or not at all, also where two runs write it at the same time: then it is the later one's. A device or a
 * pipe is written to as it is, since another file in its place would take it from everybody. Throws Mistake where it cannot be
 * written.
 */
export const writeFileWhole = async (file: string, text: Iterable<string>): Promise<void> => {
  const pieces = Readable.from(batched(text));
  const place = await placeOf(file).catch(cannotWrite(file));
  if ((await kindOf(place)) === 'device')
    return pipeline(pieces, createWriteStream(place, { flags: 'a' })).catch(cannotWrite(file));
  // Not made of its name, which may be as long as a name can be.
  const beside = path.join(path.dirname(place), `sstp-audit-${randomUUID()}.part`);
  try {
    await pipeline(pieces, createWriteStream(beside, { flags: 'wx' }));
    await rename(beside, place);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    cannotWrite(file)(error);
  }
};

const kindOf = async (file: string): Promise<'nothing' | 'file' | 'folder' | 'device'> => {
  const found = await stat(file).catch(() => undefined);
  if (!found) return 'nothing';
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'device';
};

/**
 * Writes `name-001.xml`, `name-002.xml` and so on for `name.xml`, and removes those with the next numbers: what an earlier run
 * left would be read as part of this one.
 */
export const writeSeries = async (file: string, files: Iterable<Iterable<string>>): Promise<void> => {
  let count = 0;
  for (const text of files) await writeFileWhole(numbered(file, ++count), text);
  await rm(file, { force: true }).catch(cannotWrite(file));
  for (let next = count + 1; await removed(numbered(file, next)); next++);
};

const removed = (file: string): Promise<boolean> =>
  rm(file).then(
    () => true,
    () => false,
  );

const numbered = (file: string, number: number): string => {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${String(number).padStart(3, '0')}${ext}`);
};

/** Characters that go to the operating system at once: a report has millions of small pieces. */
const BATCH = 65_536;

const batched = function* (text: Iterable<string>): Iterable<string> {
  let batch = '';
  for (const piece of text) {
    batch += piece;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
};

/** What has no code is no trouble with a file: a reporter failed, and that is a defect of ours. */
const cannotWrite =
  (file: string) =>
  (cause: unknown): never => {
    if (cause instanceof Error && !('code' in cause)) throw cause;
    return cannot('written', file, 'choose another path, or make room there')(cause);
  };
