/** The top of the page: the verdict, what it was judged by, when, and the counts. */
import { type Report, SEVERITIES, STATUSES, type Status } from '../../engine/model.ts';
import { spanOf } from '../detail.ts';
import { grouped } from '../numbers.ts';
import { type Markup, markup, NOTHING, nameOf, when } from './escape.ts';
import { failures } from './failures.ts';
import { badge, duration, entry, exitLine, glyph, instant } from './parts.ts';
import { countsOf, type Sheet } from './sheet.ts';

type Verdict = keyof Sheet['say']['verdict'];

const STYLES: Readonly<Record<Verdict, Status>> = {
  clean: 'pass',
  excepted: 'pass',
  gated: 'unknown',
  failed: 'fail',
  unsure: 'unknown',
  stopped: 'unknown',
};

/** What the exit code says; a code of 0 that waivers or the gate made possible is told apart. */
export const verdictOf = ({ exitCode, summary }: Report): Verdict => {
  if (exitCode === 1) return 'failed';
  if (exitCode !== 0) return exitCode === 3 ? 'unsure' : 'stopped';
  if (summary.fail + summary.unknown > 0) return 'gated';
  return summary.waived > 0 ? 'excepted' : 'clean';
};

export const masthead = (sheet: Sheet): Markup => {
  const { report, say } = sheet;
  return markup`<header class="masthead" id="top">
<p class="tool">${report.tool.name}</p>
<h1>${say.heading}</h1>
<p class="title">${report.profile.title}</p>
${verdict(sheet)}
${facts(sheet)}
${counts(sheet)}
</header>
`;
};

const verdict = (sheet: Sheet): Markup => {
  const { report, say, names } = sheet;
  const kind = verdictOf(report);
  return markup`<div class="verdict ${STYLES[kind]}">
<p class="word">${glyph(STYLES[kind])} ${say.verdict[kind]}</p>
<p>${exitLine(report, names, report)}</p>
${when(kind === 'gated', () => markup`<p>${say.gatedBecause}</p>\n`)}${when(report.results.length === 0, () => markup`<p>${names.say.nothingJudged}</p>\n`)}${failures(sheet)}</div>`;
};

const facts = (sheet: Sheet): Markup => {
  const { report, names, say } = sheet;
  const { profile, tool, auditor, startedAt, finishedAt, summary, targets, checkFiles = [] } = report;
  const { label, say: sentence } = names;
  const missed = targets.filter(({ reached }) => !reached).length;
  const took = duration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)));
  const servers = markup`${sentence.servers(summary.targets)}${when(missed > 0, () => markup`<br><a href="#not-reached">${sentence.notReached(missed)}</a>`)}`;
  return markup`<dl class="facts">
${entry(label.profile, markup`<b>${profile.id}</b> ${profile.version}<br><code class="digest">sha256 ${profile.sha256}</code>`)}${checkFiles.map(({ file, sha256 }) => entry(label.ownChecks, markup`${nameOf(file)}<br><code class="digest">sha256 ${sha256}</code>`))}${entry(label.servers, servers)}${entry(label.asked, askedOf(targets))}${entry(label.started, instant(startedAt))}${entry(label.finished, markup`${instant(finishedAt)} (${say.took(took)})`)}${entry(say.gate, gate(sheet))}${entry(say.made, markup`${tool.name} ${tool.version}`)}${entry(say.by, auditorOf(auditor))}</dl>`;
};

const askedOf = (targets: Report['targets']): Markup => {
  const [first, last] = spanOf(targets);
  if (first === undefined || last === undefined) return NOTHING;
  return first === last ? instant(first) : markup`${instant(first)} – ${instant(last)}`;
};

/** Who ran an audit, and from where. */
export const auditorOf = (auditor: Report['auditor']): Markup =>
  auditor ? markup`${nameOf(auditor.account)} @ ${nameOf(auditor.host)}` : NOTHING;

const gate = ({ report, names, say }: Sheet): Markup => {
  const { failOn, allowUnknown, baseline } = report.gate;
  if (failOn === 'low' && !allowUnknown && !baseline) return markup`${say.strictGate}`;
  const unknown = when(allowUnknown, () => markup`<li><strong>${names.say.allowUnknown}</strong></li>`);
  const failures = when(failOn !== 'low', () => markup`<li><strong>${names.say.failOn(failOn)}</strong></li>`);
  const worse = baseline
    ? markup`<li><strong>${names.say.baseline(baseline.file, baseline.store)}</strong><br><code class="digest">sha256 ${baseline.sha256}</code></li>`
    : NOTHING;
  return markup`<ul class="gate">${unknown}${failures}${worse}</ul>`;
};

const counts = (sheet: Sheet): Markup => {
  const { report, names, say } = sheet;
  const bySeverity = Map.groupBy(report.results, ({ severity }) => severity);
  const rows = SEVERITIES.toReversed().map((severity) => {
    const own = bySeverity.get(severity) ?? [];
    const found = countsOf(own);
    const cells = STATUSES.map((status) => cell(found[status], status));
    return markup`<tr><th scope="row">${names.severity[severity]}</th>${cells}${cell(own.length)}</tr>\n`;
  });
  const totals = STATUSES.map((status) => cell(report.summary[status], status));
  return markup`<section class="counts" aria-labelledby="counts:title">
<h2 id="counts:title">${say.counts}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${say.countsBy}">
<table>
<caption class="unseen">${say.countsBy}</caption>
<thead><tr><th scope="col">${names.label.severity}</th>${STATUSES.map((status) => markup`<th scope="col">${badge(status, sheet)}</th>`)}<th scope="col">${names.label.total}</th></tr></thead>
<tbody>
${rows}</tbody>
<tfoot><tr><th scope="row">${names.label.total}</th>${totals}${cell(report.results.length)}</tr></tfoot>
</table>
</div>
</section>`;
};

const cell = (count: number, status?: Status): Markup =>
  markup`<td class="${count === 0 ? 'none' : (status ?? 'sum')}">${grouped(count)}</td>`;
