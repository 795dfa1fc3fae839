/** What failed or is unknown: result by result while they are few, then check by check with some of the servers. */
import { type Report, type Result, SEVERITIES } from '../../engine/model.ts';
import { isHidden, saying, targetsOf } from '../detail.ts';
import { GLYPHS } from '../html/sheet.ts';
import { grouped } from '../numbers.ts';
import { words } from '../words.ts';
import { code, heading, plainText, table } from './escape.ts';
import { markdownWords } from './words.ts';

/** Results up to which each has a row. */
const EACH = 30;
/** Rows of a table, and servers that one row names: GitHub drops a summary of more than 1 MiB, and a hostile name takes five times its length. */
const ROWS = 50;
const NAMED = 5;

export const problems = function* (report: Report): Iterable<string> {
  yield* section('fail', report);
  yield* section('unknown', report);
};

const section = function* (status: 'fail' | 'unknown', report: Report): Iterable<string> {
  const names = words[report.language];
  const all = report.results.filter((result) => result.status === status);
  // What a server that was not reached hides is told once, with the server.
  const targets = targetsOf(report);
  const results = all.filter((result) => !isHidden(result, targets.get(result.target))).toSorted(worstFirst);
  if (all.length === 0) return;
  yield heading(`${GLYPHS[status]} ${names.status[status]} (${grouped(all.length)})`, 2);
  const hidden = all.length - results.length;
  if (hidden > 0) yield `${names.label.notReached}: ${grouped(hidden)}\n\n`;
  if (results.length === 0) return;
  const rows = results.length <= EACH ? eachRow(results, report) : groupRows(results, report);
  const { label } = names;
  const own = markdownWords[report.language];
  const heads = results.length <= EACH ? [label.server] : [label.servers, own.first];
  yield table([label.severity, label.check, ...heads, own.what], rows.slice(0, ROWS));
  if (rows.length > ROWS) yield `\n${names.say.more(rows.length - ROWS)}\n`;
  yield '\n';
};

type Row = readonly (string | number)[];

const eachRow = (results: readonly Result[], report: Report): readonly Row[] =>
  results.map((result) => [
    words[report.language].severity[result.severity],
    code(result.check),
    code(result.target),
    said(result, report),
  ]);

/** The checks with what keeps each from being a pass: of an unknown, every reason for itself. */
const groupRows = (results: readonly Result[], report: Report): readonly Row[] => {
  const groups = Map.groupBy(results, ({ check, reason = '', severity }) => `${severity} ${check} ${reason}`);
  return [...groups.values()].flatMap((group): readonly Row[] => {
    const [first] = group;
    if (!first) return [];
    const more = group.length > NAMED ? [words[report.language].say.more(group.length - NAMED)] : [];
    const targets = [...group.slice(0, NAMED).map(({ target }) => code(target, 60)), ...more].join(', ');
    return [
      [words[report.language].severity[first.severity], code(first.check), group.length, targets, said(first, report)],
    ];
  });
};

const worstFirst = (a: Result, b: Result): number => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

const said = ({ findings, reason, detail = '' }: Result, { language }: Report): string => {
  if (reason) return `${plainText(words[language].reason[reason])}: ${code(detail)}`;
  const [first, ...rest] = findings.filter(({ verdict }) => verdict === 'fail');
  if (!first) return '';
  return code(saying(first)) + (rest.length > 0 ? ` (+${rest.length})` : '');
};
