/** What failed, a line each, right below the verdict: the first thing that a reader wants to know. */
import { SEVERITIES, type Severity } from '../../engine/model.ts';
import { NAME_LIMIT, short } from '../text.ts';
import { type Markup, markup, NOTHING, nameOf, when } from './escape.ts';
import { inEnglish } from './parts.ts';
import { anchorOf, hrefOf, type Sheet } from './sheet.ts';

/** Lines; all failures stand in the results, which each line leads to. */
const SHOWN = 10;

/** Of a fleet the groups tell it. */
export const failures = ({ report, rows, names, fleet }: Sheet): Markup => {
  const failed = rows
    .flatMap((row) => row.results.filter(({ status }) => status === 'fail').map((result) => ({ row, result })))
    .toSorted((a, b) => rank(b.result.severity) - rank(a.result.severity));
  if (fleet || failed.length === 0) return NOTHING;
  const lines = failed.slice(0, SHOWN).map(({ row, result }) => {
    const first = result.findings.find(({ verdict }) => verdict === 'fail');
    const subject = when(first?.subject !== undefined, () => markup`${nameOf(first?.subject ?? '')}: `);
    return markup`<li><a href="${hrefOf(anchorOf(row, result.check))}">${nameOf(row.target.name)} · ${result.check}</a> <span class="said"${inEnglish(report)}>${subject}${short(first?.message ?? '', NAME_LIMIT)}</span></li>\n`;
  });
  const more = failed.length - SHOWN;
  return markup`<ul class="failures">\n${lines}</ul>\n${when(more > 0, () => markup`<p>${names.say.more(more)}</p>\n`)}`;
};

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
