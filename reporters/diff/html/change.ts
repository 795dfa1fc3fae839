/** One change: its line, and what both audits say, side by side. */
import type { AnswerPair, Change, ResultNote, State, SubjectChange } from '../../../engine/comparison.ts';
import { type Finding, REASONS, type Status } from '../../../engine/model.ts';
import { scopeOf, termsOf } from '../../detail.ts';
import { joined, literal, type Markup, markup, NOTHING, nameOf, when } from '../../html/escape.ts';
import { badge, english, entry, glyph, inEnglish } from '../../html/parts.ts';
import { checkAnchor, hrefOf } from '../../html/sheet.ts';
import { grouped } from '../../numbers.ts';
import { STYLES } from '../sheet.ts';
import type { DiffPage } from './page.ts';

/** Subjects of a change, and findings of a subject, that the page shows. */
const SUBJECTS = 100;
const FINDINGS = 20;

/** How a change stands now; of what is gone, how it stood. */
export const statusOf = ({ before, after }: Change): Status => (after ?? before)?.status ?? 'unknown';

export const changeOf = (change: Change, page: DiffPage): Markup => {
  const { say, names, anchors } = page;
  const status = statusOf(change);
  const anchor = anchors.get(change) ?? '';
  const isOpen = change.worse || change.bucket === 'became-unknown' ? markup` open` : NOTHING;
  return markup`<details class="result ${STYLES[change.bucket]}" id="${anchor}" data-status="${status}" data-severity="${change.severity}"${isOpen}>
<summary>${heading(change, page)}</summary>
<div class="body">
${demands(change, page)}${beside(change, page)}${proof(change, page)}<p class="ways"><a href="${hrefOf(checkAnchor(change.check))}">${page.page.aboutCheck}</a> · <a href="${hrefOf(anchor)}">${page.page.link} <span class="unseen">${nameOf(change.target)} ${change.check} ${say.bucket[change.bucket]} ${names.severity[change.severity]}</span></a></p>
</div>
</details>
`;
};

const heading = (change: Change, page: DiffPage): Markup => {
  const { before, after, target, check, severity, worse, why } = change;
  const { say, names, notes } = page;
  const side = (one: ResultNote | undefined): Markup =>
    one ? badge(one.status, { names }) : markup`<span class="badge inapplicable">${say.gone}</span>`;
  const marks = [
    when(worse, () => markup`<span class="worse">${say.isWorse}</span>`),
    why ? markup`<span class="severity">${say.why[why]}</span>` : NOTHING,
  ];
  return markup`<span class="turn">${side(before)} → ${side(after)}</span> <span class="what">${nameOf(target)} · ${notes.get(check)?.title ?? ''} <code>${check}</code></span> ${joined(marks, ' ')} <span class="severity ${severity}">${names.severity[severity]}</span>`;
};

/** What is expected, where that is not the same on both sides. */
const demands = ({ before, after, bucket }: Change, { say }: DiffPage): Markup => {
  if (bucket !== 'profile-changed') return NOTHING;
  const one = (name: string, side: ResultNote | undefined): Markup =>
    side?.expected ? entry(name, markup`<code class="value">${JSON.stringify(side.expected)}</code>`) : NOTHING;
  const both = joined([one(`${say.expected}, ${say.before}`, before), one(`${say.expected}, ${say.after}`, after)], '');
  return when(both.html !== '', () => markup`<dl class="proof">\n${both}</dl>\n`);
};

