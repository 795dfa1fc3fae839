import { BUCKETS, type Change, type Comparison, type SideNote } from '../../engine/comparison.ts';
import type { Language } from '../../engine/model.ts';
import { instant, saying, termsOf } from '../detail.ts';
import { exitReason } from '../exit-reason.ts';
import { code, heading, plainText, table } from '../markdown/escape.ts';
import { grouped } from '../numbers.ts';
import type { DiffReporter } from '../reporter.ts';
import { words } from '../words.ts';
import { type DiffSheet, diffSheetOf, perCheck, sourceOf, TOLD, type Told } from './sheet.ts';

/** Changes of one bucket that a ticket shows, and checks; the JSON report holds all. */
const CHANGES = 100;
const CHECKS = 60;
/** Bytes of the rows of all changes, the gravest first: GitHub drops a summary of more than 1 MiB, all of it. */
const ROOM = 800_000;

/** Buckets that a reviewer reads; the others are folded where HTML is understood. */
const OPEN: readonly Told[] = ['regressed', 'became-unknown', 'profile-changed', 'waiver-changed'];

/** For a change ticket or the page of a CI job: the verdict in a line, both sides, the counts, what got worse first. */
export const diffMarkdown: DiffReporter = function* (comparison) {
  const sheet = diffSheetOf(comparison);
  const { say, names } = sheet;
  yield heading(`${plainText(say.heading)}: ${say.verdict[sheet.verdict]}`, 1);
  yield `${names.say.exit(comparison.exitCode)}: ${plainText(exitReason(comparison.exitReason, comparison.language))}\n\n`;
  for (const one of comparison.differs) yield `**${plainText(say.differs[one])}**\n\n`;
  yield `${sidesOf(sheet)}\n`;
  yield `${countsOf(sheet)}\n`;
  yield* checksOf(sheet);
  const fits = roomFor(ROOM);
  for (const [bucket, changes] of sheet.changes) {
    const rows = changes.slice(0, CHANGES).map((change) => rowOf(change, sheet));
    if (changes.length > 0) yield* bucketOf(bucket, { count: changes.length, rows: rows.filter(fits) }, sheet);
  }
  yield madeBy(comparison, sheet);
};

const sidesOf = ({ comparison, say, names: { label, say: sentence } }: DiffSheet): string => {
  const { before, after, language } = comparison;
  const row = (name: string, of: (side: SideNote) => string): readonly string[] => [name, of(before), of(after)];
  return table(
    ['', say.before, say.after],
    [
      row(say.source, (side) => `${code(sourceOf(side, say))} sha256 ${code(side.source.sha256)}`),
      row(label.started, ({ startedAt }) => instant(startedAt)),
      row(label.auditor, ({ auditor }) => (auditor ? `${code(auditor.account)} @ ${code(auditor.host)}` : '')),
      row(label.profile, ({ profile }) => `${code(`${profile.id} ${profile.version}`)} sha256 ${code(profile.sha256)}`),
      row(label.servers, ({ summary }) => sentence.servers(summary.targets)),
      row(say.result, (side) => `${sentence.exit(side.exitCode)}: ${plainText(exitReason(side.exitReason, language))}`),
    ],
  );
};

const countsOf = ({ comparison: { summary, coverage }, say }: DiffSheet): string => {
  const told = ({ told: known, results }: Comparison['coverage']['before']): string =>
    say.toldOf(grouped(known), grouped(results));
  const rows = BUCKETS.map((bucket) => [say.bucket[bucket], summary[bucket]]);
  return `${table([say.change, say.result], rows)}\n${say.told}: ${told(coverage.before)} → ${told(coverage.after)}\n`;
};

/** A row for each check to which something happened. */
const checksOf = function* (sheet: DiffSheet): Iterable<string> {
  const { say, names, notes } = sheet;
  const all = perCheck(sheet);
  if (all.length === 0) return;
  const used = TOLD.filter((bucket) => all.some(([, counts]) => counts.has(bucket)));
  const rows = all
    .slice(0, CHECKS)
    .map(([id, counts]) => [
      `${code(id)} ${plainText(notes.get(id)?.title ?? '')}`,
      ...used.map((bucket) => counts.get(bucket) ?? 0),
    ]);
  yield heading(names.label.checks, 2);
  yield `${table([names.label.check, ...used.map((bucket) => say.bucket[bucket])], rows)}\n`;
  if (all.length > CHECKS) yield `${say.more(grouped(all.length - CHECKS))}\n\n`;
};

type Row = readonly string[];

/** Whether a row fits into what is left; behind one that does not, none does. */
const roomFor = (bytes: number): ((row: Row) => boolean) => {
  let left = bytes;
  return (row) => {
    left -= new TextEncoder().encode(row.join()).length;
    return left >= 0;
  };
};

type Rows = Readonly<{ count: number; rows: readonly Row[] }>;

const bucketOf = function* (bucket: Told, { count, rows }: Rows, { say, names }: DiffSheet): Iterable<string> {
  const title = `${say.bucket[bucket]} (${grouped(count)})`;
  const isOpen = OPEN.includes(bucket);
  yield isOpen ? heading(title, 2) : `<details><summary>${title}</summary>\n\n`;
  yield `${plainText(say.meaning[bucket])}\n\n`;
  const { severity, server, check } = names.label;
  if (rows.length > 0) yield `${table([severity, server, check, say.change, say.before, say.after], rows)}\n`;
  if (count > rows.length) yield `${say.more(grouped(count - rows.length))}\n\n`;
  if (!isOpen) yield '</details>\n\n';
};

const rowOf = (change: Change, { say, names, comparison: { language } }: DiffSheet): Row => {
  const { severity, target, check, before, after, why, worse } = change;
  const turn = [before, after].map((side) => (side ? names.status[side.status] : say.gone)).join(' → ');
  const marks = [...(why ? [say.why[why]] : []), ...(worse ? [`**${say.isWorse}**`] : [])];
  return [
    names.severity[severity],
    code(target),
    code(check),
    [turn, ...marks].join('<br>'),
    saidBy(change, 'before', language),
    saidBy(change, 'after', language),
  ];
};

/** Subjects of one change that a cell shows. */
const SUBJECTS = 3;

/** What a side says: its findings, on which terms they are waived, or why nothing is known. */
const saidBy = (change: Change, side: 'before' | 'after', language: Language): string => {
  const { reason, detail = '', waiver } = change[side] ?? {};
  const said = change.subjects.flatMap((subject) => (subject[side]?.findings ?? []).map(saying));
  const rest = said.length - SUBJECTS;
  return [
    ...(reason ? [`${words[language].reason[reason]} ${code(detail)}`] : []),
    ...said.slice(0, SUBJECTS).map((text) => code(text)),
    ...(rest > 0 ? [`+${rest}`] : []),
    ...(waiver ? [code(termsOf(waiver, language))] : []),
  ].join('<br>');
};

const madeBy = ({ tool, madeAt, auditor }: Comparison, { say }: DiffSheet): string => {
  const who = auditor ? `, ${code(auditor.account)} @ ${code(auditor.host)}` : '';
  return `${say.compared}: ${instant(madeAt)}${who}, ${tool.name} ${plainText(tool.version)}\n`;
};
