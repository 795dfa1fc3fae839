import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** The bytes of a file that may be larger than memory. What another process writes in its place meanwhile is not seen. */
export type Bytes = Readonly<{
  size: number;
  /** From an offset up to another one; fewer where the file ends. With `room` for them, nothing else is taken for it. */
  read(start: number, end: number, room?: Buffer): Buffer;
  close(): void;
}>;

/** Opens a file; a pipe is read to its end. Throws what the system says. */
export const openBytes = (file: string): Bytes => {
  const descriptor = openSync(file, 'r');
  const stats = fstatSync(descriptor);
  if (stats.isFile())
    return {
      size: stats.size,
      read: (start, end, room) => readAt(descriptor, start, end, room),
      close: () => closeSync(descriptor),
    };
  try {
    return bytesIn(readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
};

const bytesIn = (all: Buffer): Bytes => ({
  size: all.length,
  read: (start, end) => all.subarray(start, end),
  close: () => undefined,
});

const readAt = (
  descriptor: number,
  start: number,
  end: number,
  room: Buffer = Buffer.allocUnsafe(end - start),
): Buffer => {
  const bytes = room.subarray(0, end - start);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, start + length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
};
