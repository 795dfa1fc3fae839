import type { Audited } from '../audit.ts';
import { Mistake } from '../mistake.ts';
import type { Target } from '../model.ts';
import type { Planned } from '../profile.ts';
import { STOPPED, unasked } from './unasked.ts';

/**
 * What could not be kept: evidence, or what a store records. All of a run goes to one disk. When that takes no more, to ask
 * on would be in vain, so the run ends with the first loss; what was kept until then is reported.
 */
export type Losses = Readonly<{
  /** Ends the run. */
  signal: AbortSignal;
  first(): Mistake | undefined;
  /** Notes a loss. Throws an error that is none. */
  note(error: unknown): Mistake;
  /** A server whose evidence was lost: nobody could ever judge it again, so nothing is said of it. */
  unkept(target: Target, planned: readonly Planned[], error: unknown): Audited;
  isUnkept(audited: Audited): boolean;
  /** A server that is not asked any more. */
  unasked(target: Target, planned: readonly Planned[]): Audited;
}>;

export const noteLosses = (): Losses => {
  const end = new AbortController();
  const unkept = new WeakSet<Audited>();
  let first: Mistake | undefined;
  const note = (error: unknown): Mistake => {
    if (!(error instanceof Mistake)) throw error;
    first ??= error;
    end.abort();
    return error;
  };
  return {
    signal: end.signal,
    first: () => first,
    note,
    unkept: (target, planned, error) => {
      const detail = `its evidence could not be kept: ${note(error).message}`;
      const audited = unasked(target, planned, { reason: 'not-recorded', detail });
      unkept.add(audited);
      return audited;
    },
    isUnkept: (audited) => unkept.has(audited),
    unasked: (target, planned) =>
      unasked(target, planned, first ? { ...STOPPED, detail: `${STOPPED.detail}: ${first.message}` } : STOPPED),
  };
};
