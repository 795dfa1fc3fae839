/** The page of a fleet: the same sections as the page of a few servers, each made for thousands. */
import { grouped } from '../../numbers.ts';
import { catalogue } from '../catalogue.ts';
import { type Markup, markup } from '../escape.ts';
import { waivers } from '../registers.ts';
import type { Sheet } from '../sheet.ts';
import { columnsOf } from './columns.ts';
import { groups } from './groups.ts';
import { CHUNK, mapData } from './map-data.ts';
import { fleetNotReached } from './not-reached.ts';
import { fleetOverview } from './overview.ts';
import { type Deflate, dataElement } from './pack.ts';
import { roomFor, serverData } from './server-data.ts';
import { fleetWords } from './words.ts';
import { worst } from './worst.ts';

/** Characters of answers that the page holds, before packing, the worst servers first. */
const EXCERPTS = 30_000_000;

export const fleetMain = function* (sheet: Sheet): Iterable<Markup> {
  const { say, report } = sheet;
  yield* fleetNotReached(sheet);
  yield* waivers(sheet);
  yield* fleetOverview(sheet);
  yield markup`<section id="results" aria-labelledby="results:title">
<h2 id="results:title">${say.results} (${grouped(report.results.length)})</h2>
<p class="intro">${fleetWords[report.language].resultsIntro}</p>
<div id="own:chosen" hidden></div>
`;
  yield* groups(sheet);
  yield* worst(sheet);
  yield markup`</section>\n`;
  yield* catalogue(sheet);
};

/** What the script reads, after everything that is read without it. */
export const fleetData = function* (sheet: Sheet, deflate: Deflate): Iterable<Markup> {
  const columns = columnsOf(sheet);
  const room = roomFor(EXCERPTS);
  yield* dataElement('data', mapData(sheet, columns), deflate);
  for (let from = 0; from < sheet.rows.length; from += CHUNK) {
    const rows = sheet.rows.slice(from, from + CHUNK);
    yield* dataElement(`data-${from / CHUNK}`, serverData(rows, columns, room), deflate);
  }
};
