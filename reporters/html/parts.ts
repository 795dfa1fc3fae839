/** Small pieces that every part of the page is made of. */
import { type Report, SEVERITIES, STATUSES, type Status } from '../../engine/model.ts';
import { exitReason } from '../exit-reason.ts';
import { grouped } from '../numbers.ts';
import type { Words } from '../words.ts';
import { type Markup, markup, NOTHING } from './escape.ts';
import { GLYPHS, type Sheet } from './sheet.ts';

/** A status by its colour, its shape and its word. */
export const badge = (status: Status, { names }: Pick<Sheet, 'names'>): Markup =>
  markup`<span class="badge ${status}">${glyph(status)} ${names.status[status]}</span>`;

export const glyph = (status: Status): Markup =>
  markup`<span class="glyph" aria-hidden="true">${GLYPHS[status]}</span>`;

/** What statuses and severities are chosen by, all of them at first, with how much there is of each status. */
export const chips = ({ names }: Pick<Sheet, 'names'>, countOf: (status: Status) => number): Markup => {
  const statuses = STATUSES.map(
    (status) =>
      markup`<label class="chip ${status}"><input type="checkbox" name="status" value="${status}" checked> ${glyph(status)} ${names.status[status]} <small>${grouped(countOf(status))}</small></label>\n`,
  );
  const severities = SEVERITIES.toReversed().map(
    (severity) =>
      markup`<label class="chip"><input type="checkbox" name="severity" value="${severity}" checked> ${names.severity[severity]}</label>\n`,
  );
  return markup`<fieldset><legend class="unseen">${names.label.status}</legend>
${statuses}</fieldset>
<fieldset><legend class="unseen">${names.label.severity}</legend>
${severities}</fieldset>
`;
};

/** An instant to the second; what is no instant in UTC is shown as it is. */
export const instant = (iso: string): Markup =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(iso)
    ? markup`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`
    : markup`${iso}`;

/** Milliseconds as people say them. */
export const duration = (milliseconds: number): string => {
  const seconds = milliseconds / 1000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
};

/** A term and what is said about it, or nothing when nothing is said. */
export const entry = (term: string, said: Markup): Markup =>
  said === NOTHING ? NOTHING : markup`<dt>${term}</dt><dd>${said}</dd>\n`;

/** Only a whole https address becomes a link. */
export const reference = (address: string): Markup =>
  /^https:\/\/[^\s]+$/.test(address) && URL.canParse(address)
    ? markup`<a href="${address}" rel="noreferrer">${address}</a>`
    : markup`<code>${address}</code>`;

/** Says of an element that what it holds is English in every language: findings, details. */
export const inEnglish = ({ language }: Pick<Report, 'language'>): Markup =>
  language === 'en' ? NOTHING : markup` lang="en"`;

export const english = (text: string, report: Pick<Report, 'language'>): Markup =>
  report.language === 'en' ? markup`${text}` : markup`<span lang="en">${text}</span>`;

/** The exit code with its reason, which stays English where it is not known here. */
export const exitLine = (
  { exitCode, exitReason: reason }: Pick<Report, 'exitCode' | 'exitReason'>,
  { say }: Words,
  report: Pick<Report, 'language'>,
): Markup => {
  const said = exitReason(reason, report.language);
  return markup`${say.exit(exitCode)}: ${said === reason ? english(reason, report) : said}`;
};
