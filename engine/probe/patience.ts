import type { Went } from './trouble.ts';

/** How long something may take, in milliseconds, and what ends it sooner. `whole`: of what `ms` is the rest. */
export type Patience = Readonly<{ ms: number; whole?: number; signal: AbortSignal }>;

/** What is left of a patience for the next of several things that share it. */
export const lasting = ({ ms, signal }: Patience): (() => Patience) => {
  const end = performance.now() + ms;
  return () => ({ ms: Math.max(0, end - performance.now()), whole: ms, signal });
};

/**
 * Waits for what `listen` reports, no longer than patience lasts; then stops listening and leaves no timer behind.
 * `listen` gives back how to stop. `late` says, when time is up, what did not come.
 */
export const awaited = <T>(
  listen: (report: (went: Went<T>) => void) => () => void,
  { ms, signal }: Patience,
  late: () => string,
): Promise<Went<T>> =>
  new Promise((resolve) => {
    let stop: (() => void) | undefined;
    let over = false;
    const report = (went: Went<T>): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      stop?.();
      resolve(went);
    };
    const expire = (): void => report({ trouble: { kind: 'timed-out', detail: late() } });
    const cancel = (): void => report({ trouble: { kind: 'timed-out', detail: 'the run was stopped' } });
    const timer = setTimeout(expire, ms);
    signal.addEventListener('abort', cancel, { once: true });
    stop = listen(report);
    if (signal.aborted) cancel();
    if (over) stop();
  });

/** A patience as people read it: the same each time, whatever was left of it. */
export const seconds = ({ ms, whole = ms }: Omit<Patience, 'signal'>): string => `${Math.round(whole / 100) / 10} s`;
