import type {
  Bucket,
  Change,
  Comparison,
  ResultNote,
  SideNote,
  State,
  SubjectChange,
} from '../../engine/comparison.ts';
import { BUCKETS } from '../../engine/comparison.ts';
import type { Finding } from '../../engine/model.ts';
import { auditorOf, findingLines, ignoranceLines, instant, saying, termsOf } from '../detail.ts';
import { exitReason } from '../exit-reason.ts';
import { clip, columns, type Line, pad, widest } from '../layout.ts';
import { grouped } from '../numbers.ts';
import { type Page, painter, print } from '../page.ts';
import type { DiffReporter } from '../reporter.ts';
import { NAME_LIMIT, short } from '../text.ts';
import { type DiffSheet, diffSheetOf, STYLES, sourceOf, type Told, VERDICT_STYLES } from './sheet.ts';

/** Changes of one bucket that a terminal shows, and subjects of one change; the JSON report holds all. */
const CHANGES = 50;
const SUBJECTS = 10;

/** For people at a terminal: the two audits, the counts, then change by change, what got worse first; the verdict at the end. */
export const diffCli: DiffReporter = function* (comparison, { colour, width }) {
  const sheet = diffSheetOf(comparison);
  const { language, exitCode } = comparison;
  const page: Page = { language, width: Math.max(40, width), paint: painter(colour), checks: sheet.notes };
  yield print(page, headLines(sheet));
  yield `\n${countsOf(sheet, page)}`;
  for (const [bucket, changes] of sheet.changes)
    if (changes.length > 0) {
      yield headingOf(bucket, changes, { sheet, page });
      for (const change of changes.slice(0, CHANGES)) yield changeOf(change, sheet, page);
      const rest = changes.length - CHANGES;
      if (rest > 0) yield print(page, [{ indent: 2, text: sheet.say.more(grouped(rest)), own: true }]);
    }
  const verdict = page.paint(VERDICT_STYLES[sheet.verdict], sheet.say.verdict[sheet.verdict]);
  const why = short(exitReason(comparison.exitReason, language));
  const reason: Line = { indent: 0, text: `${sheet.names.say.exit(exitCode)}: ${why}`, own: true };
  yield `\n${verdict}\n${print(page, [reason])}`;
};

const headLines = ({ comparison, say, names }: DiffSheet): readonly Line[] => {
  const { tool, before, after, madeAt, differs, auditor, gate } = comparison;
  const width = widest([say.before, say.after]) + 2;
  return [
    {
      indent: 0,
      lead: `${tool.name} ${short(tool.version, NAME_LIMIT)}, ${say.heading}, `,
      text: [instant(madeAt), ...(auditor ? [auditorOf(auditor)] : [])].join(', '),
    },
    ...sideLines(pad(say.before, width), before, { say, names }),
    ...sideLines(pad(say.after, width), after, { say, names }),
    ...differs.map((one): Line => ({ indent: 2, lead: '! ', text: say.differs[one], own: true })),
    { indent: 2, lead: `${say.gate}: `, text: say.failOn[gate.failOn], own: true },
    ...(gate.allowUnknown ? [{ indent: 2, lead: `${say.gate}: `, text: names.say.allowUnknown, own: true }] : []),
  ];
};

const sideLines = (lead: string, side: SideNote, { say, names }: Pick<DiffSheet, 'say' | 'names'>): readonly Line[] => {
  const { startedAt, profile, summary } = side;
  const facts = [
    sourceOf(side, say, (name) => short(name, NAME_LIMIT)),
    instant(startedAt),
    `${names.label.profile} ${short(profile.id, NAME_LIMIT)} ${short(profile.version, NAME_LIMIT)}`,
    names.say.servers(summary.targets),
  ];
  return [{ indent: 2, lead, text: facts.join(', ') }, ...runLines(side, names)];
};

/** A file can be looked at; of a run, this is all that tells which it was. A hash fits into a line of 80 columns. */
const runLines = ({ source, auditor, profile }: SideNote, { label }: DiffSheet['names']): readonly Line[] => {
  if (source.kind !== 'run') return [];
  return [
    { indent: 4, lead: `${label.auditor} `, text: auditorOf(auditor) },
    { indent: 4, lead: 'sha256 ', text: source.sha256 },
    { indent: 4, lead: `${label.profile} `, text: profile.sha256 },
  ];
};

