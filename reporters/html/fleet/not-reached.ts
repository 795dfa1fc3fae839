/** The servers of a fleet that were not reached: reason by reason, every one of them. */
import { REASONS, type Reason } from '../../../engine/model.ts';
import { grouped } from '../../numbers.ts';
import { joined, type Markup, markup, NOTHING, nameOf } from '../escape.ts';
import type { Row, Sheet } from '../sheet.ts';

/** Servers of one reason whose details are told; of the others, their names. */
const DETAILS = 50;
const NAMES = 100;

export const fleetNotReached = function* (sheet: Sheet): Iterable<Markup> {
  const { rows, say } = sheet;
  const missed = rows.filter(({ target }) => !target.reached);
  yield markup`<section id="not-reached" aria-labelledby="not-reached:title">
<h2 id="not-reached:title">${say.notReached} (${grouped(missed.length)})</h2>
<p class="intro">${missed.length === 0 ? say.allReached : say.notReachedIntro}</p>
`;
  for (const [reason, own] of Map.groupBy(missed, ({ target }) => target.reason)) yield* forReason(reason, own, sheet);
  yield markup`</section>\n`;
};

const forReason = function* (reason: Reason | undefined, rows: readonly Row[], sheet: Sheet): Iterable<Markup> {
  const { names, report } = sheet;
  const head = reason ? names.reason[reason] : names.label.notReached;
  const advice = reason ? markup`<p class="intro">${REASONS[reason][report.language]}</p>\n` : NOTHING;
  yield markup`<h3 class="apart">${head} (${grouped(rows.length)})</h3>\n${advice}<ul class="missed">\n`;
  for (const { target } of rows.slice(0, DETAILS))
    yield markup`<li><b>${nameOf(target.name)}</b> <span class="said">${target.detail ?? ''}</span></li>\n`;
  yield markup`</ul>\n`;
  const others = rows.slice(DETAILS);
  for (let from = 0; from < others.length; from += NAMES)
    yield markup`<p class="names">${joined(
      others.slice(from, from + NAMES).map(({ target }) => nameOf(target.name)),
      ' · ',
    )}</p>\n`;
};
