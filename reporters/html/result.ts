/** One check on one server: its line, and everything that stands behind it. */
import { type EvidenceNote, type Finding, REASONS, type Result } from '../../engine/model.ts';
import { about } from './catalogue.ts';
import { joined, label, type Markup, markup, NOTHING, nameOf, valueOf, when } from './escape.ts';
import { evidenceOf, type Shown } from './evidence.ts';
import { badge, english, entry, glyph, grouped, instant } from './parts.ts';
import { anchorOf, checkAnchor, hrefOf, type Row, type Sheet } from './sheet.ts';

/** A result with its body; what failed or is unknown is open. `shown` remembers which answers the server's results have shown. */
export const resultOf = (
  result: Result,
  row: Row,
  { sheet, notes, shown }: Readonly<{ sheet: Sheet; notes: ReadonlyMap<string, EvidenceNote>; shown: Shown }>,
): Markup => {
  const { names, say } = sheet;
  const anchor = anchorOf(row, result.check);
  const open = result.status === 'fail' || result.status === 'unknown' ? markup` open` : NOTHING;
  return markup`<details class="result ${result.status}" id="${anchor}" ${marks(result)}${open}>
<summary>${heading(result, sheet)}</summary>
<div class="body">
${ignorance(result, sheet)}${waiver(result, sheet)}${findings(result, sheet)}<dl class="about">
${prose(result, sheet)}${entry(names.label.evidence, evidenceOf(result.evidence, { sheet, notes, shown, anchor }))}${entry(say.link, markup`<a href="${hrefOf(anchor)}">${label(row.target.name)} ${result.check}</a>`)}</dl>
</div>
</details>
`;
};

/** A result as one line: its messages in a fleet, or nothing more than that it shares the fate of its server. */
export const lineOf = (result: Result, row: Row, sheet: Sheet): Markup => {
  const said = result.findings.map(
    ({ subject, message }) => markup`${subject === undefined ? NOTHING : markup`${nameOf(subject)}: `}${message}`,
  );
  const text = markup`<span class="said">${joined(said, '; ')}</span>`;
  return markup`<div class="result line ${result.status}" id="${anchorOf(row, result.check)}" ${marks(result)}>${badge(result.status, sheet)} <a href="${hrefOf(checkAnchor(result.check))}"><code>${result.check}</code></a> ${text}</div>
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
  return markup`<dl class="about ignorance">
${entry(names.label.reason, markup`<b>${names.reason[reason]}</b>: <span class="said">${english(detail, report)}</span>`)}${entry(names.label.advice, markup`${REASONS[reason][report.language]}`)}</dl>
`;
};

const waiver = ({ waiver: given }: Result, { names }: Sheet): Markup => {
  if (!given) return NOTHING;
  const { label: labels } = names;
  return markup`<dl class="about exception">
${entry(labels.until, instant(given.until))}${entry(labels.approvedBy, nameOf(given.approvedBy))}${entry(labels.because, markup`${given.because}`)}</dl>
`;
};

const findings = (result: Result, sheet: Sheet): Markup => {
  if (result.findings.length === 0)
    return when(result.reason === undefined, () => markup`<p>${sheet.say.noFinding}</p>\n`);
  const lang = sheet.report.language === 'en' ? NOTHING : markup` lang="en"`;
  return markup`<ul class="findings"${lang}>\n${result.findings.map((finding) => findingOf(finding, sheet))}</ul>\n`;
};

const findingOf = ({ verdict, subject, message, expected, actual }: Finding, { names, say }: Sheet): Markup => {
  const value = (text: string | undefined): Markup =>
    text === undefined ? NOTHING : valueOf(text, (left) => say.missing(grouped(left)));
  const values = joined([entry(names.label.expected, value(expected)), entry(names.label.actual, value(actual))], '');
  return markup`<li class="${verdict}">${glyph(verdict)} <span class="unseen">${names.status[verdict]}: </span>${subject === undefined ? NOTHING : markup`<b>${nameOf(subject)}</b>: `}<span class="said">${message}</span>${when(values.html !== '', () => markup`<dl class="values">${values}</dl>`)}</li>
`;
};

/** The prose of the check, where somebody has to act; elsewhere, and in a fleet, the way to it. */
const prose = ({ check, status }: Result, sheet: Sheet): Markup => {
  const note = sheet.notes.get(check);
  if (!note) return NOTHING;
  const quiet = status === 'pass' || status === 'inapplicable';
  if (!quiet && !sheet.fleet) return about(note, sheet);
  return entry(sheet.names.label.why, markup`<a href="${hrefOf(checkAnchor(check))}">${sheet.say.aboutCheck}</a>`);
};
