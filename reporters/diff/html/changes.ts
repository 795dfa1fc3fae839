/** The changes, bucket by bucket, and what the script filters them with. */
import type { Change } from '../../../engine/comparison.ts';
import { type Markup, markup, NOTHING } from '../../html/escape.ts';
import { chips, glyph } from '../../html/parts.ts';
import { grouped } from '../../numbers.ts';
import { STYLES, type Told } from '../sheet.ts';
import { changeOf, statusOf } from './change.ts';
import { bucketAnchor, type DiffPage } from './page.ts';

/** Changes of one bucket that the page shows: a browser lays out no more. The JSON report holds all. */
const CHANGES = 2_000;

/** Buckets in which nothing wants attention: closed from the start. */
const QUIET: readonly Told[] = ['still-failing', 'not-compared', 'evidence-changed', 'added', 'removed'];

export const changes = function* (page: DiffPage): Iterable<Markup> {
  const { say, comparison } = page;
  yield markup`<section id="changes" aria-labelledby="changes:title">
<h2 id="changes:title">${say.changes} (${grouped(comparison.changes.length)})</h2>
`;
  if (comparison.changes.length === 0) yield markup`<p>${say.noChange}</p>\n`;
  else yield markup`<p class="intro">${say.changesIntro}</p>\n`;
  yield* controls(page);
  for (const [bucket, own] of page.changes) if (own.length > 0) yield* bucketOf(bucket, own, page);
  yield markup`</section>\n`;
};

const bucketOf = function* (bucket: Told, own: readonly Change[], page: DiffPage): Iterable<Markup> {
  const { say } = page;
  const anchor = bucketAnchor(bucket);
  yield markup`<section class="server" id="${anchor}" aria-labelledby="${anchor}:title">
<header>
<h3 id="${anchor}:title">${say.bucket[bucket]}</h3>
<p class="tallies"><span class="tally"><span class="badge ${STYLES[bucket]}">${glyph(STYLES[bucket])} ${grouped(own.length)}</span></span></p>
<p class="meta">${say.meaning[bucket]}</p>
</header>
`;
  const isQuiet = QUIET.includes(bucket);
  if (isQuiet)
    yield markup`<details class="rest"${own.some(({ worse }) => worse) ? markup` open` : NOTHING}><summary><b>${grouped(own.length)}</b> ${say.bucket[bucket]}</summary>\n`;
  for (const change of own.slice(0, CHANGES)) yield changeOf(change, page);
  if (isQuiet) yield markup`</details>\n`;
  if (own.length > CHANGES) yield markup`<p class="missing">${say.more(grouped(own.length - CHANGES))}</p>\n`;
  yield markup`</section>\n`;
};

const controls = function* ({ comparison, changes: byBucket, names, say, page }: DiffPage): Iterable<Markup> {
  yield markup`<form id="own:filter" class="filter" role="search" aria-label="${say.filter}" hidden>
<div class="where"><input id="own:search" type="search" placeholder="${page.search}" aria-label="${page.search}" autocomplete="off" spellcheck="false">
<select id="own:server" aria-label="${say.change}"><option value="">${say.allBuckets}</option>
`;
  for (const [bucket, own] of byBucket)
    if (own.length > 0) yield markup`<option value="${bucketAnchor(bucket)}">${say.bucket[bucket]}</option>\n`;
  const now = Map.groupBy(comparison.changes, statusOf);
  yield markup`</select></div>
${chips({ names }, (status) => now.get(status)?.length ?? 0)}<div class="buttons"><button type="button" id="own:expand">${page.expand}</button>
<button type="button" id="own:collapse">${page.collapse}</button>
<button type="reset">${page.clear}</button></div>
<p class="foot"><output id="own:shown" aria-live="polite" data-say="${say.shown}" data-print="${page.filtered}"></output>
<label class="keys"><input type="checkbox" id="own:keys" checked> ${page.keys}</label></p>
</form>
`;
};
