/** The whole fleet at a glance: the map, and a row of counts for each check. */
import { type Result, STATUSES } from '../../../engine/model.ts';
import { grouped } from '../../numbers.ts';
import { type Markup, markup } from '../escape.ts';
import { badge } from '../parts.ts';
import { checkAnchor, countsOf, hrefOf, type Sheet } from '../sheet.ts';
import { mapFrame } from './controls.ts';
import { fleetWords } from './words.ts';

export const fleetOverview = function* (sheet: Sheet): Iterable<Markup> {
  const { say, report } = sheet;
  const own = fleetWords[report.language];
  yield markup`<section id="overview" aria-labelledby="overview:title">
<h2 id="overview:title">${say.overview}</h2>
<p class="legend">${STATUSES.map((status) => markup`${badge(status, sheet)} `)}</p>
`;
  yield* mapFrame(sheet);
  yield markup`<h3 class="apart">${own.perCheck}</h3>
<p class="intro">${say.perCheckIntro}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${own.perCheck}">
`;
  yield* perCheck(sheet);
  yield markup`</div>\n</section>\n`;
};

const perCheck = function* (sheet: Sheet): Iterable<Markup> {
  const { checks, names, report } = sheet;
  const byCheck = Map.groupBy(report.results, ({ check }) => check);
  yield markup`<table class="per-check">
<thead><tr><th scope="col">${names.label.check}</th>${STATUSES.map((status) => markup`<th scope="col">${names.status[status]}</th>`)}</tr></thead>
<tbody>
`;
  for (const id of checks) yield checkRow(id, byCheck.get(id) ?? [], sheet);
  yield markup`</tbody>\n</table>\n`;
};

const checkRow = (id: string, results: readonly Result[], { notes }: Sheet): Markup => {
  const counts = countsOf(results);
  const cells = STATUSES.map(
    (status) => markup`<td class="${counts[status] === 0 ? 'none' : status}">${grouped(counts[status])}</td>`,
  );
  return markup`<tr><th scope="row"><a href="${hrefOf(checkAnchor(id))}"><code>${id}</code></a> <span>${notes.get(id)?.title ?? ''}</span></th>${cells}</tr>\n`;
};
