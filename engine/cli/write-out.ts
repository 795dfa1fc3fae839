/** Writes text that comes in pieces. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Mistake } from '../mistake.ts';

/** Whoever reads standard output may have read enough (`| head`); what else is to be written is still wanted. */
export const writeStandardOutput = async (text: Iterable<string>): Promise<void> => {
  await pipeline(Readable.from(batched(text)), process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
};

/** A file appears whole or not at all. Throws Mistake where it cannot be written. */
export const writeFileWhole = async (file: string, text: Iterable<string>): Promise<void> => {
  await pipeline(Readable.from(batched(text)), createWriteStream(`${file}.part`)).catch(cannotWrite(file));
  await rename(`${file}.part`, file).catch(cannotWrite(file));
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

const cannotWrite = (file: string) => (cause: Error) => {
  throw new Mistake(`${file} cannot be written: ${cause.message}`, 'choose another path', { cause });
};
