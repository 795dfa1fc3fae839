/** What is told of one server, and what the rows together mean. */
import { plural } from '../../../reporters/numbers.ts';
import { some } from '../../evidence/read.ts';
import { comparedWith, isAnswered, type Standing } from '../../evidence/verify.ts';
import type { TargetNote } from '../../model.ts';
import type { Verdict } from '../exit-code.ts';

/** How it ended for a server, and the exit code of that. */
export const ENDS = {
  'as-sealed': 0,
  'as-reported': 0,
  'nothing-answered': 0,
  'not-as-sealed': 1,
  'not-as-reported': 1,
  'not-in-report': 1,
  'no-evidence': 1,
  unfinished: 3,
  unreadable: 3,
} as const;

/** A row as `--json` prints it, too. */
export type Row = Readonly<{
  server: string;
  end: keyof typeof ENDS;
  folder?: string;
  answers?: number;
  gatheredAt?: string;
  /** The SHA-256 of SHA256SUMS. */
  seal?: string;
  /** Answers that the report does not rest on. */
  unused?: number;
  detail?: string;
  differences?: readonly string[];
}>;

/** The row of a folder, where there is no report. */
export const rowOf = ({ folder, server, ...standing }: Standing): Row => {
  if (standing.end !== 'as-sealed') return { server, folder, ...standing };
  const { recording, seal, end } = standing;
  const { evidence, manifest } = recording;
  return { server, end, folder, answers: evidence.length, gatheredAt: manifest.startedAt, seal };
};

/** The row of a folder beside what the report says of its server, if anything. */
export const reportedRow = (standing: Standing, note: TargetNote | undefined): Row => {
  const row = rowOf(standing);
  if (!note) return { ...row, end: 'not-in-report' };
  if (standing.end !== 'as-sealed') return row;
  const { differences, unused } = comparedWith(note, standing.recording);
  const same = { ...row, end: 'as-reported', ...(unused > 0 && { unused }) } as const;
  if (differences.length === 0) return same;
  return { ...same, end: 'not-as-reported', detail: some(differences), differences };
};

/** The row of a server of the report whose folder was not met. */
export const missingRow = ({ name: server, reason, detail, evidence }: TargetNote): Row => {
  if (evidence.some(isAnswered)) return { server, end: 'no-evidence' };
  return { server, end: 'nothing-answered', ...(reason && { detail: `${reason}: ${detail}` }) };
};

/** The exit code, and why. */
export const verdictOf = (rows: readonly Row[], hasReport: boolean): Verdict => {
  const count = (code: number): number => rows.filter(({ end }) => ENDS[end] === code).length;
  const all = plural(rows.length, 'server');
  const [differing, open] = [count(1), count(3)];
  if (differing > 0) return { exitCode: 1, exitReason: `${differing} of ${all} differ${differing === 1 ? 's' : ''}` };
  if (open > 0) return { exitCode: 3, exitReason: `nothing differs, but ${open} of ${all} cannot be told` };
  return { exitCode: 0, exitReason: `${all} as sealed${hasReport ? ' and as reported' : ''}` };
};
