/** A fleet as one suite: a case per check, which names the servers that fail it. */
import {
  type CheckNote,
  type Language,
  type Report,
  type Result,
  SEVERITIES,
  STATUSES,
  type Status,
  type TargetNote,
} from '../engine/model.ts';
import { isHidden, prefaceLines, remedyLines, saying, targetsOf } from './detail.ts';
import {
  attributes,
  caseOf,
  element,
  idleWaivers,
  propertyLines,
  runProperties,
  skipped,
  textOf,
  unknownType,
} from './junit-parts.ts';
import type { Line } from './layout.ts';
import { grouped } from './numbers.ts';
import { cut, NAME_LIMIT, short, xmlBody } from './text.ts';
import { words } from './words.ts';

/** What stands where a suite of details has its server. */
const FLEET = 'fleet';
/** Servers that a case names for each status; the JSON report names all. */
const NAMED = 50;
/** What a server says in a line of such a list, in UTF-16 units: the remedy below it must not be cut off. */
const SAID = 150;

/** A check over all servers. `hidden` are unknown for no other reason than that their servers were not reached. */
type Rolled = Readonly<{
  id: string;
  note: CheckNote | undefined;
  results: ReadonlyMap<Status, readonly Result[]>;
  unknown: readonly Result[];
  hidden: number;
}>;

export const rollup = function* (report: Report): Iterable<string> {
  const { targets, startedAt, finishedAt } = report;
  const missed = targets.filter(({ reached }) => !reached);
  const elements = rolledChecks(report).map((one) => ({ one, inside: elementOf(one, report) }));
  const count = (name: string): number => elements.filter(({ inside }) => inside.startsWith(`   <${name} `)).length;
  const counters = {
    name: FLEET,
    tests: elements.length + 1,
    failures: count('failure'),
    errors: count('error') + Number(missed.length > 0),
    skipped: count('skipped'),
    time: (Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(3),
    timestamp: startedAt,
  };
  const fleet = { mode: 'rollup', servers: String(targets.length), 'servers.notReached': String(missed.length) };
  yield ` <testsuite${attributes(counters)}>\n${runProperties(report, { ...fleet, ...idleWaivers(report) })}`;
  yield caseOf(FLEET, 'connect', missed.length > 0 ? notReached(missed, report) : '');
  for (const { one, inside } of elements) yield caseOf(FLEET, one.id, inside + systemOut(one));
  yield ' </testsuite>\n';
};

const rolledChecks = (report: Report): readonly Rolled[] => {
  const notes = new Map(report.checks.map((note) => [note.id, note]));
  const targets = targetsOf(report);
  const byCheck = Map.groupBy(report.results, ({ check }) => check);
  const ids = new Set([...notes.keys(), ...byCheck.keys()]);
  return [...ids].map((id) => {
    const results = Map.groupBy(byCheck.get(id) ?? [], ({ status }) => status);
    const unknown = (results.get('unknown') ?? []).filter((result) => !isHidden(result, targets.get(result.target)));
    return {
      id,
      note: notes.get(id),
      results,
      unknown,
      hidden: (results.get('unknown')?.length ?? 0) - unknown.length,
    };
  });
};

/** A failure before everything else; then what could not be told; then what keeps it from being a pass on every server. */
const elementOf = (rolled: Rolled, report: Report): string => {
  const { results, unknown, hidden } = rolled;
  const message = tallies(rolled, report.language);
  const fail = results.get('fail') ?? [];
  const text = () => fullText(rolled, fail, report);
  if (fail.length > 0) return element('failure', { type: `noncompliant.${worst(fail)}`, message }, text());
  if (unknown.length > 0) return element('error', { type: unknownType(commonest(unknown)), message }, text());
  const isSettled = hidden === 0 && !results.has('waived') && results.has('pass');
  return isSettled ? '' : skipped(message);
};

/** How many servers have which status. */
const tallies = ({ results, hidden }: Rolled, language: Language): string => {
  const { status: names, label } = words[language];
  const found = STATUSES.filter((status) => results.has(status));
  const parts = found.map((status) => `${names[status]} ${grouped(results.get(status)?.length ?? 0)}`);
  return `${label.servers}: ${[...parts, ...(hidden > 0 ? [`${label.notReached} ${grouped(hidden)}`] : [])].join(', ')}`;
};

const worst = (results: readonly Result[]): string =>
  SEVERITIES.findLast((severity) => results.some((result) => result.severity === severity)) ?? '';

const commonest = (results: readonly Result[]): Result['reason'] => {
  const groups = [...Map.groupBy(results, ({ reason }) => reason)];
  return groups.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
};

const fullText = ({ note, unknown }: Rolled, fail: readonly Result[], { language }: Report): string =>
  textOf(
    [
      ...prefaceLines(note, language),
      ...named(fail, 'fail', language),
      ...named(unknown, 'unknown', language),
      ...remedyLines(note, language, 0),
    ],
    language,
  );

const named = (results: readonly Result[], status: Status, language: Language): readonly Line[] => {
  if (results.length === 0) return [];
  const { status: names } = words[language];
  const lines = results.slice(0, NAMED).map(
    (result): Line => ({
      indent: 0,
      lead: `- ${short(result.target, NAME_LIMIT)}: `,
      text: cut(said(result, language), SAID),
    }),
  );
  const head = { indent: 0, text: `${names[status]} ${grouped(results.length)}`, own: true };
  return [head, ...lines, ...more(results.length - NAMED, language)];
};

const more = (count: number, language: Language): readonly Line[] => {
  const { say } = words[language];
  return count > 0 ? [{ indent: 0, text: `${say.more(count)}: ${say.truncated}`, own: true }] : [];
};

const said = ({ findings, reason, detail = '' }: Result, language: Language): string => {
  const failing = findings.find(({ verdict }) => verdict === 'fail');
  if (failing) return saying(failing);
  return reason ? `${words[language].reason[reason]}: ${short(detail)}` : '';
};

const notReached = (missed: readonly TargetNote[], { language }: Report): string => {
  const { label, reason: names } = words[language];
  const lines = missed.slice(0, NAMED * 2).map(({ name, reason, detail = '' }): Line => {
    const why = [...(reason ? [names[reason]] : []), short(detail)].join(': ');
    return { indent: 0, lead: `- ${short(name, NAME_LIMIT)}: `, text: cut(why, SAID) };
  });
  const [first] = missed;
  const message = `${label.servers}: ${label.notReached} ${grouped(missed.length)}`;
  return element(
    'error',
    { type: unknownType(first?.reason), message },
    textOf([...lines, ...more(missed.length - lines.length, language)], language),
  );
};

const systemOut = ({ results }: Rolled): string => {
  const counts = STATUSES.map((status) => [status, String(results.get(status)?.length ?? 0)] as const);
  return `   <system-out>${xmlBody(propertyLines(Object.fromEntries(counts)).join('\n'))}</system-out>\n`;
};
