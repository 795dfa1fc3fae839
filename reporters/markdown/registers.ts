/** What must not be overlooked: servers that were not reached, exceptions, and how what failed is mended. */
import type { CheckNote, Report } from '../../engine/model.ts';
import { instant } from '../detail.ts';
import { grouped } from '../numbers.ts';
import { words } from '../words.ts';
import { code, heading, plainText, table } from './escape.ts';
import { markdownWords } from './words.ts';

const SERVERS = 50;
const WAIVERS = 50;
const REMEDIES = 40;

export const notReached = function* ({ targets, language }: Report): Iterable<string> {
  const { label, reason: names, say } = words[language];
  const missed = targets.filter(({ reached }) => !reached);
  if (missed.length === 0) return;
  yield heading(`${label.notReached} (${grouped(missed.length)})`, 2);
  const rows = missed.map(({ name, reason, detail = '' }) => [code(name), reason ? names[reason] : '', code(detail)]);
  yield table([label.server, label.reason, label.detail], rows.slice(0, SERVERS));
  if (rows.length > SERVERS) yield `\n${say.more(rows.length - SERVERS)}\n`;
  yield '\n';
};

export const waivers = function* ({ waivers: all, language }: Report): Iterable<string> {
  const { label, waiverState, say } = words[language];
  if (all.length === 0) return;
  yield heading(`${label.waivers} (${all.length})`, 2);
  const rows = all.map(
    ({ state, found, check, target, tags = [], subject, actual, until, approvedBy, file, because }) => [
      waiverState[state] + valued(label.found, found),
      code(check),
      [target, ...tags.map((tag) => `#${tag}`)].map((name) => code(name)).join(' '),
      code(subject) + valued(label.excused, actual),
      instant(until),
      code(approvedBy),
      code(because) + valued(label.file, file),
    ],
  );
  const heads = [label.status, label.check, label.server, label.subject, label.until, label.approvedBy, label.because];
  yield table(heads, rows.slice(0, WAIVERS));
  if (rows.length > WAIVERS) yield `\n${say.more(rows.length - WAIVERS)}\n`;
  yield '\n';
};

const valued = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `, ${name} ${code(value)}`;

/** Folded where HTML is understood; elsewhere it reads as it stands. */
export const remedies = function* ({ checks, results, language }: Report): Iterable<string> {
  const open = new Set(results.filter(({ status }) => status === 'fail').map(({ check }) => check));
  const notes = checks.filter(({ id, fix }) => open.has(id) && fix.length > 0).slice(0, REMEDIES);
  if (notes.length === 0) return;
  yield `<details><summary>${markdownWords[language].mend}</summary>\n\n`;
  for (const note of notes) yield remedyOf(note);
  yield '</details>\n\n';
};

const remedyOf = ({ id, title, fix, references }: CheckNote): string => {
  const steps = fix.map((step, at) => `${at + 1}. ${plainText(step, 1_000)}\n`);
  const links = references.filter((address) => /^https:\/\/[^\s<>]+$/.test(address)).map((address) => `<${address}>`);
  return `**${plainText(title)}** ${code(id)}\n\n${steps.join('')}\n${links.length > 0 ? `${links.join(' ')}\n\n` : ''}`;
};
