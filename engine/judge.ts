import type { Fact } from './define.ts';
import type { Finding, Ignorance, Reading, Result, Status } from './model.ts';
import type { Planned } from './profile.ts';

type Unlearned = Extract<Reading<unknown>, { known: false }>;

/** Asks a check about what is known. The only place that says `unknown`: a check is not run unless its facts are known. */
export const judge = (
  planned: Planned,
  readingOf: (fact: Fact<unknown>) => Reading<unknown>,
  target: string,
): Result => {
  const { check, expected, severity } = planned;
  const readings = Object.entries(check.needs).map(([name, fact]) => [name, readingOf(fact)] as const);
  const evidence = [...new Set(readings.flatMap(([, reading]) => reading.evidence))].sort();
  const demand = Object.keys(expected).length > 0 && { expected };
  const result = { check: check.id, target, severity, ...demand, evidence };
  const unlearned = readings.map(([, reading]) => reading).filter((reading): reading is Unlearned => !reading.known);
  if (unlearned[0]) return { ...result, ...unknown({ ...unlearned[0], detail: details(unlearned) }) };
  const values = Object.fromEntries(
    readings.map(([name, reading]) => [name, reading.known ? reading.value : undefined]),
  );
  try {
    const findings = check.judge(values, expected);
    if (findings.length === 0)
      return { ...result, ...unknown({ reason: 'bug', detail: `${check.id} found nothing to say` }) };
    return { ...result, status: statusOf(findings), findings };
  } catch (cause) {
    return { ...result, ...unknown({ reason: 'bug', detail: `${check.id}: ${cause}` }) };
  }
};

const details = (readings: readonly Unlearned[]): string =>
  [...new Set(readings.map(({ detail }) => detail))].join('; ');

const unknown = ({ reason, detail }: Ignorance): Pick<Result, 'status' | 'findings'> & Ignorance => ({
  status: 'unknown',
  findings: [],
  reason,
  detail,
});

const statusOf = (findings: readonly Finding[]): Status => {
  if (findings.some(({ verdict }) => verdict === 'fail')) return 'fail';
  return findings.every(({ verdict }) => verdict === 'inapplicable') ? 'inapplicable' : 'pass';
};