const countsOf = ({ comparison, say }: DiffSheet, { paint }: Page): string => {
  const { summary, coverage } = comparison;
  const first = widest([...Object.values(say.bucket), say.told]);
  const rows = BUCKETS.map(
    (bucket) =>
      `  ${paintCount(bucket, summary[bucket], pad(say.bucket[bucket], first), paint)}  ${grouped(summary[bucket])}\n`,
  );
  const told = ({ told: known, results }: Comparison['coverage']['before']): string =>
    say.toldOf(grouped(known), grouped(results));
  return `${rows.join('')}  ${pad(say.told, first)}  ${told(coverage.before)} -> ${told(coverage.after)}\n`;
};

const paintCount = (bucket: Bucket, count: number, text: string, paint: Page['paint']): string =>
  count === 0 ? text : paint(STYLES[bucket], text);

type Around = Readonly<{ sheet: DiffSheet; page: Page }>;

const headingOf = (bucket: Told, changes: readonly Change[], { sheet: { say }, page }: Around): string =>
  `\n${page.paint('strong', `${say.bucket[bucket]} (${grouped(changes.length)})`)}\n${print(page, [{ indent: 2, text: say.meaning[bucket], own: true }])}`;

const changeOf = (change: Change, sheet: DiffSheet, page: Page): string => {
  const { target, check, why, worse } = change;
  const { say } = sheet;
  const room = page.width - columns(turnOf(change, sheet, { ...page, paint: painter(false) }));
  const marks = [...(why ? [say.why[why]] : []), ...(worse ? [say.isWorse] : [])].join(', ');
  const head = `${turnOf(change, sheet, page)}${clip(`${target}  ${check}`, room)}\n`;
  const lines: readonly Line[] = marks === '' ? [] : [{ indent: 4, text: marks, own: true }];
  return head + print(page, [...lines, ...termLines(change, sheet), ...subjectLines(change, sheet)]);
};

const turnOf = ({ severity, before, after }: Change, { names, say }: DiffSheet, { paint }: Page): string => {
  const wide = widest(Object.values(names.severity));
  const one = (side: ResultNote | undefined): string =>
    side ? paint(side.status, names.status[side.status]) : paint('inapplicable', say.gone);
  return `  ${pad(names.severity[severity], wide)}  ${one(before)} -> ${one(after)}  `;
};

/** What is unknown says why; what is waived says on which terms. */
const termLines = ({ before, after }: Change, { comparison: { language }, say }: DiffSheet): readonly Line[] => [
  ...(after?.status === 'unknown' ? ignoranceLines(after, language, 4) : []),
  ...[[say.before, before] as const, [say.after, after] as const].flatMap(([name, side]): readonly Line[] =>
    side?.waiver ? [{ indent: 4, lead: `= ${name}: `, text: termsOf(side.waiver, language) }] : [],
  ),
];

const subjectLines = ({ subjects }: Change, sheet: DiffSheet): readonly Line[] => {
  const rest = subjects.length - SUBJECTS;
  return [
    ...subjects.slice(0, SUBJECTS).flatMap((subject) => oneSubject(subject, sheet)),
    ...(rest > 0 ? [{ indent: 4, text: sheet.say.more(grouped(rest)), own: true }] : []),
  ];
};

const oneSubject = (
  { before, after }: SubjectChange,
  { comparison: { language }, say, names }: DiffSheet,
): readonly Line[] => {
  const width = widest([say.before, names.label.expected, names.label.actual]) + 2;
  const now = telling(after);
  const was = telling(before).filter((one) => !now.some((other) => saying(other) === saying(one)));
  return [
    ...findingLines(now, language, 4),
    ...was.map(
      (finding): Line => ({ indent: now.length > 0 ? 6 : 4, lead: pad(say.before, width), text: saying(finding) }),
    ),
  ];
};

/** Of a failure, the findings that make it one. */
const telling = (state: State | undefined): readonly Finding[] => {
  const findings = state?.findings ?? [];
  const failing = findings.filter(({ verdict }) => verdict === 'fail');
  return failing.length > 0 ? failing : findings;
};
