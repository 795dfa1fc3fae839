/** One server with its results. */
import { type Result, STATUSES } from '../../engine/model.ts';
import { joined, type Markup, markup, nameOf, when } from './escape.ts';
import type { Shown } from './evidence.ts';
import { badge, duration, grouped, instant } from './parts.ts';
import { whyMissed } from './registers.ts';
import { lineOf, resultOf } from './result.ts';
import { countsOf, type Row, type Sheet } from './sheet.ts';

/** Result by result. In a fleet what passed or does not apply comes last, in one place that is closed. */
export const serverOf = function* (row: Row, sheet: Sheet): Iterable<Markup> {
  yield headOf(row, sheet);
  const notes = new Map(row.target.evidence.map((note) => [note.id, note]));
  const shown: Shown = new Map();
  const quiet: Result[] = [];
  for (const result of row.results) {
    if (sheet.fleet && (result.status === 'pass' || result.status === 'inapplicable')) quiet.push(result);
    else if (sharesFate(result, row)) yield lineOf(result, row, sheet);
    else yield resultOf(result, row, { sheet, notes, shown });
  }
  if (quiet.length > 0) {
    yield markup`<details class="rest"><summary>${grouped(quiet.length)} ${sheet.say.rest}</summary>
${quiet.map((result) => lineOf(result, row, sheet))}</details>
`;
  }
  yield markup`</section>\n`;
};

const headOf = (row: Row, sheet: Sheet): Markup => {
  const { target, anchor, results } = row;
  const { names, say } = sheet;
  const counts = countsOf(results);
  const found = STATUSES.filter((status) => counts[status] > 0).map(
    (status) => markup`${badge(status, sheet)} ${grouped(counts[status])}`,
  );
  const tags = target.tags.map((tag) => markup`<span class="tag">${nameOf(tag)}</span>`);
  return markup`<section class="server" id="${anchor}" aria-labelledby="${anchor}:title">
<header>
<h3 id="${anchor}:title">${nameOf(target.name)}</h3>
<p class="tallies">${joined(found, ' ')}</p>
<p class="meta">${joined([nameOf(target.address), markup`${target.os ?? names.label.unknownOs}`, instant(target.startedAt), markup`${say.took(duration(target.tookMs))}`], ' · ')} ${joined(tags, ' ')}</p>
${when(!target.reached, () => markup`<p class="missed"><strong>${names.label.notReached}</strong>: ${whyMissed(row, sheet)}</p>\n`)}</header>
`;
};

/** Unknown for no reason of its own: what the head of the server says needs no repetition. */
const sharesFate = ({ status, reason, detail }: Result, { target }: Row): boolean =>
  !target.reached && status === 'unknown' && reason === target.reason && detail === target.detail;
