import type { State } from '../comparison.ts';
import type { Finding, Result, Status } from '../model.ts';

/** What a result says, subject by subject; what it says without a subject is of the check as a whole. */
export type Items = ReadonlyMap<string, State>;

/** The key of what has no subject. */
export const WHOLE = '';

/** Findings of one subject belong together: it is as bad as the worst of them. */
export const itemsOf = ({ status, findings }: Result): Items => {
  if (status === 'unknown' || findings.length === 0) return new Map([[WHOLE, { status, findings }]]);
  const bySubject = Map.groupBy(findings, ({ subject = WHOLE }) => subject);
  return new Map([...bySubject].map(([subject, own]) => [subject, { status: statusOf(own, status), findings: own }]));
};

const statusOf = (findings: readonly Finding[], whole: Status): Status => {
  const verdicts = new Set(findings.map(({ verdict }) => verdict));
  if (verdicts.has('fail')) return whole === 'waived' ? 'waived' : 'fail';
  if (verdicts.has('unknown')) return 'unknown';
  return verdicts.has('pass') ? 'pass' : 'inapplicable';
};

/** Durations and the numbers of processes change from one look to the next without anything having changed. */
const VOLATILE = /\b(?:\d+(?:\.\d+)? (?:more )?(?:days?|hours?|minutes?|seconds?|s|ms)|process \d+)\b/g;

const settled = (text: string | undefined): string | undefined => text?.replace(VOLATILE, '#');

/** Whether two states say the same. Their order counts: a check says things in the same order of the same server. */
export const saysSame = (a: State, b: State): boolean =>
  a.findings.length === b.findings.length &&
  a.findings.every((one, at) => {
    const other = b.findings[at];
    return (
      other !== undefined &&
      one.verdict === other.verdict &&
      settled(one.message) === settled(other.message) &&
      settled(one.expected) === settled(other.expected) &&
      settled(one.actual) === settled(other.actual)
    );
  });
