/** The small process of starter.ts. It ends with the one that started it, and ends what it started. */
import process from 'node:process';
import { runSsh } from './run-ssh.ts';
import type { Order, Told } from './starter.ts';

const running = new Map<number, AbortController>();
const tell = (told: Told): void => void process.send?.(told, () => {});

const run = async ({ id, args, how }: Extract<Order, { args: unknown }>): Promise<void> => {
  const stop = new AbortController();
  running.set(id, stop);
  const outcome = await runSsh(args, { ...how, signal: stop.signal }).catch(() => undefined);
  running.delete(id);
  tell({ id, outcome });
};

// A terminal signals the whole group; what becomes of the run is decided by its own process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (order: Order) => {
  if ('args' in order) void run(order);
  else running.get(order.id)?.abort({ name: order.stop });
});
process.on('disconnect', () => {
  for (const stop of running.values()) stop.abort();
});
tell('ready');
