import type { Ways } from '../gather.ts';
import type { Planned } from '../profile.ts';
import type { Answer, Transport } from '../transports/transport.ts';

/**
 * What is asked first is the same on every server that the same checks are planned for: no answer is known yet. So it is
 * asked before the facts run, and they begin when the answers are there. A fact that waits holds some ten kilobytes for each
 * of its questions; a name that waits holds next to nothing, and a fleet waits most of the time.
 */
export type Ahead = (ways: Ways, planned: readonly Planned[], signal: AbortSignal) => Promise<Ways>;

/**
 * Learns the first questions from the first server of a run; the others wait for them, which takes it a few milliseconds: were
 * all to start cold, 150 of them would take 45 MB more (test/engine/fleet/simulation.test.ts). Where a
 * server is looked at from outside too, both go on at once.
 */
export const askingAhead = (): Ahead => {
  const first = new Map<string, Promise<readonly string[]>>();
  return async ({ server, network }, planned, signal) => {
    if (!server || network || server.recordedAt) return { ...(server && { server }), ...(network && { network }) };
    const key = planned.map(({ check }) => check.id).join();
    const known = first.get(key);
    if (known !== undefined) {
      const commands = await unless(signal, known);
      return { server: commands ? await asked(server, commands, signal) : server };
    }
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    first.set(key, promise);
    const exchange: Transport['exchange'] = (all, options) => {
      resolve([...all]);
      return server.exchange(all, options);
    };
    return { server: { ...server, exchange } };
  };
};

/** What comes, or nothing where the signal comes first. */
const unless = async <T>(signal: AbortSignal, coming: Promise<T>): Promise<T | undefined> => {
  const { promise: never, resolve: stop } = Promise.withResolvers<undefined>();
  const stopped = () => stop(undefined);
  signal.addEventListener('abort', stopped, { once: true });
  if (signal.aborted) stopped();
  try {
    return await Promise.race([coming, never]);
  } finally {
    signal.removeEventListener('abort', stopped);
  }
};

/** A transport that has asked already; what it was not asked yet, it asks then. */
const asked = async (transport: Transport, commands: readonly string[], signal: AbortSignal): Promise<Transport> => {
  const recordedAt = new Date();
  const answers = await transport.exchange(commands, { signal });
  const there = new Map<string, Answer>(answers.map((answer) => [answer.command, answer]));
  return {
    ...transport,
    recordedAt,
    exchange: async (wanted, options) => {
      const missing = wanted.filter((command) => !there.has(command));
      const more = missing.length > 0 ? await transport.exchange(missing, options) : [];
      for (const answer of more) there.set(answer.command, answer);
      const given = wanted.flatMap((command) => there.get(command) ?? []);
      // Each is asked once; its bytes need not be kept twice.
      for (const command of wanted) there.delete(command);
      return given;
    },
  };
};
