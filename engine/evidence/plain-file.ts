import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { LIMITS } from '../limits.ts';

/** Without it, opening a pipe waits for somebody who writes into it. Windows does not have it, nor pipes in folders. */
const NO_WAITING = constants.O_NONBLOCK ?? 0;

/**
 * The bytes of a file. Evidence may come from anybody: what is no plain file (a pipe, a device, a folder), or larger than
 * all answers of a server may be, or than what is left for its folder, is not read. Throws why not. A recording is many small
 * files: waiting for each step of each takes ten times as long as the steps.
 */
export const readPlainFile = (file: string, left: number = LIMITS.folderBytes): Buffer => {
  const handle = openSync(file, constants.O_RDONLY | NO_WAITING);
  try {
    const found = fstatSync(handle);
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size > LIMITS.exchangeBytes) throw new Error(`it is larger than ${LIMITS.exchangeBytes / 1e6} MB`);
    if (found.size > left) throw new Error(`its folder holds more than ${LIMITS.folderBytes / 1e6} MB`);
    return bytesIn(handle, found.size);
  } finally {
    closeSync(handle);
  }
};

/** As many bytes as there were when it was opened, or fewer where it shrinks. */
const bytesIn = (handle: number, size: number): Buffer => {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  for (let more = size; more > 0; read += more) more = readSync(handle, bytes, read, size - read, null);
  return bytes.subarray(0, read);
};
