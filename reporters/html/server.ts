/** One server with its results. */
import { type Result, STATUSES } from '../../engine/model.ts';
import { isHidden } from '../detail.ts';
import { grouped } from '../numbers.ts';
import { joined, type Markup, markup, NOTHING, nameOf, when } from './escape.ts';
import type { Shown } from './evidence.ts';
import { badge, duration, instant } from './parts.ts';
import { whyMissed } from './registers.ts';
import { lineOf, resultOf } from './result.ts';
import { countsOf, type Row, type Sheet } from './sheet.ts';

/** Servers up to which what passed is open from the start: there is room for it. */
const FEW = 5;

/** What wants attention, result by result; then, each in one place, what a server that was not reached hides, and what passed. */
export const serverOf = function* (row: Row, sheet: Sheet): Iterable<Markup> {
  yield headOf(row, sheet);
  const { say, rows } = sheet;
  const notes = new Map(row.target.evidence.map((note) => [note.id, note]));
  const shown: Shown = new Map();
  const whole = (result: Result): Markup => resultOf(result, row, { sheet, notes, shown });
  const line = (result: Result): Markup => lineOf(result, row, sheet);
  const { loud = [], hidden = [], quiet = [] } = Object.groupBy(row.results, (result) => kindOf(result, row));
  for (const result of loud) yield whole(result);
  yield* rest(hidden, say.hidden, { open: false, print: line });
  yield* rest(quiet, say.rest, { open: rows.length <= FEW, print: whole });
  yield markup`</section>\n`;
};

/** `hidden` are results unknown for no reason of their own: what the head of the server says needs no repetition. */
export const kindOf = (result: Result, { target }: Row): 'loud' | 'hidden' | 'quiet' => {
  if (result.status === 'pass' || result.status === 'inapplicable') return 'quiet';
  return isHidden(result, target) ? 'hidden' : 'loud';
};

type Manner = Readonly<{ open: boolean; print(result: Result): Markup }>;

const rest = function* (results: readonly Result[], name: string, { open, print }: Manner): Iterable<Markup> {
  if (results.length === 0) return;
  yield markup`<details class="rest"${open ? markup` open` : NOTHING}><summary><b>${grouped(results.length)}</b> ${name}</summary>\n`;
  for (const result of results) yield print(result);
  yield markup`</details>\n`;
};

export const headOf = (row: Row, sheet: Sheet): Markup => {
  const { target, anchor, results } = row;
  const { names, say } = sheet;
  const counts = countsOf(results);
  const found = STATUSES.filter((status) => counts[status] > 0).map(
    (status) => markup`<span class="tally">${badge(status, sheet)} ${grouped(counts[status])}</span>`,
  );
  const tags = target.tags.map((tag) => markup`<span class="tag">${nameOf(tag)}</span>`);
  const about = [
    nameOf(target.address),
    nameOf(target.os ?? names.label.unknownOs),
    instant(target.startedAt),
    markup`${say.took(duration(target.tookMs))}`,
  ];
  return markup`<section class="server" id="${anchor}" aria-labelledby="${anchor}:title">
<header>
<h3 id="${anchor}:title">${nameOf(target.name)}</h3>
<p class="tallies">${joined(found, ' ')}</p>
<p class="meta">${joined(about, ' · ')} ${joined(tags, ' ')}</p>
${when(!target.reached, () => markup`<p class="missed"><strong>${names.label.notReached}</strong>: ${whyMissed(row, sheet)}</p>\n`)}</header>
`;
};
