import type { Fact } from './define.ts';
import { type Finding, type Ignorance, REASONS, type Reading, type Reason, type Result } from './model.ts';
import type { Planned } from './profile.ts';
import { saidBy } from './said-by.ts';

type Unlearned = Extract<Reading<unknown>, { known: false }>;

/**
 * Asks a check about what is known. The only place that makes a result `unknown`: a check is not run unless its facts are
 * known, and what it then cannot tell of a subject it says in a finding.
 */
export const judge = (
  planned: Planned,
  readingOf: (fact: Fact<unknown>) => Reading<unknown>,
  target: string,
): Result => {
  const { check, expected, severity } = planned;
  const readings = Object.entries(check.needs).map(([name, fact]) => [name, readingOf(fact)] as const);
  const evidence = [...new Set(readings.flatMap(([, reading]) => reading.evidence))].sort();
  const demand = Object.keys(expected).length > 0 && { expected };
  // In the order in which reports show it.
  const result = ({ status, ...told }: Judgement, findings: readonly Finding[] = []): Result => ({
    check: check.id,
    target,
    severity,
    status,
    ...demand,
    ...told,
    findings,
    evidence,
  });
  const unlearned = readings.map(([, reading]) => reading).filter((reading): reading is Unlearned => !reading.known);
  if (unlearned[0]) return result(unknown(unlearned[0].reason, details(unlearned)));
  try {
    const findings = findingsOf(planned, readings);
    if (findings.length === 0) return result(unknown('bug', `${check.id} found nothing to say`));
    return result(standingOf(findings), findings);
  } catch (cause) {
    return result(unknown('bug', `${check.id}: ${saidBy(cause)}`));
  }
};

type Judged = Readonly<{ values: readonly unknown[]; findings: readonly Finding[] }>;
const judged = new WeakMap<Planned, Judged>();

/** A check is pure: where it is asked about the very values of the server before, as is mostly so in a fleet, it finds the same. */
const findingsOf = (
  planned: Planned,
  readings: readonly (readonly [string, Reading<unknown>])[],
): readonly Finding[] => {
  const values = readings.map(([, reading]) => (reading.known ? reading.value : undefined));
  const before = judged.get(planned);
  if (before && values.every((value, at) => Object.is(value, before.values[at]))) return before.findings;
  const facts = Object.fromEntries(readings.map(([name], at) => [name, values[at]]));
  const findings = sound(planned.check.judge(facts, planned.expected));
  judged.set(planned, { values, findings });
  return findings;
};

const VERDICTS: readonly string[] = ['pass', 'fail', 'inapplicable', 'unknown'] satisfies Finding['verdict'][];
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** What a user's own check finds may be of any kind. Throws where it is no list of findings: that must not read as a pass. */
const sound = (findings: readonly Finding[]): readonly Finding[] => {
  if (!Array.isArray(findings)) throw new TypeError('judge gives no list of findings');
  const plain = Array.from(findings, plainOf);
  const odd = plain.findIndex(
    (it) =>
      !VERDICTS.includes(it.verdict) ||
      typeof it.message !== 'string' ||
      ![it.subject, it.expected, it.actual].every(isText) ||
      (it.reason !== undefined && !Object.hasOwn(REASONS, it.reason)),
  );
  if (odd >= 0) throw new TypeError(`finding ${odd + 1} is none: it needs a verdict and a message`);
  return plain;
};

/** What reports have a place for, read once: a getter may say something else the next time. */
const plainOf = (finding: Finding | undefined): Finding => {
  const { verdict, subject, message, expected, actual, reason } = finding ?? ({} as Finding);
  return {
    verdict,
    ...(subject !== undefined && { subject }),
    message,
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(reason !== undefined && { reason }),
  };
};

const details = (readings: readonly Unlearned[]): string =>
  [...new Set(readings.map(({ detail }) => detail))].join('; ');

type Judgement = Pick<Result, 'status'> & Partial<Ignorance>;

const unknown = (reason: Reason, detail: string): Judgement => ({ status: 'unknown', reason, detail });

/** One failure is enough to know; without one, what is unknown of a single subject keeps the whole from being told. */
const standingOf = (findings: readonly Finding[]): Judgement => {
  if (findings.some(({ verdict }) => verdict === 'fail')) return { status: 'fail' };
  const open = ignoranceIn(findings);
  if (open) return { status: 'unknown', ...open };
  return { status: findings.every(({ verdict }) => verdict === 'inapplicable') ? 'inapplicable' : 'pass' };
};

/** Why something is not known of some subjects, or `undefined` where all is. */
export const ignoranceIn = (findings: readonly Finding[]): Ignorance | undefined => {
  const open = findings.filter(({ verdict }) => verdict === 'unknown');
  const reason = open.find((finding) => finding.reason)?.reason ?? 'bug';
  const said = ({ subject, message }: Finding): string => (subject === undefined ? message : `${subject}: ${message}`);
  return open.length > 0 ? { reason, detail: open.map(said).join('; ') } : undefined;
};
