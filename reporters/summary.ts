/** The end of the terminal report: counts, waivers that need a hand, and the exit code with its reason. */
import { type Report, SEVERITIES, type Severity, STATUSES, type Status } from '../engine/model.ts';
import { scopeOf, termsOf } from './detail.ts';
import { exitReason } from './exit-reason.ts';
import { columns, type Line, pad, widest } from './layout.ts';
import { grouped } from './numbers.ts';
import { type Page, print } from './page.ts';
import { NAME_LIMIT, short } from './text.ts';
import { words } from './words.ts';

/** Servers not reached that the end names; each has a paragraph of its own above. */
const NAMED = 20;

/** Room for the counts of the largest fleet: a million results and more. */
const DIGITS = 7;

/** The closing lines, piece by piece. */
export const summaryOf = function* (report: Report, page: Page): Iterable<string> {
  const { say, label } = words[report.language];
  yield `\n${page.paint('strong', label.summary)}\n`;
  yield tableOf(report, page);
  yield print(page, serverLines(report));
  if (report.waivers.length > 0) yield print(page, waiverLines(report));
  yield print(page, gateLines(report));
  if (report.results.length === 0) yield `  ${say.nothingJudged}\n`;
  const { exitCode, language } = report;
  yield `\n${page.paint(styleOf(exitCode), say.exit(exitCode))}: ${short(exitReason(report.exitReason, language))}\n`;
};

const styleOf = (exitCode: number): Status => {
  if (exitCode === 0) return 'pass';
  return exitCode === 1 ? 'fail' : 'unknown';
};

const tableOf = ({ results, summary, language }: Report, { paint }: Page): string => {
  const names = words[language];
  const counts = countsOf(results);
  const heads = [...SEVERITIES.toReversed().map((severity) => names.severity[severity]), names.label.total];
  const first = widest([names.label.status, ...Object.values(names.status)]);
  const widths = heads.map((head) => Math.max(columns(head), DIGITS));
  const right = (cell: string, at: number): string => ' '.repeat((widths[at] ?? 0) - columns(cell)) + cell;
  const row = (cells: readonly string[]): string => cells.map((cell, at) => `  ${right(cell, at)}`).join('');
  const rows = STATUSES.map((status) => {
    const cells = [
      ...SEVERITIES.toReversed().map((severity) => counts.get(`${status} ${severity}`) ?? 0),
      summary[status],
    ];
    return `  ${paint(status, pad(names.status[status], first))}${row(cells.map(grouped))}\n`;
  });
  return `  ${pad(names.label.status, first)}${row(heads)}\n${rows.join('')}`;
};

const countsOf = (results: Report['results']): ReadonlyMap<`${Status} ${Severity}`, number> => {
  const counts = new Map<`${Status} ${Severity}`, number>();
  for (const { status, severity } of results) {
    const key = `${status} ${severity}` as const;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** A server that was not reached must not go unsaid. */
const serverLines = ({ summary, targets, language }: Report): readonly Line[] => {
  const { say } = words[language];
  const missed = targets.filter(({ reached }) => !reached);
  const names = missed.slice(0, NAMED).map(({ name }) => short(name, NAME_LIMIT));
  const rest = missed.length > NAMED ? [say.more(missed.length - NAMED)] : [];
  const all: Line = { indent: 2, text: say.servers(summary.targets), own: true };
  if (missed.length === 0) return [all];
  return [all, { indent: 2, lead: `${say.notReached(missed.length)}: `, text: [...names, ...rest].join(', ') }];
};

const waiverLines = ({ waivers, language }: Report): readonly Line[] => {
  const { label, waiverState } = words[language];
  const width = widest(Object.values(waiverState)) + 2;
  const lines = waivers.map(({ state, found, ...waiver }): Line => {
    const other = found === undefined ? '' : `, ${label.found} ${short(found)}`;
    const where = `${short(waiver.check, NAME_LIMIT)} / ${scopeOf(waiver, language)}${other}`;
    const origin = waiver.file === undefined ? '' : ` (${short(waiver.file, NAME_LIMIT)})`;
    return { indent: 4, lead: pad(waiverState[state], width), text: `${where}: ${termsOf(waiver, language)}${origin}` };
  });
  return [{ indent: 2, text: label.waivers, own: true }, ...lines];
};

const gateLines = ({ gate, language }: Report): readonly Line[] => {
  const { say } = words[language];
  const named = (name: string | undefined) => (name === undefined ? undefined : short(name, NAME_LIMIT));
  const [file, store] = [named(gate.baseline?.file), named(gate.baseline?.store)];
  return [
    ...(gate.failOn === 'low' ? [] : [{ indent: 2, text: say.failOn(gate.failOn), own: true }]),
    ...(file === undefined ? [] : [{ indent: 2, lead: '', text: say.baseline(file, store) }]),
    ...(gate.allowUnknown ? [{ indent: 2, text: say.allowUnknown, own: true }] : []),
  ];
};
