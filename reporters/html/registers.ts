/** What must not be overlooked: the servers that were not reached, and the exceptions. */
import { REASONS, type TargetNote, type WaiverNote } from '../../engine/model.ts';
import { grouped } from '../numbers.ts';
import { type Markup, markup, NOTHING, nameOf } from './escape.ts';
import { instant } from './parts.ts';
import { hrefOf, type Row, type Sheet } from './sheet.ts';

export const notReached = function* ({ rows, report, names, say }: Sheet): Iterable<Markup> {
  const missed = rows.filter(({ target }) => !target.reached);
  yield markup`<section id="not-reached" aria-labelledby="not-reached:title">
<h2 id="not-reached:title">${say.notReached} (${grouped(missed.length)})</h2>
`;
  if (missed.length === 0) {
    yield markup`<p>${say.allReached}</p>\n</section>\n`;
    return;
  }
  yield markup`<p class="intro">${say.notReachedIntro}</p>\n<ul class="missed">\n`;
  for (const row of missed) {
    yield markup`<li><a href="${hrefOf(row.anchor)}"><b>${nameOf(row.target.name)}</b></a>: ${whyMissed(row, { report, names })}</li>\n`;
  }
  yield markup`</ul>\n</section>\n`;
};

/** Why a server was not reached, and what helps. */
export const whyMissed = ({ target }: Row, { report, names }: Pick<Sheet, 'report' | 'names'>): Markup => {
  const { reason, detail = '' }: TargetNote = target;
  if (reason === undefined) return markup`${names.label.notReached}`;
  return markup`<b>${names.reason[reason]}</b>: <span class="said">${detail}</span> <span class="advice">${REASONS[reason][report.language]}</span>`;
};

export const waivers = function* ({ report, names, say }: Sheet): Iterable<Markup> {
  const { label } = names;
  yield markup`<section id="waivers" aria-labelledby="waivers:title">
<h2 id="waivers:title">${say.waivers} (${report.waivers.length})</h2>
`;
  if (report.waivers.length === 0) {
    yield markup`<p>${say.noWaivers}</p>\n</section>\n`;
    return;
  }
  const { check, server, subject, until, approvedBy, file, because } = label;
  const heads = [say.state, check, server, subject, until, approvedBy, file, because];
  yield markup`<p class="intro">${say.waiversIntro}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say.waivers}">
<table class="register">
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
`;
  for (const waiver of report.waivers) yield waiverRow(waiver, names);
  yield markup`</tbody>\n</table>\n</div>\n`;
  const files = report.waiverFiles ?? [];
  for (const one of files) yield markup`<p>${nameOf(one.file)} <code class="digest">sha256 ${one.sha256}</code></p>\n`;
  yield markup`</section>\n`;
};

const waiverRow = (
  { state, found, check, target, tags = [], subject, actual, until, approvedBy, file, because }: WaiverNote,
  { waiverState, label }: Sheet['names'],
): Markup => markup`<tr><td><span class="state ${state}">${waiverState[state]}</span>${value(label.found, found)}</td>
<td><code>${check}</code></td><td>${nameOf(target)}${tags.map((tag) => markup` <span class="tag">${nameOf(tag)}</span>`)}</td><td>${nameOf(subject)}${value(label.excused, actual)}</td>
<td>${instant(until)}</td><td>${nameOf(approvedBy)}</td><td class="file">${file === undefined ? NOTHING : nameOf(file)}</td><td>${because}</td></tr>
`;

const value = (name: string, text: string | undefined): Markup =>
  text === undefined ? NOTHING : markup`<br><small>${name} <code class="value">${text}</code></small>`;
