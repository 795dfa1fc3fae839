import assets from './html/assets.json' with { type: 'json' };
import { catalogue } from './html/catalogue.ts';
import { controls } from './html/controls.ts';
import { type Markup, markup } from './html/escape.ts';
import fleetAssets from './html/fleet/assets.json' with { type: 'json' };
import type { Deflate } from './html/fleet/pack.ts';
import { fleetData, fleetMain } from './html/fleet/page.ts';
import { headOf } from './html/head.ts';
import { masthead, verdictOf } from './html/masthead.ts';
import { overview } from './html/overview.ts';
import { notReached, waivers } from './html/registers.ts';
import { serverOf } from './html/server.ts';
import { type Sheet, sheetOf } from './html/sheet.ts';
import { grouped } from './numbers.ts';
import type { Reporter } from './reporter.ts';

/** The report as one page that asks the network for nothing and reads well without script, style or colour. */
export const html: Reporter = function* (report, { deflate }) {
  for (const piece of pageOf(sheetOf(report), deflate)) yield piece.html;
};

const pageOf = function* (sheet: Sheet, deflate: Deflate): Iterable<Markup> {
  const { say, fleet } = sheet;
  yield beginning(sheet);
  yield masthead(sheet);
  yield contents(sheet);
  yield markup`<main>\n`;
  yield* fleet ? fleetMain(sheet) : mainOf(sheet);
  yield markup`</main>\n<footer><p>${say.kept}</p></footer>\n`;
  if (fleet) yield* fleetData(sheet, deflate);
  // Not through the template: the policy holds the hash of exactly this text.
  yield { html: `<script${fleet ? ' type="module"' : ''}>${fleet ? fleetAssets.script : assets.script}` };
  yield markup`</script>\n</body>\n</html>\n`;
};

const mainOf = function* (sheet: Sheet): Iterable<Markup> {
  const { say, rows } = sheet;
  yield* notReached(sheet);
  yield* waivers(sheet);
  yield* overview(sheet);
  yield markup`<section id="results" aria-labelledby="results:title">
<h2 id="results:title">${say.results} (${grouped(sheet.report.results.length)})</h2>
<p class="intro">${say.resultsIntro}</p>
<p class="intro paper">${say.onPaper}</p>
`;
  yield* controls(sheet);
  for (const row of rows) yield* serverOf(row, sheet);
  yield markup`</section>\n`;
  yield* catalogue(sheet);
};

/** The style of a fleet's page comes behind the one of every page. */
const beginning = ({ report, say, fleet }: Sheet): Markup => {
  const { language, profile, startedAt } = report;
  return headOf({
    language,
    title: `${say.verdict[verdictOf(report)]} · ${profile.id} ${profile.version} · ${startedAt.slice(0, 10)} · ${say.heading}`,
    styles: fleet ? [assets, fleetAssets] : [assets],
    scriptHash: fleet ? fleetAssets.scriptHash : assets.scriptHash,
    main: 'results',
    skip: say.skip,
    fleet,
  });
};

const contents = ({ say }: Sheet): Markup => markup`<nav class="contents" aria-label="${say.contents}">
<a href="#not-reached">${say.notReached}</a>
<a href="#waivers">${say.waivers}</a>
<a href="#overview">${say.overview}</a>
<a href="#results">${say.results}</a>
<a href="#checks">${say.checks}</a>
</nav>
`;
