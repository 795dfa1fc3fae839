/** Two JSON reports of a fleet, by our reporter: a share of the later one's results falls into each bucket of `diff`. */
import { writeFileWhole } from '../../engine/cli/write-out.ts';
import type { Report, Result } from '../../engine/model.ts';
import { json } from '../../reporters/json.ts';
import { mixedFleet } from '../../test/reporters/fleets.ts';
import { counted } from '../../test/reporters/sample.ts';

type Size = Readonly<{ servers: number; checks: number }>;

/** Writes the earlier report and the later one. */
export const writeTwoRuns = async ([before, after]: readonly [string, string], size: Size): Promise<void> => {
  const first = mixedFleet(size.servers, size.checks);
  await write(before, first);
  const names = new Map(first.targets.map(({ name }, at) => [name, at % SHARE === 7 ? `new-${name}` : name]));
  const nameOf = (name: string): string => names.get(name) ?? name;
  await write(after, {
    ...first,
    targets: first.targets.map((target) => ({ ...target, name: nameOf(target.name) })),
    results: first.results.map((result, at) => {
      const now = { ...result, target: nameOf(result.target) };
      return wayOf(now, at)?.(now) ?? now;
    }),
  });
};

/** One of so many servers is gone in the later run, and another one new; one of so many results changes. */
const SHARE = 100;

const write = (file: string, report: Report): Promise<void> =>
  writeFileWhole(file, json(counted(report), { colour: false, width: 100 }));

type Way = (result: Result) => Result;

/** Of what does not fail, one in a hundred changes in one of these ways. */
const TURNS: readonly Way[] = [
  (result) => ({
    ...result,
    status: 'fail',
    findings: [{ verdict: 'fail', subject: 'port', message: 'it is closed' }],
  }),
  ({ check, target, severity, evidence }) => ({
    ...{ check, target, severity, evidence },
    status: 'unknown',
    findings: [],
    reason: 'denied',
    detail: 'access is denied',
  }),
  (result) => ({ ...result, severity: result.severity === 'low' ? 'medium' : 'low' }),
  (result) => ({ ...result, findings: result.findings.map((one) => ({ ...one, message: `${one.message}, of late` })) }),
];
/** Of what fails, one in three. */
const ENDS: readonly Way[] = [
  (result) => ({
    ...result,
    status: 'pass',
    findings: result.findings.map((one) => ({ ...one, verdict: 'pass' as const })),
  }),
  (result) => ({
    ...result,
    status: 'waived',
    waiver: {
      ...{ check: result.check, target: '*', subject: '*', until: '2027-01-01T00:00:00.000Z' },
      because: 'CHG-1',
      approvedBy: 'eve',
    },
  }),
];
/** One check says something else every day without anything having changed. */
const DAILY = '/check-21';
const ages: Way = (result) => ({
  ...result,
  findings: result.findings.map((one) => ({ ...one, message: one.message.replace(/\d+ days/, '7 days') })),
});

const wayOf = ({ status, check }: Result, at: number): Way | undefined => {
  const draw = (at * 7_919) % 10_007;
  if (status === 'fail') return draw % 3 === 0 ? ENDS[draw % ENDS.length] : undefined;
  if (draw % SHARE === 0) return TURNS[Math.floor(draw / SHARE) % TURNS.length];
  return check.endsWith(DAILY) ? ages : undefined;
};
