/** A comparison as its reports go through it: what got worse first. */
import { BUCKETS, type Bucket, type Change, type Comparison, type SideNote } from '../../engine/comparison.ts';
import { type CheckNote, SEVERITIES, type Status } from '../../engine/model.ts';
import { type Words, words } from '../words.ts';
import { type DiffWords, diffWords } from './words.ts';

export type Told = Exclude<Bucket, 'unchanged'>;

/** The buckets that are shown, in the order in which they are: what needs somebody comes before what does not. */
export const TOLD: readonly Told[] = BUCKETS.filter((bucket) => bucket !== 'unchanged');

/** Each bucket looks like the status that says as much about the later audit. */
export const STYLES: Readonly<Record<Bucket, Status>> = {
  regressed: 'fail',
  'became-unknown': 'unknown',
  'profile-changed': 'waived',
  'waiver-changed': 'waived',
  'still-failing': 'fail',
  'not-compared': 'unknown',
  fixed: 'pass',
  'evidence-changed': 'inapplicable',
  added: 'inapplicable',
  removed: 'unknown',
  unchanged: 'inapplicable',
};

export const VERDICT_STYLES: Readonly<Record<keyof DiffWords['verdict'], Status>> = {
  clean: 'pass',
  accepted: 'unknown',
  worse: 'fail',
  unsure: 'unknown',
};

export type DiffSheet = Readonly<{
  comparison: Comparison;
  names: Words;
  say: DiffWords;
  notes: ReadonlyMap<string, CheckNote>;
  /** Changes by bucket, the gravest severity first. */
  changes: ReadonlyMap<Told, readonly Change[]>;
  verdict: keyof DiffWords['verdict'];
}>;

export const diffSheetOf = (comparison: Comparison): DiffSheet => {
  const { language, changes, checks } = comparison;
  const grouped = Map.groupBy(changes, ({ bucket }) => bucket);
  return {
    comparison,
    names: words[language],
    say: diffWords[language],
    notes: new Map(checks.map((note) => [note.id, note])),
    changes: new Map(TOLD.map((bucket) => [bucket, (grouped.get(bucket) ?? []).toSorted(worstFirst)])),
    verdict: verdictOf(comparison),
  };
};

/** Where a side was read from; `shown` makes names harmless. */
export const sourceOf = ({ source }: SideNote, { run }: DiffWords, shown = (name: string) => name): string =>
  source.kind === 'run' ? run(String(source.run), shown(source.store)) : shown(source.name);

const verdictOf = ({ exitCode, changes, gate, summary }: Comparison): keyof DiffWords['verdict'] => {
  if (exitCode === 1) return 'worse';
  if (exitCode !== 0) return 'unsure';
  const isSpared =
    changes.some(({ worse }) => worse) || (gate.allowUnknown && summary['became-unknown'] + summary.removed > 0);
  return isSpared ? 'accepted' : 'clean';
};

/** What fails now and did not before leads its bucket. */
const worstFirst = (a: Change, b: Change): number =>
  Number(b.worse) - Number(a.worse) || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

/** How the checks stand: how many changes of each bucket, checks with the gravest first. */
export const perCheck = ({
  comparison,
}: DiffSheet): readonly (readonly [check: string, ReadonlyMap<Bucket, number>])[] => {
  const byCheck = Map.groupBy(comparison.changes, ({ check }) => check);
  const counted = [...byCheck].map(([check, changes]) => {
    const groups = Map.groupBy(changes, ({ bucket }) => bucket);
    return [check, new Map<Bucket, number>([...groups].map(([bucket, own]) => [bucket, own.length]))] as const;
  });
  const gravest = (counts: ReadonlyMap<Bucket, number>): number => TOLD.findIndex((bucket) => counts.has(bucket));
  return counted.toSorted(([, a], [, b]) => gravest(a) - gravest(b));
};
