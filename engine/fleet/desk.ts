import pLimit from 'p-limit';
import type { Ways } from '../gather.ts';
import type { Transport } from '../transports/transport.ts';
import { FLEET } from './limits.ts';

/** One server's place at the desk. */
export type Visit = Readonly<{
  /** Waits for the turn; at once when it is this server's turn already. */
  enter(): Promise<void>;
  leave(): void;
  /** Ways that leave the desk while they wait for the network; a recording is read at the desk. */
  through(ways: Ways): Ways;
}>;

/** Where answers are judged: one server at a time. */
export type Desk = () => Visit;

/**
 * Answers of many servers may come in at once, and to judge those of one takes tens of milliseconds, in many small steps. Were
 * they mixed, timers and connections would wait for all of them; one after another, they wait for one at most.
 */
export const desk = (): Desk => {
  const turns = pLimit(1);
  /** Gives what ends the turn, when it is there. A turn has an end in any case: the other servers must not wait for a hung one. */
  const turn = (): Promise<() => void> =>
    new Promise((begin) => {
      void turns(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, FLEET.turnMs);
        begin(() => {
          clearTimeout(timer);
          resolve();
        });
        await promise;
      });
    });
  return () => visitTo(turn);
};

const visitTo = (turn: () => Promise<() => void>): Visit => {
  let mine: Promise<() => void> | undefined;
  const enter = async (): Promise<void> => {
    mine ??= turn();
    await mine;
  };
  const leave = (): void => {
    void mine?.then((end) => end());
    mine = undefined;
  };
  const away = (transport: Transport): Transport => {
    if (transport.recordedAt) return transport;
    const exchange: Transport['exchange'] = async (commands, options) => {
      leave();
      const answers = await transport.exchange(commands, options);
      await enter();
      return answers;
    };
    return { ...transport, exchange };
  };
  return {
    enter,
    leave,
    through: ({ server, network }) => ({
      ...(server && { server: away(server) }),
      ...(network && { network: { ...network, transport: away(network.transport) } }),
    }),
  };
};
