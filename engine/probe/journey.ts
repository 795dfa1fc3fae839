import type { Stage, Step } from './seen.ts';
import type { Went } from './trouble.ts';

/** The stages that one connection went through, as they are gone through. */
export type Journey = Readonly<{
  steps: readonly Step[];
  note(stage: Stage, tookMs: number, went: Went<unknown>): void;
  /** Goes through a stage; undefined when it had trouble. */
  take<T>(stage: Stage, work: () => Promise<Went<T>>): Promise<T | undefined>;
}>;

/** To a tenth of a millisecond: more is noise. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10;

export const timed = async <T>(work: () => Promise<T>): Promise<readonly [result: T, tookMs: number]> => {
  const started = performance.now();
  const result = await work();
  return [result, performance.now() - started];
};

export const setOut = (): Journey => {
  const steps: Step[] = [];
  const note: Journey['note'] = (stage, tookMs, went) => {
    steps.push({ stage, tookMs: rounded(tookMs), ...('trouble' in went && { trouble: went.trouble }) });
  };
  return {
    steps,
    note,
    take: async (stage, work) => {
      const [went, tookMs] = await timed(work);
      note(stage, tookMs, went);
      return 'trouble' in went ? undefined : went.value;
    },
  };
};
