/** The map and what it is filtered with. Hidden until the script shows it: without one nothing here would do anything. */
import { grouped } from '../../numbers.ts';
import { label, type Markup, markup } from '../escape.ts';
import { chips } from '../parts.ts';
import type { Sheet } from '../sheet.ts';
import { fleetWords } from './words.ts';

/** Tags that can be chosen by a list; the search finds all. */
const TAGS = 500;

export const mapFrame = function* (sheet: Sheet): Iterable<Markup> {
  const { say, report } = sheet;
  const own = fleetWords[report.language];
  yield markup`<noscript><p class="notice">${own.needsScript}</p></noscript>
<form id="own:filter" class="filter" role="search" aria-label="${say.filter}" hidden>
<div class="where"><input id="own:search" type="search" placeholder="${own.search}" aria-label="${own.search}" autocomplete="off" spellcheck="false">
`;
  yield* choices(sheet);
  yield chips(sheet, (status) => report.summary[status]);
  yield markup`<div class="buttons"><button type="reset">${say.clear}</button></div>
<p class="foot"><output id="own:shown" aria-live="polite" data-say="${say.shown}"></output> <span>${own.mapIntro} ${own.moves}</span></p>
</form>
<div id="own:map" class="scroll map" tabindex="0" role="region" aria-label="${say.scrolls}" hidden>
<table class="matrix"><thead></thead><tbody></tbody></table>
</div>
`;
};

const choices = function* ({ report, checks }: Sheet): Iterable<Markup> {
  const own = fleetWords[report.language];
  const counts = new Map<string, number>();
  for (const { tags } of report.targets) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const tags = [...counts].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)).slice(0, TAGS);
  yield markup`<select id="own:rows" aria-label="${own.rows}">
${Object.entries(own.by).map(([value, text]) => markup`<option value="${value}">${text}</option>`)}</select>
<select id="own:tag" aria-label="${own.allTags}"><option value="">${own.allTags}</option>
`;
  for (const [tag, count] of tags)
    yield markup`<option value="${label(tag)}">${label(tag)} (${grouped(count)})</option>\n`;
  yield markup`</select>
<select id="own:check" aria-label="${own.allChecks}"><option value="">${own.allChecks}</option>
`;
  for (const check of checks) yield markup`<option value="${label(check)}">${label(check)}</option>\n`;
  yield markup`</select></div>\n`;
};
