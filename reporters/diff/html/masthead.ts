/** The top of the page: the verdict, the two audits side by side, and the counts. */
import { BUCKETS, type SideNote } from '../../../engine/comparison.ts';
import { STATUSES } from '../../../engine/model.ts';
import { type Markup, markup, NOTHING, nameOf, when } from '../../html/escape.ts';
import { auditorOf } from '../../html/masthead.ts';
import { badge, entry, exitLine, glyph, instant } from '../../html/parts.ts';
import { grouped } from '../../numbers.ts';
import { STYLES, sourceOf, VERDICT_STYLES } from '../sheet.ts';
import { bucketAnchor, type DiffPage } from './page.ts';

export const masthead = (page: DiffPage): Markup => {
  const { comparison, say } = page;
  return markup`<header class="masthead" id="top">
<p class="tool">${comparison.tool.name}</p>
<h1>${say.heading}</h1>
${verdict(page)}
${comparison.differs.map((one) => markup`<p class="differs"><strong>${say.differs[one]}</strong></p>\n`)}${facts(page)}
${sides(page)}
${counts(page)}
</header>
`;
};

const verdict = ({ comparison, say, names, verdict: kind }: DiffPage): Markup => {
  const style = VERDICT_STYLES[kind];
  return markup`<div class="verdict ${style}">
<p class="word">${glyph(style)} ${say.verdict[kind]}</p>
<p>${exitLine(comparison, names, comparison)}</p>
</div>`;
};

const facts = ({ comparison, say, names, page }: DiffPage): Markup => {
  const { gate, madeAt, auditor, tool } = comparison;
  const allowed = when(gate.allowUnknown, () => markup`<br><strong>${names.say.allowUnknown}</strong>`);
  return markup`<dl class="facts">
${entry(say.compared, instant(madeAt))}${entry(say.comparedBy, auditorOf(auditor))}${entry(say.gate, markup`${say.failOn[gate.failOn]}${allowed}`)}${entry(page.made, markup`${tool.name} ${tool.version}`)}</dl>`;
};

/** What is not the same on both sides stands out where it makes a verdict differ. */
const sides = (page: DiffPage): Markup => {
  const { comparison, say, names } = page;
  const { before, after, differs } = comparison;
  const { label } = names;
  const row = (name: string, of: (side: SideNote) => Markup, isOther = false): Markup =>
    markup`<tr${isOther ? markup` class="other"` : NOTHING}><th scope="row">${name}</th><td data-side="${say.before}">${of(before)}</td><td data-side="${say.after}">${of(after)}</td></tr>\n`;
  return markup`<section class="audits" aria-labelledby="sides:title">
<h2 id="sides:title">${say.sides}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${say.sides}, ${say.scrolls}">
<table class="sides">
<thead><tr><th scope="col"><span class="unseen">${label.detail}</span></th><th scope="col">${say.before}</th><th scope="col">${say.after}</th></tr></thead>
<tbody>
${row(say.source, (side) => markup`${nameOf(sourceOf(side, say))}<br><code class="digest">sha256 ${side.source.sha256}</code>`)}${row(label.started, ({ startedAt }) => instant(startedAt))}${row(label.finished, ({ finishedAt }) => instant(finishedAt))}${row(label.auditor, ({ auditor }) => auditorOf(auditor))}${row(label.profile, ({ profile }) => markup`<b>${profile.id}</b> ${profile.version}<br><code class="digest">sha256 ${profile.sha256}</code>`, differs.includes('profile'))}${row(page.page.made, ({ tool }) => markup`${tool.name} ${tool.version}`, differs.includes('tool'))}${row(label.servers, ({ summary }) => markup`${grouped(summary.targets)}`)}${row(say.result, (side) => resultsOf(side, page))}${row(say.told, (side) => toldOf(side, page))}</tbody>
</table>
</div>
</section>`;
};

const resultsOf = (side: SideNote, { comparison, names }: DiffPage): Markup => {
  const found = STATUSES.filter((status) => side.summary[status] > 0).map(
    (status) => markup`<span class="tally">${badge(status, { names })} ${grouped(side.summary[status])}</span> `,
  );
  return markup`${found}<br>${exitLine(side, names, comparison)}`;
};

const toldOf = (side: SideNote, { comparison, say }: DiffPage): Markup => {
  const { told, results } = comparison.coverage[side === comparison.before ? 'before' : 'after'];
  return markup`${say.toldOf(grouped(told), grouped(results))}`;
};

const counts = ({
  comparison: { summary },
  say,
}: DiffPage): Markup => markup`<section class="counts" aria-labelledby="counts:title">
<h2 id="counts:title">${say.summary}</h2>
<ul class="buckets">
${BUCKETS.map((bucket) => {
  const count = summary[bucket];
  const name = markup`<b>${grouped(count)}</b> ${say.bucket[bucket]}`;
  const shown = bucket === 'unchanged' || count === 0 ? name : markup`<a href="#${bucketAnchor(bucket)}">${name}</a>`;
  return markup`<li class="${count === 0 ? 'none' : STYLES[bucket]}">${shown}</li>\n`;
})}</ul>
</section>`;
