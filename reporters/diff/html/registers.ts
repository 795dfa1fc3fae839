/** What stands around the changes: counts by check, waivers, servers, checks, and room to sign. */
import type { ServerNote, SideNote } from '../../../engine/comparison.ts';
import type { WaiverNote } from '../../../engine/model.ts';
import { articleOf } from '../../html/catalogue.ts';
import { type Markup, markup, NOTHING, nameOf, when } from '../../html/escape.ts';
import { instant } from '../../html/parts.ts';
import { checkAnchor, hrefOf } from '../../html/sheet.ts';
import { grouped } from '../../numbers.ts';
import { perCheck, STYLES, TOLD } from '../sheet.ts';
import type { DiffPage } from './page.ts';

/** Servers that the page lists; each has its changes above. */
const SERVERS = 500;

export const byCheck = function* (page: DiffPage): Iterable<Markup> {
  const { say, names, notes } = page;
  const all = perCheck(page);
  yield markup`<section id="overview" aria-labelledby="overview:title">
<h2 id="overview:title">${say.byCheck}</h2>
`;
  if (all.length === 0) {
    yield markup`<p>${say.noChange}</p>\n</section>\n`;
    return;
  }
  const used = TOLD.filter((bucket) => all.some(([, counts]) => counts.has(bucket)));
  yield markup`<p class="intro">${say.byCheckIntro}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say.byCheck}, ${say.scrolls}">
<table class="per-check">
<thead><tr><th scope="col">${names.label.check}</th>${used.map((bucket) => markup`<th scope="col">${say.bucket[bucket]}</th>`)}</tr></thead>
<tbody>
`;
  for (const [id, counts] of all) {
    const cells = used.map((bucket) => {
      const count = counts.get(bucket) ?? 0;
      return markup`<td class="${count === 0 ? 'none' : STYLES[bucket]}">${grouped(count)}</td>`;
    });
    yield markup`<tr><th scope="row"><a href="${hrefOf(checkAnchor(id))}"><code>${id}</code></a> <span>${notes.get(id)?.title ?? ''}</span></th>${cells}</tr>\n`;
  }
  yield markup`</tbody>\n</table>\n</div>\n</section>\n`;
};

export const waivers = function* (page: DiffPage): Iterable<Markup> {
  const { say, names, comparison } = page;
  const { before, after } = comparison;
  const was = new Map(before.waivers.map((waiver) => [scopeKey(waiver), waiver]));
  const is = new Map(after.waivers.map((waiver) => [scopeKey(waiver), waiver]));
  const keys = [...new Set([...is.keys(), ...was.keys()])];
  yield markup`<section id="waivers" aria-labelledby="waivers:title">
<h2 id="waivers:title">${say.waivers} (${keys.length})</h2>
`;
  if (keys.length === 0) {
    yield markup`<p>${say.noWaivers}</p>\n</section>\n`;
    return;
  }
  const { check, server, subject, approvedBy, because } = names.label;
  const heads = [check, server, subject, say.before, say.after, approvedBy, because];
  yield markup`<p class="intro">${say.waiversIntro}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say.waivers}">
<table class="register">
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
`;
  for (const key of keys) yield waiverRow(was.get(key), is.get(key), page);
  yield markup`</tbody>\n</table>\n</div>\n`;
  for (const [name, side] of [[say.before, before] as const, [say.after, after] as const]) yield filesOf(name, side);
  yield markup`</section>\n`;
};

const scopeKey = ({ check, target, tags = [], subject, actual }: WaiverNote): string =>
  JSON.stringify([check, target, tags, subject, actual ?? null]);

const waiverRow = (was: WaiverNote | undefined, is: WaiverNote | undefined, page: DiffPage): Markup => {
  const one = is ?? was;
  if (!one) return NOTHING;
  const { names, say } = page;
  const state = (waiver: WaiverNote | undefined): Markup =>
    waiver
      ? markup`<span class="state ${waiver.state}">${names.waiverState[waiver.state]}</span><br><small>${names.label.until} ${instant(waiver.until)}</small>`
      : markup`<em class="missing">${say.noWaiver}</em>`;
  const tags = (one.tags ?? []).map((tag) => markup` <span class="tag">${nameOf(tag)}</span>`);
  const value = one.actual;
  const only =
    value === undefined
      ? NOTHING
      : markup`<br><small>${names.label.excused} <code class="value">${value}</code></small>`;
  return markup`<tr><td><code>${one.check}</code></td><td>${nameOf(one.target)}${tags}</td><td>${nameOf(one.subject)}${only}</td><td>${state(was)}</td><td>${state(is)}</td><td>${nameOf(one.approvedBy)}</td><td>${one.because}</td></tr>\n`;
};

const filesOf = (name: string, { waiverFiles = [] }: SideNote): Markup =>
  markup`${waiverFiles.map(({ file, sha256 }) => markup`<p>${name}: ${nameOf(file)} <code class="digest">sha256 ${sha256}</code></p>\n`)}`;

export const servers = function* ({ comparison, say, names }: DiffPage): Iterable<Markup> {
  const { servers: all } = comparison;
  if (all.length === 0) return;
  const { label } = names;
  yield markup`<section id="servers" aria-labelledby="servers:title">
<h2 id="servers:title">${say.servers} (${grouped(all.length)})</h2>
<p class="intro">${say.serversIntro}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say.servers}">
<table class="sides">
<thead><tr><th scope="col">${label.server}</th><th scope="col">${say.before}</th><th scope="col">${say.after}</th></tr></thead>
<tbody>
`;
  const met = (server: ServerNote | undefined): Markup => {
    if (!server) return markup`<em class="missing">${say.gone}</em>`;
    const missed = when(!server.reached, () => markup`<br><strong>${label.notReached}</strong>`);
    return markup`${nameOf(server.address)}<br>${nameOf(server.os ?? label.unknownOs)}<br>${instant(server.startedAt)}${missed}`;
  };
  for (const { name, before, after } of all.slice(0, SERVERS))
    yield markup`<tr><th scope="row">${nameOf(name)}</th><td data-side="${say.before}">${met(before)}</td><td data-side="${say.after}">${met(after)}</td></tr>\n`;
  yield markup`</tbody>\n</table>\n</div>\n`;
  if (all.length > SERVERS) yield markup`<p class="missing">${say.more(grouped(all.length - SERVERS))}</p>\n`;
  yield markup`</section>\n`;
};

export const catalogue = function* (page: DiffPage): Iterable<Markup> {
  const { comparison, say, names } = page;
  if (comparison.checks.length === 0) return;
  yield markup`<section id="checks" aria-labelledby="checks:title">
<h2 id="checks:title">${page.page.checks} (${comparison.checks.length})</h2>
<p class="intro">${say.checksIntro}</p>
`;
  for (const note of comparison.checks) yield articleOf(note, { names });
  yield markup`</section>\n`;
};

/** Seen on paper only. */
export const signatures = ({ say }: DiffPage): Markup => {
  const { name, date, signature } = say.signed;
  return markup`<section class="signatures" id="signatures" aria-labelledby="signatures:title">
<h2 id="signatures:title">${say.signatures}</h2>
<table>
<thead><tr><th scope="col"><span class="unseen">${say.signatures}</span></th><th scope="col">${name}</th><th scope="col">${date}</th><th scope="col">${signature}</th></tr></thead>
<tbody>
${say.signers.map((signer) => markup`<tr><th scope="row">${signer}</th><td></td><td></td><td></td></tr>\n`)}</tbody>
</table>
</section>
`;
};