const beside = (change: Change, page: DiffPage): Markup => {
  const { say, names } = page;
  const { before, after, subjects } = change;
  const rows = subjects.slice(0, SUBJECTS).map((subject) => subjectRow(subject, change, page));
  const terms =
    before?.waiver || after?.waiver
      ? markup`<tr><th scope="row">${names.status.waived}</th><td data-side="${say.before}">${waiverOf(before, page)}</td><td data-side="${say.after}">${waiverOf(after, page)}</td></tr>\n`
      : NOTHING;
  const rest = subjects.length - SUBJECTS;
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="${say.beside}">
<table class="beside">
<thead><tr><th scope="col">${names.label.subject}</th><th scope="col">${say.before}</th><th scope="col">${say.after}</th></tr></thead>
<tbody>
${rows}${terms}</tbody>
</table>
</div>
${when(rest > 0, () => markup`<p class="missing">${say.more(grouped(rest))}</p>\n`)}`;
};

const subjectRow = (subject: SubjectChange, { before, after }: Change, page: DiffPage): Markup => {
  const { say } = page;
  const name = subject.subject === undefined ? markup`${say.wholeCheck}` : nameOf(subject.subject);
  const what = markup`<br><span class="badge ${STYLES[subject.bucket]}">${say.bucket[subject.bucket]}</span>`;
  return markup`<tr><th scope="row">${name}${what}</th><td data-side="${say.before}">${cell(subject.before, before, page)}</td><td data-side="${say.after}">${cell(subject.after, after, page)}</td></tr>\n`;
};

const cell = (state: State | undefined, result: ResultNote | undefined, page: DiffPage): Markup => {
  const { comparison, names, say } = page;
  if (!state) return markup`<em class="missing">${result ? say.nothingThere : say.gone}</em>`;
  if (state.status === 'unknown') return ignorance(result, page);
  const rest = state.findings.length - FINDINGS;
  const shown = state.findings.slice(0, FINDINGS).map((finding) => findingOf(finding, page));
  const more = when(rest > 0, () => markup`<p class="missing">${say.findings(grouped(rest))}</p>`);
  return markup`${badge(state.status, { names })}<div${inEnglish(comparison)}>${shown}</div>${more}`;
};

const ignorance = (result: ResultNote | undefined, { comparison, names }: DiffPage): Markup => {
  const mark = badge('unknown', { names });
  if (result?.reason === undefined) return mark;
  return markup`${mark} <b>${names.reason[result.reason]}</b>: <span class="said">${english(result.detail ?? '', comparison)}</span> <span class="advice">${REASONS[result.reason][comparison.language]}</span>`;
};

const findingOf = ({ verdict, message, expected, actual }: Finding, { names, page }: DiffPage): Markup => {
  const value = (text: string | undefined): Markup =>
    text === undefined ? NOTHING : literal(text, (left) => page.missing(grouped(left)));
  const values = joined([entry(names.label.expected, value(expected)), entry(names.label.actual, value(actual))], '');
  return markup`<div class="finding">${glyph(verdict)} <span class="unseen">${names.status[verdict]}: </span><span class="said">${message}</span>${when(values.html !== '', () => markup`<dl class="values">${values}</dl>`)}</div>`;
};

const waiverOf = (result: ResultNote | undefined, { comparison: { language }, say }: DiffPage): Markup =>
  result?.waiver
    ? markup`<span class="said">${termsOf(result.waiver, language)}</span><br><small>${scopeOf(result.waiver, language)}</small>`
    : markup`<em class="missing">${say.noWaiver}</em>`;

/** Which answers the two audits rest on, and whether they are the same bytes. On paper those are counted only. */
const proof = ({ evidence }: Change, page: DiffPage): Markup => {
  const { say, names } = page;
  if (evidence.length === 0) return NOTHING;
  const same = evidence.filter(isSame).length;
  const counted = when(same > 0, () => markup`; ${say.same}: ${grouped(same)}`);
  return markup`<details class="answer"><summary>${say.proof} (${grouped(evidence.length)}${counted})</summary>
<div class="scroll${when(same === evidence.length, () => markup` same`)}" tabindex="0" role="group" aria-label="${say.proof}">
<table class="proof-table">
<thead><tr><th scope="col">${names.label.command}</th><th scope="col">${say.before}</th><th scope="col">${say.after}</th><th scope="col">${say.change}</th></tr></thead>
<tbody>
${evidence.map((pair) => answers(pair, page))}</tbody>
</table>
</div>
</details>
`;
};

const isSame = ({ before, after }: AnswerPair): boolean => before !== undefined && before.sha256 === after?.sha256;

const answers = (pair: AnswerPair, { say }: DiffPage): Markup => {
  const { command, before, after } = pair;
  const one = (answer: AnswerPair['before']): Markup =>
    answer
      ? markup`<b>${answer.id}</b> <code class="digest">${answer.sha256}</code>`
      : markup`<em class="missing">${say.notAsked}</em>`;
  const change = when(
    before !== undefined && after !== undefined,
    () => markup`${isSame(pair) ? say.same : say.other}`,
  );
  return markup`<tr${when(isSame(pair), () => markup` class="same"`)}><td><code>${command}</code></td><td>${one(before)}</td><td>${one(after)}</td><td>${change}</td></tr>\n`;
};
