/** One check on one server: its line, and everything that stands behind it. */
import { type EvidenceNote, type Finding, REASONS, type Result } from '../../engine/model.ts';
import { grouped } from '../numbers.ts';
import { about } from './catalogue.ts';
import { joined, label, literal, type Markup, markup, NOTHING, nameOf, when } from './escape.ts';
import { evidenceOf, type Shown } from './evidence.ts';
import { badge, english, entry, glyph, inEnglish, instant } from './parts.ts';
import { anchorOf, checkAnchor, hrefOf, type Row, type Sheet } from './sheet.ts';

/** Findings of one result that the page shows, failures first; the JSON report holds all. */
const FINDINGS = 200;

/** A result with its body; what failed or is unknown is open. `shown` remembers which answers the server's results have shown. */
export const resultOf = (
  result: Result,
  row: Row,
  { sheet, notes, shown }: Readonly<{ sheet: Sheet; notes: ReadonlyMap<string, EvidenceNote>; shown: Shown }>,
): Markup => {
  const { names } = sheet;
  const anchor = anchorOf(row, result.check);
  const open = result.status === 'fail' || result.status === 'unknown' ? markup` open` : NOTHING;
  const proof = entry(names.label.evidence, evidenceOf(result.evidence, { sheet, notes, shown, anchor }));
  return markup`<details class="result ${result.status}" id="${anchor}" ${marks(result)}${open}>
<summary>${heading(result, sheet)}</summary>
<div class="body">
${ignorance(result, sheet)}${waiver(result, sheet)}${findings(result, sheet)}${prose(result, sheet)}${when(proof !== NOTHING, () => markup`<dl class="proof">\n${proof}</dl>\n`)}${ways(result, row, sheet)}</div>
</details>
`;
};

/** A result as one line: the check, and what is said in short. */
export const lineOf = (result: Result, row: Row, sheet: Sheet): Markup => {
  const said = result.findings
    .slice(0, FINDINGS)
    .map(({ subject, message }) => markup`${subject === undefined ? NOTHING : markup`${nameOf(subject)}: `}${message}`);
  return markup`<div class="result line ${result.status}" id="${anchorOf(row, result.check)}" ${marks(result)}>${badge(result.status, sheet)} <a href="${hrefOf(checkAnchor(result.check))}"><code>${result.check}</code></a> <span class="said"${inEnglish(sheet.report)}>${joined(said, '; ')}</span></div>
`;
};

const marks = ({ status, severity }: Result): Markup => markup`data-status="${status}" data-severity="${severity}"`;

const heading = (result: Result, sheet: Sheet): Markup => {
  const title = sheet.notes.get(result.check)?.title ?? '';
  const severity = sheet.names.severity[result.severity];
  return markup`${badge(result.status, sheet)} <span class="what">${title} <code>${result.check}</code></span> <span class="severity ${result.severity}">${severity}</span>`;
};

const ignorance = ({ reason, detail = '' }: Result, { report, names }: Sheet): Markup => {
  if (reason === undefined) return NOTHING;
  return markup`<dl class="ignorance">
${entry(names.label.reason, markup`<b>${names.reason[reason]}</b>: <span class="said">${english(detail, report)}</span>`)}${entry(names.label.advice, markup`${REASONS[reason][report.language]}`)}</dl>
`;
};

const waiver = ({ waiver: given }: Result, { names }: Sheet): Markup => {
  if (!given) return NOTHING;
  const { label: labels } = names;
  return markup`<dl class="exception">
${entry(labels.until, instant(given.until))}${entry(labels.approvedBy, nameOf(given.approvedBy))}${entry(labels.because, markup`${given.because}`)}</dl>
`;
};

const findings = (result: Result, sheet: Sheet): Markup => {
  const { say, names, report } = sheet;
  if (result.findings.length === 0) return when(result.reason === undefined, () => markup`<p>${say.noFinding}</p>\n`);
  const failing = Map.groupBy(result.findings, ({ verdict }) => verdict === 'fail');
  const all = [...(failing.get(true) ?? []), ...(failing.get(false) ?? [])];
  const more = all.length - FINDINGS;
  const list = all.slice(0, FINDINGS).map((finding) => findingOf(finding, sheet));
  return markup`<ul class="findings"${inEnglish(report)}>\n${list}</ul>\n${when(more > 0, () => markup`<p class="missing">${names.say.more(more)}: ${say.inJson}</p>\n`)}`;
};

const findingOf = ({ verdict, subject, message, expected, actual }: Finding, { names, say }: Sheet): Markup => {
  const value = (text: string | undefined): Markup =>
    text === undefined ? NOTHING : literal(text, (left) => say.missing(grouped(left)));
  const values = joined([entry(names.label.expected, value(expected)), entry(names.label.actual, value(actual))], '');
  return markup`<li class="${verdict}">${glyph(verdict)} <span class="unseen">${names.status[verdict]}: </span>${subject === undefined ? NOTHING : markup`<b>${nameOf(subject)}</b>: `}<span class="said">${message}</span>${when(values.html !== '', () => markup`<dl class="values">${values}</dl>`)}</li>
`;
};

const isQuiet = ({ status }: Result, { fleet }: Sheet): boolean =>
  status === 'pass' || status === 'inapplicable' || fleet;

/** The prose of the check, where somebody has to act. It stands before the answers, which fill pages when they are printed. */
const prose = (result: Result, sheet: Sheet): Markup => {
  const note = sheet.notes.get(result.check);
  return note && !isQuiet(result, sheet) ? markup`<dl class="about">\n${about(note, sheet)}</dl>\n` : NOTHING;
};

/** The way to this result, and to the prose where it is not shown. */
const ways = (result: Result, row: Row, sheet: Sheet): Markup => {
  const { check } = result;
  const way = when(
    sheet.notes.has(check) && isQuiet(result, sheet),
    () => markup`<a href="${hrefOf(checkAnchor(check))}">${sheet.say.aboutCheck}</a> · `,
  );
  return markup`<p class="ways">${way}<a href="${hrefOf(anchorOf(row, check))}">${sheet.say.link} <span class="unseen">${label(row.target.name)} ${check}</span></a></p>
`;
};
