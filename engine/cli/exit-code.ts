import { plural } from '../../reporters/numbers.ts';
import { type Result, SEVERITIES, type Severity, type TargetNote } from '../model.ts';

/** What each exit code means: `--help` and the README print this table. */
export const EXIT_CODES = {
  0: 'every result passed, was waived or did not apply',
  1: 'something failed',
  2: 'the operator made a mistake (arguments, profile, evidence folder)',
  3: 'nothing failed, but something is unknown',
} as const;

export type Gate = Readonly<{ failOn: Severity; allowUnknown: boolean }>;
export type Verdict = Readonly<{ exitCode: number; exitReason: string }>;

/** How grave, from 0. */
export const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** A failure that is not counted covers only what it is about, not what is unknown of another subject. */
const isOpen = ({ status, findings }: Result): boolean =>
  status === 'unknown' || (status === 'fail' && findings.some(({ verdict }) => verdict === 'unknown'));

/** How many servers nothing was judged of, as no check of the profile is for their tags. */
export const idleIn = (targets: readonly TargetNote[], results: readonly Result[]): number => {
  const judged = new Set(results.map(({ target }) => target));
  return targets.filter(({ name }) => !judged.has(name)).length;
};

/** The exit code of a run, and why. `idle`: servers of which nothing was judged. */
export const verdictOf = (results: readonly Result[], { failOn, allowUnknown }: Gate, idle = 0): Verdict => {
  const failed = results.filter(({ status }) => status === 'fail');
  const counted = failed.filter(({ severity }) => rank(severity) >= rank(failOn)).length;
  const unknown = results.filter(isOpen).length;
  const below = failed.length - counted;
  const spared = below > 0 ? `; ${plural(below, 'failure')} below ${failOn} not counted` : '';
  if (counted > 0) return { exitCode: 1, exitReason: `${plural(counted, 'result')} failed${spared}` };
  if (unknown > 0 && !allowUnknown)
    return { exitCode: 3, exitReason: `${plural(unknown, 'result')} unknown, nothing failed${spared}` };
  if (results.length === 0) return { exitCode: 3, exitReason: 'nothing was judged' };
  const unjudged = `nothing was judged of ${plural(idle, 'server')}`;
  if (idle > 0 && !allowUnknown) return { exitCode: 3, exitReason: `${unjudged}, nothing failed${spared}` };
  const allowed = unknown > 0 ? `; ${plural(unknown, 'unknown result')} allowed by --allow-unknown` : '';
  return { exitCode: 0, exitReason: `nothing failed${spared}${allowed}${idle > 0 ? `; ${unjudged}` : ''}` };
};

/** What a signal cut short is no verdict: the exit code is that of the process, and every report says so. */
export const stoppedBy = <V extends Verdict>({ aborted, reason }: AbortSignal, verdict: V): V =>
  aborted
    ? {
        ...verdict,
        exitCode: reason.exitCode,
        exitReason: `${verdict.exitReason}; the run was stopped by ${reason.message}`,
      }
    : verdict;
