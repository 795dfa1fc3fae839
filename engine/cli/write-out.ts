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

/** Where a file is or will be, behind all links. */
export const placeOf = async (file: string): Promise<string> =>
  realpath(file).catch(async () => path.join(await realpath(path.dirname(file)), path.basename(file)));

/**
 * A file appears whole or not at all, also where two runs write it at the same time: then it is the later one's. A device or a
 * pipe is written to as it is, since another file in its place would take it from everybody. Throws Mistake where it cannot be
 * written.
 */
export const writeFileWhole = async (file: string, text: Iterable<string>): Promise<void> => {
  const place = await placeOf(file).catch(cannotWrite(file));
  if ((await kindOf(place)) === 'device')
    return pipeline(Readable.from(batched(text)), createWriteStream(place, { flags: 'a' })).catch(cannotWrite(file));
  await takingPlaces(file, async (part) => rename(await part(path.dirname(place), text), place));
};

type Part = (folder: string, text: Iterable<string>) => Promise<string>;

/** Has files written under names of their own, until they take their places; where that fails, nothing is left of them. */
const takingPlaces = async (file: string, take: (part: Part) => Promise<void>): Promise<void> => {
  const parts: string[] = [];
  try {
    await take(async (folder, text) => {
      // Not made of its name, which may be as long as a name can be.
      const part = path.join(folder, `sstp-audit-${randomUUID()}.part`);
      parts.push(part);
      await pipeline(Readable.from(batched(text)), createWriteStream(part, { flags: 'wx' }));
      return part;
    });
  } catch (error) {
    await Promise.all(parts.map((part) => rm(part, { force: true }).catch(() => {})));
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
 * Writes `name-001.xml`, `name-002.xml` and so on for `name.xml`. What an earlier run left, those with the next numbers, too,
 * would be read as part of this one: it goes when all are written, before the first of them takes its place. The first file
 * goes first and comes last: where it is missing, a run was killed in between.
 */
export const writeSeries = (file: string, files: Iterable<Iterable<string>>): Promise<void> =>
  takingPlaces(file, async (part) => {
    const parts: string[] = [];
    for (const text of files) parts.push(await part(path.dirname(file), text));
    let last = parts.length;
    while ((await kindOf(numbered(file, last + 1))) === 'file') last++;
    for (const place of [file, numbered(file, 1)]) await rm(place, { force: true });
    // From the last down, and then up again: what is left of them is always found by counting.
    for (let number = last; number > 1; number--) await rm(numbered(file, number), { force: true });
    const written = [...parts.entries()];
    for (const [at, one] of [...written.slice(1), ...written.slice(0, 1)]) await rename(one, numbered(file, at + 1));
  });

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
