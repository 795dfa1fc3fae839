import { setTimeout as wait } from 'node:timers/promises';
import { FLEET } from './limits.ts';
import { type Places, type Slots, slotsFor, type Whereabouts } from './slots.ts';

/** Work on one server. */
export type Job<T> = Whereabouts &
  Readonly<{
    /** One attempt. The signal tells it to stop. */
    run(signal: AbortSignal, isLast: boolean): Promise<T>;
    /** What stands in for the work when it does not end although it was told to. */
    giveUp(): T;
    /** Whether another attempt could do better: only for connections that fail. */
    again(outcome: T): boolean;
    retrying(wait: Readonly<{ attempt: number; ms: number }>): void;
    /** The last outcome, while the place is still taken; undefined when the run was stopped before the job began. */
    ended(outcome: T | undefined, attempts: number): Promise<void>;
  }>;

export type Schedule = Readonly<{
  places: Places;
  /** Stops the run: nothing begins any more. */
  signal: AbortSignal;
  /** When work must have ended; it is told so by itself, and given up some time later. */
  deadlineMs: number;
  attempts: number;
  backoffMs: number;
}>;

/**
 * Does all jobs, as many at a time as there is room for. Between attempts a server takes no place. When a job throws,
 * nothing begins any more, what has begun is told to stop, and the first error is thrown.
 */
export const doAll = async <T>(jobs: Iterable<Job<T>>, schedule: Schedule): Promise<void> => {
  const failure = new AbortController();
  const signal = AbortSignal.any([schedule.signal, failure.signal]);
  const inSlot = slotsFor(schedule.places);
  const all = [...jobs].map((job) =>
    doOne(job, { ...schedule, signal }, inSlot).catch((error: unknown) => failure.abort(error)),
  );
  await Promise.all(all);
  if (failure.signal.aborted) throw failure.signal.reason;
};

const doOne = async <T>(job: Job<T>, schedule: Schedule, inSlot: Slots): Promise<void> => {
  const { signal, attempts, backoffMs, deadlineMs } = schedule;
  for (let attempt = 1; ; attempt++) {
    const isDone = await inSlot(job, async () => {
      if (signal.aborted) return job.ended(undefined, attempt - 1).then(() => true);
      const outcome = await bounded(job, job.run(signal, attempt === attempts), deadlineMs + FLEET.graceMs);
      if (attempt < attempts && job.again(outcome) && !signal.aborted) return false;
      return job.ended(outcome, attempt).then(() => true);
    });
    if (isDone) return;
    const ms = pauseAfter(attempt, backoffMs);
    job.retrying({ attempt: attempt + 1, ms });
    await wait(ms, undefined, { signal }).catch(() => {});
  }
};

/** Longer each time, and not for all servers of a site at once, in milliseconds. */
export const pauseAfter = (attempt: number, backoffMs: number): number =>
  backoffMs * 4 ** (attempt - 1) * (1 + Math.random() / 2);

const bounded = async <T>(job: Job<T>, work: Promise<T>, ms: number): Promise<T> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    return await Promise.race([work, late.then(() => job.giveUp())]);
  } finally {
    clearTimeout(timer);
  }
};
