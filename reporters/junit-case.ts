/** One result as the inside of a JUnit test case. */
import type { CheckNote, EvidenceNote, Report, Result, Status, TargetNote } from '../engine/model.ts';
import {
  evidenceLines,
  findingLines,
  ignoranceLines,
  isHidden,
  prefaceLines,
  remedyLines,
  saying,
  termsOf,
} from './detail.ts';
import { element, limited, propertyLines, skipped, textOf, unknownType } from './junit-parts.ts';
import { short, xmlBody } from './text.ts';
import { words } from './words.ts';

/** What the cases of one server have in common. */
export type Suite = Readonly<{
  report: Report;
  target: TargetNote;
  classname: string;
  checks: ReadonlyMap<string, CheckNote>;
  evidence: ReadonlyMap<string, EvidenceNote>;
}>;

export type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

const OUTCOMES: Readonly<Record<Status, Outcome>> = {
  fail: 'failure',
  unknown: 'error',
  waived: 'skipped',
  inapplicable: 'skipped',
  pass: 'passed',
};

/** What JUnit calls the status. The unknown results of a server that was not reached hide behind the error of `connect`. */
export const outcomeOf = (result: Result, target: TargetNote): Outcome =>
  isHidden(result, target) ? 'skipped' : OUTCOMES[result.status];

/** The element that tells what became of a result; nothing for a pass. */
export const elementOf = (result: Result, suite: Suite): string => {
  const { language } = suite.report;
  const { say, label, meaning, reason: reasons } = words[language];
  const { status, severity, findings, reason, detail = '', waiver } = result;
  switch (status) {
    case 'pass':
      return '';
    case 'fail':
      return element(
        'failure',
        { type: `noncompliant.${severity}`, message: summed(findings) },
        fullText(result, suite),
      );
    case 'unknown': {
      if (isHidden(result, suite.target)) return skipped(`${say.notEvaluated}: ${label.notReached}`);
      const message = `${reason ? reasons[reason] : meaning.unknown}: ${short(detail)}`;
      return element('error', { type: unknownType(reason), message }, fullText(result, suite));
    }
    case 'inapplicable':
      return skipped(limited(`${meaning.inapplicable}: ${findings.map(saying).join('; ')}`, language));
    case 'waived':
      return skipped(waiver ? termsOf(waiver, language) : meaning.waived);
  }
};

/** What the case knows beyond its element: properties that Jenkins and Testmo read, and the findings that a waiver covers. */
export const systemOut = (result: Result, suite: Suite): string => {
  const { status, severity, evidence } = result;
  const lines = propertyLines({ status, severity, ...(evidence.length > 0 && { evidence: evidence.join(' ') }) });
  const covered = status === 'waived' ? `\n${fullText(result, suite)}` : '';
  return `   <system-out>${xmlBody(lines.join('\n') + covered)}</system-out>\n`;
};

/** The error of the case `connect`. */
export const notReached = ({ report, target, evidence }: Suite): string => {
  const { language } = report;
  const { label, reason: reasons } = words[language];
  const { reason, detail } = target;
  const lines = [
    ...ignoranceLines(target, language, 0),
    ...evidenceLines([...evidence.keys()], evidence, { language, indent: 0 }),
  ];
  const message = [label.notReached, ...(reason ? [reasons[reason]] : []), ...(detail ? [short(detail)] : [])].join(
    ': ',
  );
  return element('error', { type: unknownType(reason), message }, textOf(lines, language));
};

const fullText = (result: Result, { report, checks, evidence }: Suite): string => {
  const { language } = report;
  const note = checks.get(result.check);
  const {
    fail = [],
    unknown = [],
    inapplicable = [],
    pass = [],
  } = Object.groupBy(result.findings, ({ verdict }) => verdict);
  const lines = [
    ...prefaceLines(note, language),
    // What failed comes first: the end of the text may be cut off.
    ...findingLines([...fail, ...unknown, ...inapplicable, ...pass], language, 0),
    ...ignoranceLines(result, language, 0),
    ...remedyLines(note, language, 0),
    ...evidenceLines(result.evidence, evidence, { language, indent: 0 }),
  ];
  return textOf(lines, language);
};

const summed = (findings: Result['findings']): string => {
  const [first, ...rest] = findings.filter(({ verdict }) => verdict === 'fail');
  if (!first) return '';
  return rest.length > 0 ? `${saying(first)} (+${rest.length})` : saying(first);
};
