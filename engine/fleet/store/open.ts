/** Opening the file of a store: to write it, or, for whoever asks only and may not write there, to read it as it lies. */
import { access, appendFile, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileTrouble, isRefusal } from '../../file-trouble.ts';
import { makeFolder } from '../../make-folder.ts';
import { Mistake } from '../../mistake.ts';
import { migrate } from './migrate.ts';
import { begun, openSqlite, openSqliteToRead } from './sqlite.ts';
import { isStoreFull, isStoreRefusal, storeTrouble } from './sqlite-trouble.ts';

export const HINT = 'name a store with --store FILE; run --store makes one, the first time without --baseline';

const ROOM = 'make room on its disk; --store FILE names another one';
const WRITABLE = 'this account must be able to write it, or to make it; --store FILE names another one';

/** `lying`: opened as a file that nobody writes. It throws Mistake when somebody did meanwhile. */
export type Opened = Readonly<{ database: DatabaseSync; lying?: () => Promise<void> }>;

/** Opens a store, and makes or migrates it; with `toRead` also where nothing can be written. Throws Mistake for what is none. */
export const openFile = async (file: string, toRead: boolean): Promise<Opened> => {
  try {
    return await openToWrite(file).catch((error: unknown) => {
      if (toRead && (isRefusal(error) || isStoreRefusal(error) || isStoreFull(error))) return openToRead(file);
      throw error;
    });
  } catch (cause) {
    if (cause instanceof Mistake || !(cause instanceof Error)) throw cause;
    const hint = isRefusal(cause) ? WRITABLE : isStoreFull(cause) ? ROOM : HINT;
    throw new Mistake(`${file} cannot be opened as a store: ${storeTrouble(cause) ?? fileTrouble(cause)}`, hint, {
      cause,
    });
  }
};

const openToWrite = async (file: string): Promise<Opened> => {
  await makeFolder(path.dirname(path.resolve(file)));
  // To open a pipe waits for somebody at its other end.
  if ((await stat(file).catch(() => undefined))?.isFIFO()) throw new Error('it is a pipe');
  // Only the user may read what servers answered; SQLite gives its other files the same rights.
  await appendFile(file, '', { mode: 0o600 });
  return { database: begun(openSqlite(file), (database) => migrate(database, file)) };
};

/** What a run has not yet written into the store itself lies in a file beside it, which SQLite can read with a third one only. */
export const openToRead = async (file: string): Promise<Opened> => {
  await access(file, constants.R_OK);
  const before = await stampOf(file);
  const isWhole = before.endsWith(NONE);
  const database = asItLies(file, isWhole);
  if (!isWhole) return { database };
  const lying = async (): Promise<void> => {
    if ((await stampOf(file)) === before) return;
    throw new Mistake(`${file} was written while it was read: what was told of it may be wrong`, 'run this again');
  };
  return { database, lying };
};

const asItLies = (file: string, isWhole: boolean): DatabaseSync => {
  try {
    return begun(openSqliteToRead(file, isWhole), (database) => migrate(database, file));
  } catch (cause) {
    if (!isStoreRefusal(cause)) throw cause;
    const why = isWhole
      ? 'it has the form of another version, and cannot be given that of this one'
      : `a run that goes on, or was killed, left ${path.basename(file)}-wal beside it`;
    throw new Mistake(`${file} is read-only: ${why}`, COPY, { cause });
  }
};

const COPY = 'copy it, and what is named like it, into a folder of your own, and name the copy with --store';

const NONE = 'none';

/** What changes when anybody writes a store. Nothing lies in an empty file beside it, which is left where the disk is full. */
const stampOf = async (file: string): Promise<string> => {
  const [store, beside] = await Promise.all([file, `${file}-wal`].map((one) => stat(one).catch(() => undefined)));
  return [store?.size, store?.mtimeMs, beside?.size ? beside.mtimeMs : NONE].join(' ');
};
