/** The servers that want attention first, in full. */
import { type Markup, markup } from '../escape.ts';
import { resultOf } from '../result.ts';
import { headOf, kindOf } from '../server.ts';
import type { Row, Sheet } from '../sheet.ts';
import { fleetWords } from './words.ts';

/** Servers and results that are told in full without a script: more would make the page slow to open. */
const SERVERS = 30;
const RESULTS = 200;

export const worst = function* (sheet: Sheet): Iterable<Markup> {
  const chosen = chosenOf(sheet.rows);
  if (chosen.length === 0) return;
  const own = fleetWords[sheet.report.language];
  yield markup`<h3 class="apart">${own.worst}</h3>\n<p class="intro">${own.worstIntro(chosen.length)}</p>\n`;
  for (const row of chosen) {
    yield headOf(row, sheet);
    const context = { sheet, notes: new Map(row.target.evidence.map((note) => [note.id, note])), shown: new Map() };
    for (const result of loudOf(row)) yield resultOf(result, row, context);
    yield markup`</section>\n`;
  }
};

const chosenOf = (rows: readonly Row[]): readonly Row[] => {
  let room = RESULTS;
  const candidates = rows.filter((row) => loudOf(row).some(({ status }) => status !== 'waived')).slice(0, SERVERS);
  return candidates.filter((row) => {
    room -= loudOf(row).length;
    return room >= 0;
  });
};

const loudOf = (row: Row) => row.results.filter((result) => kindOf(result, row) === 'loud');
