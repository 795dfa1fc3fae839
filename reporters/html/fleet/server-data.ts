/** The details of some servers, for the script to show one at a time. Every text is cut and visible already. */
import type { EvidenceNote, Finding, Result } from '../../../engine/model.ts';
import { label, shown } from '../escape.ts';
import type { Row } from '../sheet.ts';
import { alongColumns, type Column } from './columns.ts';
import { type Numbered, numbered } from './pack.ts';

/** Findings of one result that the page holds, failures first; the JSON report has all. */
const FINDINGS = 200;

/** Takes room for so many characters of answers, if there is any: a fleet that fails in everything would fill gigabytes. */
export type Room = (characters: number) => boolean;

export const roomFor = (characters: number): Room => {
  let left = characters;
  return (wanted) => {
    if (wanted > left) return false;
    left -= wanted;
    return true;
  };
};

/** Tuples and numbers in place of names: what servers have in common is in the file once. */
export const serverData = (rows: readonly Row[], columns: readonly Column[], room: Room): unknown => {
  const [texts, bodies] = [numbered(), numbered()];
  const servers = rows.map((row) => {
    const results = alongColumns(row, columns);
    return [
      aboutServer(row, texts),
      results.map((result) => (result ? bodies.numberOf(JSON.stringify(bodyOf(result, texts))) : -1)),
      evidenceOf(row, texts, room),
    ];
  });
  return { texts: texts.texts, bodies: bodies.texts.map((text): unknown => JSON.parse(text)), servers };
};

const aboutServer = ({ target }: Row, { numberOf }: Numbered): readonly unknown[] => [
  numberOf(label(target.address)),
  target.os === null ? -1 : numberOf(label(target.os)),
  target.startedAt,
  Math.round(target.tookMs),
  Number(target.reached),
  target.reason ?? '',
  numberOf(shown(target.detail ?? '')),
];

const bodyOf = (result: Result, texts: Numbered): readonly unknown[] => {
  const { findings, reason = '', detail = '', waiver, evidence } = result;
  const { fail = [], unknown = [], inapplicable = [], pass = [] } = Object.groupBy(findings, ({ verdict }) => verdict);
  const all = [...fail, ...unknown, ...inapplicable, ...pass].slice(0, FINDINGS);
  return [
    all.map((finding) => findingOf(finding, texts)),
    findings.length - all.length,
    reason,
    texts.numberOf(shown(detail)),
    waiver ? [waiver.until, texts.numberOf(label(waiver.approvedBy)), texts.numberOf(shown(waiver.because))] : 0,
    texts.numberOf(evidence.map(label).join(' ')),
  ];
};

const findingOf = ({ verdict, subject, message, expected, actual }: Finding, { numberOf }: Numbered) => [
  verdict,
  subject === undefined ? -1 : numberOf(label(subject)),
  ...[message, expected, actual].map((text) => (text === undefined ? -1 : numberOf(shown(text)))),
];

/** The answers on which something rests that is not a pass. */
const evidenceOf = ({ target, results }: Row, texts: Numbered, room: Room): readonly unknown[] => {
  const wanted = new Set(
    results.filter(({ status }) => status !== 'pass' && status !== 'inapplicable').flatMap(({ evidence }) => evidence),
  );
  return target.evidence.filter(({ id }) => wanted.has(id)).map((note) => answerOf(note, texts, room));
};

/** The excerpt is -1 where there is none, and -2 where the page has no room for it. */
const answerOf = (note: EvidenceNote, { numberOf }: Numbered, room: Room): readonly unknown[] => {
  const { id, command, exitCode, startedAt, tookMs, complete, sha256, excerpt } = note;
  const about = [
    label(id),
    numberOf(shown(command)),
    exitCode,
    startedAt,
    Math.round(tookMs),
    Number(complete),
    sha256,
  ];
  if (excerpt === undefined) return [...about, -1];
  const text = shown(excerpt);
  return [...about, room(text.length) ? numberOf(text) : -2];
};
