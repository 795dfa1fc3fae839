import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Transport } from '../transports/transport.ts';
import { pauseAfter } from './schedule.ts';

type Patience = Readonly<{ attempts: number; backoffMs: number; retried(): void }>;

/**
 * A way on which connections that fail are tried again. For servers that are looked at from outside, too: another attempt at
 * everything would call them a second time, and each call takes a port.
 */
export const persistent = (transport: Transport, { attempts, backoffMs, retried }: Patience): Transport => ({
  ...transport,
  exchange: async (commands, options) => {
    let answers = await transport.exchange(commands, options);
    for (let attempt = 1; attempt < attempts && answers.every(isVain); attempt++) {
      await wait(pauseAfter(attempt, backoffMs), undefined, options).catch(() => {});
      if (options.signal.aborted) break;
      retried();
      answers = await transport.exchange(commands, options);
    }
    return answers;
  },
});

const isVain = ({ missing }: Answer): boolean => missing?.reason === 'unreachable';
