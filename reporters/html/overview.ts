/** The whole at a glance: a cell for each server and check. */
import { type Result, STATUSES } from '../../engine/model.ts';
import { label, type Markup, markup, NOTHING, nameOf } from './escape.ts';
import { badge, glyph } from './parts.ts';
import { anchorOf, checkAnchor, hrefOf, type Row, type Sheet } from './sheet.ts';

export const overview = function* (sheet: Sheet): Iterable<Markup> {
  const { say } = sheet;
  yield markup`<section id="overview" aria-labelledby="overview:title">
<h2 id="overview:title">${say.overview}</h2>
<p class="intro">${say.matrixIntro}</p>
<p class="legend">${STATUSES.map((status) => markup`${badge(status, sheet)} `)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say.scrolls}">
`;
  yield* matrix(sheet);
  yield markup`</div>\n</section>\n`;
};

const matrix = function* (sheet: Sheet): Iterable<Markup> {
  // Columns go area by area, even when the report does not.
  const columns = [...Map.groupBy(sheet.checks, areaOf).values()];
  const heads = columns.flatMap((ids) =>
    ids.map((id, at) => {
      const area = areaOf(id);
      const name = markup`<span class="area">${label(area)}</span>${label(id.slice(area.length))}`;
      return markup`<th scope="col"${firstOf(at)}><a href="${hrefOf(checkAnchor(id))}">${name}</a></th>`;
    }),
  );
  yield markup`<table class="matrix">
<thead><tr><th scope="col">${sheet.names.label.server}</th>${heads}</tr></thead>
<tbody>
`;
  for (const row of sheet.rows) {
    const results = new Map(row.results.map((result) => [result.check, result]));
    const cells = columns.flatMap((ids) => ids.map((id, at) => cell(row, results.get(id), { sheet, at })));
    yield markup`<tr><th scope="row"><a href="${hrefOf(row.anchor)}">${nameOf(row.target.name)}</a></th>${cells}</tr>\n`;
  }
  yield markup`</tbody>\n</table>\n`;
};

/** Marks the first column of an area. */
const firstOf = (at: number): Markup => (at === 0 ? markup` data-first` : NOTHING);

type Place = Readonly<{ sheet: Sheet; at: number }>;

/** Cells that want no action stay out of the way of the tab key: the results below are reached by it too. */
const cell = (row: Row, result: Result | undefined, { sheet: { names, say }, at }: Place): Markup => {
  if (!result) return markup`<td class="blank"${firstOf(at)}><span class="unseen">${say.noResult}</span></td>`;
  const { status, check } = result;
  const quiet = status === 'pass' || status === 'inapplicable' ? markup` tabindex="-1"` : NOTHING;
  const title = `${label(row.target.name)} ${label(check)}: ${names.status[status]}`;
  return markup`<td class="${status}"${firstOf(at)}><a href="${hrefOf(anchorOf(row, check))}" title="${title}"${quiet}>${glyph(status)}<span class="unseen"> ${names.status[status]}</span></a></td>`;
};

const areaOf = (check: string): string => check.split('/', 1)[0] ?? check;
