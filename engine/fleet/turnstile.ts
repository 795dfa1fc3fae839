import type { Ways } from '../gather.ts';
import type { Transport } from '../transports/transport.ts';

/**
 * Answers of many servers may come in at once. Judging those of one takes some ten milliseconds, in which nothing else is
 * done; so they pass one server at a time, and timers and connections have their turn between two of them.
 */
export const turnstile = (): ((ways: Ways) => Ways) => {
  let last = Promise.resolve();
  const turn = (): Promise<void> => {
    last = last.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
    return last;
  };
  const calm = (transport: Transport): Transport => ({
    ...transport,
    exchange: async (commands, options) => {
      const answers = await transport.exchange(commands, options);
      await turn();
      return answers;
    },
  });
  return ({ server, network }) => ({
    ...(server && { server: calm(server) }),
    ...(network && { network: { ...network, transport: calm(network.transport) } }),
  });
};
