import type { Duplex } from 'node:stream';
import { LIMITS } from '../limits.ts';
import { awaited, type Patience, seconds } from './patience.ts';
import type { Trouble } from './seen.ts';
import { troubleOf, type Went } from './trouble.ts';

/** Hears everything that a stream says and keeps the beginning of it. */
export type Ear = Readonly<{
  /** What is kept; good until more is heard. */
  kept(): Buffer;
  /** Why nothing more comes behind `from`, once that is so. */
  ended(from: number): Trouble | undefined;
  /** Waits until `read` makes something of what is kept from `from` on. */
  until<T>(from: number, read: (kept: Buffer) => Went<T> | undefined, patience: Patience): Promise<Went<T>>;
  /** Drops what is kept, and keeps nothing any more. */
  forget(): void;
}>;

const NOTHING = Buffer.alloc(0);
const FIRST_SIZE = 2_048;

/** One buffer that grows by doubling: a peer that sends single bytes costs no more than any other. */
const keeper = (most: number) => {
  let buffer = NOTHING;
  let length = 0;
  return {
    add: (chunk: Buffer): void => {
      const more = Math.min(chunk.length, most - length);
      if (length + more > buffer.length) {
        const larger = Buffer.alloc(Math.min(most, Math.max(FIRST_SIZE, 2 * (length + more))));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      chunk.copy(buffer, length, 0, more);
      length += more;
    },
    bytes: (): Buffer => buffer.subarray(0, length),
    isFull: (): boolean => length >= most,
    forget: (): void => {
      buffer = NOTHING;
      length = 0;
    },
  };
};

const closedAfter = (bytes: number): Trouble => ({
  kind: 'closed',
  detail: bytes > 0 ? `the connection was closed after ${bytes} bytes` : 'the connection was closed without an answer',
});

/**
 * Listens from now on: a stream that flows loses what nobody hears. A stream that says more than a connection may is
 * ended, so that a peer that floods costs no more than that.
 */
export const earOn = (stream: Duplex): Ear => {
  const keep = keeper(LIMITS.keptBytes);
  let heard = 0;
  let end: Trouble | 'closed' | undefined;
  let keeping = true;
  let wake: (() => void) | undefined;
  const over = (why: Trouble | 'closed'): void => {
    end ??= why;
    wake?.();
  };
  const ended = (from: number): Trouble | undefined => (end === 'closed' ? closedAfter(heard - from) : end);
  stream.on('data', (chunk: Buffer) => {
    heard += chunk.length;
    if (keeping) keep.add(chunk);
    if (heard > LIMITS.connectionBytes) {
      over({ kind: 'too-large', detail: `more than ${LIMITS.connectionBytes} bytes came` });
      stream.destroy();
    }
    wake?.();
  });
  stream.on('end', () => over('closed'));
  stream.on('error', (error) => over(troubleOf(error)));
  stream.on('close', () => over('closed'));
  const look = <T>(from: number, read: (kept: Buffer) => Went<T> | undefined): Went<T> | undefined => {
    const went = read(keep.bytes().subarray(from));
    if (went) return went;
    if (keep.isFull()) return { trouble: { kind: 'too-large', detail: `more than ${LIMITS.keptBytes} bytes came` } };
    const trouble = ended(from);
    return trouble && { trouble };
  };
  return {
    kept: keep.bytes,
    ended,
    until: (from, read, patience) =>
      awaited(
        (report) => {
          wake = () => {
            const went = look(from, read);
            if (went) report(went);
          };
          wake();
          return () => {
            wake = undefined;
          };
        },
        patience,
        () => `no whole answer within ${seconds(patience)}, ${heard - from} bytes came`,
      ),
    forget: () => {
      keeping = false;
      keep.forget();
    },
  };
};
