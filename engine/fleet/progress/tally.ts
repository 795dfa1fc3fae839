import type { Ended } from '../watch.ts';

/** How a run goes, at one moment. Times in milliseconds. */
export type Tally = Readonly<{
  total: number;
  done: number;
  failing: number;
  unknown: number;
  elapsedMs: number;
  /** Servers a second, so far. */
  rate: number;
  /** Until all are done if it goes on like this; undefined while that cannot be told. */
  leftMs?: number;
  /** Servers that are being asked, the longest first. */
  slowest: readonly Readonly<{ name: string; ms: number }>[];
}>;

/** Counts what happens in a run. */
export const tallying = (total: number, startedAt: number) => {
  const running = new Map<string, number>();
  let [done, failing, unknown] = [0, 0, 0];
  return {
    began: (name: string, now: number): void => {
      running.set(name, now);
    },
    waits: (name: string): void => {
      running.delete(name);
    },
    ended: ({ name, status }: Ended): void => {
      running.delete(name);
      done++;
      if (status === 'fail') failing++;
      if (status === 'unknown') unknown++;
    },
    at: (now: number): Tally => {
      const elapsedMs = Math.max(1, now - startedAt);
      const rate = (done / elapsedMs) * 1_000;
      const slowest = [...running].map(([name, since]) => ({ name, ms: now - since })).sort((a, b) => b.ms - a.ms);
      const leftMs = rate > 0 ? ((total - done) / rate) * 1_000 : undefined;
      return { total, done, failing, unknown, elapsedMs, rate, ...(leftMs !== undefined && { leftMs }), slowest };
    },
  };
};
