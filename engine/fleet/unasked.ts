import type { Audited } from '../audit.ts';
import type { Ignorance, Target } from '../model.ts';
import type { Planned } from '../profile.ts';

/** A server that nothing was learned of: a row in every report, all the same. */
export const unasked = (target: Target, planned: readonly Planned[], why: Ignorance): Audited => {
  const { name, address, tags } = target;
  const observedAt = new Date();
  const startedAt = observedAt.toISOString();
  return {
    note: { name, address, tags, os: null, reached: false, ...why, startedAt, tookMs: 0, evidence: [] },
    results: planned.map(({ check, severity }) => ({
      check: check.id,
      target: name,
      severity,
      status: 'unknown',
      findings: [],
      ...why,
      evidence: [],
    })),
    observedAt,
    codePage: null,
    evidence: [],
    readingOf: () => ({ known: false, ...why, evidence: [] }),
  };
};

export const STOPPED: Ignorance = { reason: 'cancelled', detail: 'the run was stopped before this server was asked' };
export const LOST: Ignorance = {
  reason: 'timed-out',
  detail: 'the deadline of the target passed, and it did not stop',
};
