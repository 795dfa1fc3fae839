/** A run beside an earlier one: only what got worse since decides its exit code. */
import { plural } from '../../reporters/numbers.ts';
import schema from '../../reporters/report.schema.json' with { type: 'json' };
import type { Change } from '../comparison.ts';
import { diff, type Side, sideOf } from '../diff.ts';
import type { Report } from '../model.ts';
import { openReport } from '../report/read.ts';
import { idleIn, rank, type Verdict } from './exit-code.ts';
import { isRun } from './run-name.ts';
import type { RunOptions } from './run-side.ts';

/** `close` when nothing more is wanted of it. */
export type Baseline = Side & Readonly<{ close(): void | Promise<void> }>;

/** Opens an earlier run: its report, or `run:N` of a store. Throws Mistake for what is none. */
export const openBaseline = async (name: string, options: RunOptions): Promise<Baseline> =>
  isRun(name) ? (await import('./run-side.ts')).openRun(name, options) : openReport(name, schema);

/** The report with the verdict that only what got worse decides; it says with what it was compared. */
export const besideBaseline = (report: Report, baseline: Baseline): Report => {
  const { source } = baseline.note;
  const { name, sha256 } = source;
  const store = source.kind === 'run' && { store: source.store };
  const gate = { ...report.gate, baseline: { file: name, sha256, ...store } };
  const { changes, differs } = diff(baseline, sideOf(report, { kind: 'report', name: '', sha256: '' }));
  const other = differs.includes('profile') ? `; ${name} was judged by another profile` : '';
  const { exitCode, exitReason } = verdictOf({ ...report, gate }, changes);
  return { ...report, gate, exitCode, exitReason: `${exitReason}${other}` };
};

/** Results with which something is wrong now, and those of them for which that is new. */
const verdictOf = ({ results, targets, gate, summary }: Report, changes: readonly Change[]): Verdict => {
  const worse = changes.filter((change) => change.worse);
  const counted = worse.filter(({ severity }) => rank(severity) >= rank(gate.failOn)).length;
  const opened = changes.filter(isNewlyUnknown);
  const unknown = opened.length;
  const old = [
    ...leftOver(summary.fail - worse.length, 'failure'),
    ...leftOver(summary.unknown - opened.filter(({ after }) => after?.status === 'unknown').length, 'unknown result'),
  ];
  const spared = old.length > 0 ? `; ${old.join(' and ')} as before, not counted` : '';
  const below = worse.length - counted > 0 ? `; ${worse.length - counted} below ${gate.failOn} not counted` : '';
  if (results.length === 0) return { exitCode: 3, exitReason: 'nothing was judged' };
  if (counted > 0) return { exitCode: 1, exitReason: `${plural(counted, 'result')} got worse${below}${spared}` };
  if (unknown > 0 && !gate.allowUnknown)
    return {
      exitCode: 3,
      exitReason: `${plural(unknown, 'result')} unknown since, nothing got worse${below}${spared}`,
    };
  const idle = idleIn(targets, results);
  const unjudged = `nothing was judged of ${plural(idle, 'server')}`;
  // That nothing is known of a server is no state that it could be left in.
  if (idle > 0 && !gate.allowUnknown)
    return { exitCode: 3, exitReason: `${unjudged}, nothing got worse${below}${spared}` };
  const allowed = unknown > 0 ? `; ${plural(unknown, 'result')} unknown since, allowed by --allow-unknown` : '';
  return { exitCode: 0, exitReason: `nothing got worse${below}${spared}${allowed}${idle > 0 ? `; ${unjudged}` : ''}` };
};

/** Something is unknown now and was not before, be it of one subject of a failure. What was not asked before is no excuse. */
const isNewlyUnknown = ({ subjects }: Change): boolean =>
  subjects.some(({ before, after }) => after?.status === 'unknown' && before?.status !== 'unknown');

const leftOver = (number: number, noun: string): readonly string[] => (number > 0 ? [plural(number, noun)] : []);
