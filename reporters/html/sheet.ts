/** The report as the page goes through it: the worst server first, its worst result first, everything with an anchor. */
import {
  type CheckNote,
  type Report,
  type Result,
  SEVERITIES,
  STATUSES,
  type Status,
  type TargetNote,
} from '../../engine/model.ts';
import { cut } from '../text.ts';
import { type Words, words } from '../words.ts';
import { htmlWords } from './words.ts';

/** Servers up to which the page shows a cell for each result; above, what passed has one line and no body. */
const MATRIX_SERVERS = 50;

/** A status by its shape, for eyes that do not tell the colours apart. */
export const GLYPHS: Readonly<Record<Status, string>> = {
  fail: '✕',
  unknown: '?',
  waived: '◇',
  inapplicable: '–',
  pass: '✓',
};

export type Row = Readonly<{ target: TargetNote; anchor: string; results: readonly Result[] }>;

/** What every part of the page knows. */
export type Sheet = Readonly<{
  report: Report;
  names: Words;
  say: (typeof htmlWords)[keyof typeof htmlWords];
  notes: ReadonlyMap<string, CheckNote>;
  /** Ids of the checks, in report order. */
  checks: readonly string[];
  rows: readonly Row[];
  /** Too many servers for a cell each. */
  fleet: boolean;
}>;

/** Anchors of the sections; no server may have one of these. Every other id of the page has a colon, which no slug has. */
const OWN = ['top', 'not-reached', 'waivers', 'overview', 'results', 'checks'];

export const sheetOf = (report: Report): Sheet => {
  const { language, targets, results, checks } = report;
  const byTarget = Map.groupBy(results, ({ target }) => target);
  const anchor = anchors();
  const rows = targets.map((target) => ({
    target,
    anchor: anchor(target.name),
    results: (byTarget.get(target.name) ?? []).toSorted(worstFirst),
  }));
  return {
    report,
    names: words[language],
    say: htmlWords[language],
    notes: new Map(checks.map((note) => [note.id, note])),
    checks: [...new Set([...checks.map(({ id }) => id), ...results.map(({ check }) => check)])],
    rows: worstServersFirst(rows),
    fleet: targets.length > MATRIX_SERVERS,
  };
};

/** Where a result of a server is found. */
export const anchorOf = ({ anchor }: Row, check: string): string => `${anchor}/${slug(check)}`;

/** Where a check is explained. */
export const checkAnchor = (check: string): string => `checks/${slug(check)}`;

/** Leads to an anchor. */
export const hrefOf = (anchor: string): string => `#${encodeURI(anchor)}`;

export const countsOf = (results: readonly Result[]): Readonly<Record<Status, number>> => {
  const counts = { fail: 0, unknown: 0, waived: 0, inapplicable: 0, pass: 0 };
  for (const { status } of results) counts[status]++;
  return counts;
};

/** Stable for a name, and different for every server of a report. */
const anchors = (): ((name: string) => string) => {
  const taken = new Map(OWN.map((own) => [own, 1]));
  return (name) => {
    const wish = slug(name).replaceAll('/', '-');
    const times = (taken.get(wish) ?? 0) + 1;
    taken.set(wish, times);
    return times === 1 ? wish : `${wish}~${times}`;
  };
};

export const slug = (text: string): string => cut(text, 80).replace(/[^\p{L}\p{N}._/-]+/gu, '-') || '-';

const worstFirst = (a: Result, b: Result): number =>
  STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

const worstServersFirst = (rows: readonly Row[]): readonly Row[] =>
  rows
    .map((row) => ({ row, weights: weightsOf(row.results) }))
    .toSorted((a, b) => a.weights.map((weight, at) => (b.weights[at] ?? 0) - weight).find((more) => more !== 0) ?? 0)
    .map(({ row }) => row);

/** How much attention a server wants: its failures by severity, then what is unknown. */
const weightsOf = (results: readonly Result[]): readonly number[] => {
  const { fail = [], unknown = [] } = Object.groupBy(results, ({ status }) => status);
  const failures = SEVERITIES.map((wanted) => fail.filter(({ severity }) => severity === wanted).length);
  return [...failures.toReversed(), unknown.length];
};
