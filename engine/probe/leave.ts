import type { Duplex } from 'node:stream';
import { LIMITS } from '../limits.ts';
import { awaited } from './patience.ts';

/** Goodbyes are not cut short by whoever stops the run: they are short by themselves. */
export const NEVER: AbortSignal = new AbortController().signal;

/** Ends a connection so that what was sent last arrives, where it can, before the line goes down. */
export const leave = async (stream: Duplex, socket: Duplex, untilClosed: boolean): Promise<void> => {
  await awaited<void>(
    (report) => {
      const done = (): void => report({ value: undefined });
      if (socket.closed) done();
      socket.once('close', done);
      if (!untilClosed) socket.once('finish', done);
      stream.end();
      return () => void socket.off('close', done).off('finish', done);
    },
    { ms: LIMITS.leaveMs, signal: NEVER },
    () => 'not closed',
  );
  await gone(stream);
  await gone(socket);
};

/** Closes at once. */
export const gone = async (stream: Duplex): Promise<void> => {
  if (stream.closed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once('close', resolve);
  stream.destroy();
  await promise;
};
