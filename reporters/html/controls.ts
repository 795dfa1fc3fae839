/** What the script works with. Hidden until the script shows it: without one nothing here would do anything. */
import { label, type Markup, markup } from './escape.ts';
import { chips } from './parts.ts';
import type { Sheet } from './sheet.ts';

export const controls = function* ({ report, rows, names, say }: Sheet): Iterable<Markup> {
  yield markup`<form id="own:filter" class="filter" role="search" aria-label="${say.filter}" hidden>
<div class="where"><input id="own:search" type="search" placeholder="${say.search}" aria-label="${say.search}" autocomplete="off" spellcheck="false">
<select id="own:server" aria-label="${names.label.server}"><option value="">${say.allServers}</option>
`;
  const places = new Map(rows.map(({ target, anchor }) => [target, anchor]));
  // In the order of the report, which is the one that its reader knows.
  for (const target of report.targets)
    yield markup`<option value="${places.get(target) ?? ''}">${label(target.name)}</option>\n`;
  yield markup`</select></div>
${chips({ names }, (status) => report.summary[status])}<div class="buttons"><button type="button" id="own:expand">${say.expand}</button>
<button type="button" id="own:collapse">${say.collapse}</button>
<button type="reset">${say.clear}</button></div>
<p class="foot"><output id="own:shown" aria-live="polite" data-say="${say.shown}" data-print="${say.filtered}"></output>
<label class="keys"><input type="checkbox" id="own:keys" checked> ${say.keys}</label></p>
</form>
`;
};
