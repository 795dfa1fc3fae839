/** Elements of a JUnit file, as detailed and rolled-up suites are made of them. */
import type { Language, Reason, Report } from '../engine/model.ts';
import { scopeOf, termsOf } from './detail.ts';
import { exitReason } from './exit-reason.ts';
import { type Line, wrap } from './layout.ts';
import { capped, short, xmlAttribute, xmlBody } from './text.ts';
import { words } from './words.ts';

/** Longest text of one element, in bytes of UTF-8 before escaping: GitLab reads 30 MB a file, Jenkins all into memory. */
const BODY_LIMIT = 16_384;

/** Idle waivers that a suite names; the JSON report holds all. */
const IDLE = 100;

/** A test case; its class is what stands before the check's area. */
export const caseOf = (classname: string, name: string, inside: string): string => {
  // Judging takes no time worth telling; the asking is the suite's.
  const about = { classname: `${classname}.${name.split('/', 1)[0] ?? ''}`, name, time: '0.000' };
  const head = `  <testcase${attributes(about)}`;
  return inside === '' ? `${head}/>\n` : `${head}>\n${inside}  </testcase>\n`;
};

/** The properties of a suite: the run, and what else is to be said. */
export const runProperties = (
  { tool, profile, gate, exitCode, exitReason: reason, language }: Report,
  about: Readonly<Record<string, string>>,
): string => {
  const properties = {
    'tool.version': tool.version,
    'profile.id': profile.id,
    'profile.version': profile.version,
    'profile.sha256': profile.sha256,
    ...about,
    failOn: gate.failOn,
    allowUnknown: gate.allowUnknown,
    ...(gate.baseline && { baseline: `${gate.baseline.file} ${gate.baseline.sha256}` }),
    ...(gate.baseline?.store !== undefined && { 'baseline.store': gate.baseline.store }),
    exitCode,
    exitReason: exitReason(reason, language),
  };
  const lines = Object.entries(properties).map(([name, value]) => `   <property${attributes({ name, value })}/>\n`);
  return `  <properties>\n${lines.join('')}  </properties>\n`;
};

/** Waivers that excuse nothing any more, as properties of a suite. */
export const idleWaivers = ({ waivers, language }: Report): Readonly<Record<string, string>> => {
  const idle = waivers.filter(({ state }) => state !== 'used').slice(0, IDLE);
  return Object.fromEntries(
    idle.map((waiver, at) => [
      `waiver.${waiver.state}.${at + 1}`,
      `${waiver.check} / ${scopeOf(waiver, language)}: ${termsOf(waiver, language)}`,
    ]),
  );
};

/** Properties of a case as Jenkins and Testmo read them in its output. */
export const propertyLines = (properties: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(properties).map(([name, value]) => `[[PROPERTY|${name}=${short(value).replace(/[[\]|]/g, ' ')}]]`);

/** Paragraphs as the text of an element. */
export const textOf = (lines: readonly Line[], language: Language): string =>
  limited(unlinked(lines.flatMap((line) => wrap(line, Number.POSITIVE_INFINITY)).join('\n')), language);

export const limited = (text: string, language: Language): string =>
  capped(text, BODY_LIMIT, words[language].say.truncated);

export const unknownType = (reason: Reason | undefined): string => (reason ? `unknown.${reason}` : 'unknown');

/** Jenkins and GitLab take `[[ATTACHMENT|path]]` for a file to upload: what a server said must not name one. */
const unlinked = (text: string): string => text.replace(/\[(?=\[)/g, '[ ');

export const skipped = (message: string): string => element('skipped', { message }, '');

/** GitLab shows the text and ignores the message, Jenkins and Azure show the message first: both are given. */
export const element = (name: string, about: Readonly<{ type?: string; message: string }>, text: string): string =>
  `   <${name}${attributes(about)}>${xmlBody(text === '' ? unlinked(about.message) : text)}</${name}>\n`;

/** Attributes with a blank before each; every value one harmless line. */
export const attributes = (values: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlAttribute(unlinked(short(String(value))))}"`)
    .join('');
