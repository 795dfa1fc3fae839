/** What failed, a line each, right below the verdict: the first thing that a reader wants to know. */
import { type Result, SEVERITIES, type Severity } from '../../engine/model.ts';
import { NAME_LIMIT, short } from '../text.ts';
import { type Markup, markup, NOTHING, nameOf, when } from './escape.ts';
import { inEnglish } from './parts.ts';
import { anchorOf, checkAnchor, hrefOf, type Row, type Sheet } from './sheet.ts';

/** Lines; all failures stand below, where each line leads. */
const SHOWN = 10;

export const failures = (sheet: Sheet): Markup => {
  const failed = sheet.rows
    .flatMap((row) => row.results.filter(({ status }) => status === 'fail').map((result) => ({ row, result })))
    .toSorted((a, b) => rank(b.result.severity) - rank(a.result.severity));
  if (failed.length === 0) return NOTHING;
  const lines = sheet.fleet ? checkLines(failed, sheet) : resultLines(failed, sheet);
  const more = lines.length - SHOWN;
  return markup`<ul class="failures">\n${lines.slice(0, SHOWN)}</ul>\n${when(more > 0, () => markup`<p>${sheet.names.say.more(more)}</p>\n`)}`;
};

type Failed = readonly Readonly<{ row: Row; result: Result }>[];

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const resultLines = (failed: Failed, { report }: Sheet): readonly Markup[] =>
  failed.map(({ row, result }) => {
    const first = result.findings.find(({ verdict }) => verdict === 'fail');
    const subject = when(first?.subject !== undefined, () => markup`${nameOf(first?.subject ?? '')}: `);
    return markup`<li><a href="${hrefOf(anchorOf(row, result.check))}">${nameOf(row.target.name)} · ${result.check}</a> <span class="said"${inEnglish(report)}>${subject}${short(first?.message ?? '', NAME_LIMIT)}</span></li>\n`;
  });

/** Of a fleet, the checks that failed, and on how many servers: which ones, the groups tell. A title says what should be. */
const checkLines = (failed: Failed, { names, notes, say }: Sheet): readonly Markup[] =>
  [...Map.groupBy(failed, ({ result }) => result.check)]
    .toSorted(([, a], [, b]) => rankOf(b) - rankOf(a) || b.length - a.length)
    .map(
      ([check, own]) =>
        markup`<li><a href="${hrefOf(checkAnchor(check))}">${check}</a> · <b>${say.notSo(names.say.servers(own.length))}</b>: <span class="said">${notes.get(check)?.title ?? ''}</span></li>\n`,
    );

/** A profile may count a check more on some servers. */
const rankOf = ([worst]: Failed): number => (worst ? rank(worst.result.severity) : -1);
