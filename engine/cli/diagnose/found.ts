/** What a diagnosis found on one target, as lines for a terminal. */
import type { Stop } from '../../../checks/diagnosis.ts';
import { CONDITIONS } from '../../../checks/facts/read/verdict/conditions.ts';
import {
  evidenceLines,
  findingLines,
  ignoranceLines,
  instant,
  remedyLines,
  saying,
} from '../../../reporters/detail.ts';
import { type Line, pad, widest } from '../../../reporters/layout.ts';
import { NAME_LIMIT, short } from '../../../reporters/text.ts';
import { words } from '../../../reporters/words.ts';
import type { Audited } from '../../audit.ts';
import { RECORDED } from '../../evidence/address.ts';
import type { Language, Result } from '../../model.ts';
import { noteOf } from '../note.ts';
import { stopLines } from './plan.ts';
import { WORDS } from './words.ts';

/** A check that was looked at, and its result. */
export type Seen = Readonly<{ stop: Stop; result: Result }>;

/**
 * What was looked at up to the cause, the cause itself, and what was left out because nobody could be asked. `isOther`:
 * clients show another code for what was found.
 */
export type Found = Readonly<{ seen: readonly Seen[]; cause?: Seen; isOther: boolean; unasked: readonly Stop[] }>;

const isInapplicable = ({ result }: Seen): boolean => result.status === 'inapplicable';
const isUnknown = ({ result }: Seen): boolean => result.status === 'unknown';

const CODES_OF_CERTIFICATES: ReadonlySet<string> = new Set(Object.values(CONDITIONS).map(({ code }) => code));
const FORETOLD = /0x[0-9A-F]{8}/g;
/** Which of them a client shows for a revocation that it cannot check is not sure. */
const UNCHECKED: readonly string[] = [CONDITIONS['revocation-offline'].code, CONDITIONS['no-revocation-source'].code];

const failuresOf = ({ result }: Seen) => result.findings.filter(({ verdict }) => verdict === 'fail');

/** Whether clients show the code for a failure. Only of certificates met from outside it is told what they show. */
const fits = (seen: Seen, code: string | undefined): boolean => {
  if (code === undefined || !CODES_OF_CERTIFICATES.has(code) || seen.stop.place === 'server') return true;
  const foretold = failuresOf(seen).flatMap(({ message }) => message.match(FORETOLD) ?? []);
  const alike = UNCHECKED.includes(code) ? UNCHECKED : [code];
  return foretold.length === 0 || foretold.some((one) => alike.includes(one));
};

/** The first failure is the cause: what comes after it follows from it, or comes next when it is mended. */
export const foundIn = (seen: readonly Seen[], unasked: readonly Stop[], code: string | undefined): Found => {
  const at = seen.findIndex(({ result }) => result.status === 'fail');
  const cause = seen[at];
  if (!cause) return { seen, isOther: false, unasked };
  const isOther = !fits(cause, code);
  return { seen: isOther ? seen : seen.slice(0, at + 1), cause, isOther, unasked };
};

/** 1: the cause was found; 3: it was not, and something is unknown or nothing was looked at; else 0. */
export const exitCodeOf = ({ cause, seen }: Found): 0 | 1 | 3 => {
  if (cause) return 1;
  return seen.length === 0 || seen.some(isUnknown) ? 3 : 0;
};

const statusLines = (seen: readonly Seen[], language: Language): readonly Line[] => {
  const names = words[language].status;
  const width = widest(Object.values(names));
  const lines = stopLines(
    seen.map(({ stop }) => stop),
    language,
  );
  return lines.flatMap(({ lead = '', ...rest }, at) => {
    const { status = 'unknown', findings = [] } = seen[at]?.result ?? {};
    const line = { ...rest, indent: 2, lead: `${pad(names[status], width)}  ${lead}` };
    // That there is no certificate to judge may be the cause.
    const reasons = status === 'inapplicable' ? findings : [];
    return [line, ...reasons.map((finding) => ({ indent: 4, lead: '- ', text: saying(finding) }))];
  });
};

const causeLines = (cause: Seen, isOther: boolean, { note }: Audited, language: Language): readonly Line[] => {
  const { stop, result } = cause;
  const about = noteOf(stop.check, language);
  const evidence = new Map(note.evidence.map((one) => [one.id, one]));
  const { causeFound, otherFound } = WORDS[language];
  return [
    { indent: 0, lead: `${isOther ? otherFound : causeFound}: `, text: stop.check.id, own: true },
    ...findingLines(failuresOf(cause), language, 2),
    { indent: 2, lead: `${words[language].label.why}: `, text: about.why, own: true },
    ...evidenceLines(result.evidence, evidence, { language, indent: 2 }),
    ...remedyLines(about, language, 2),
  ];
};

const unknownLines = (seen: readonly Seen[], language: Language): readonly Line[] => {
  const unknown = seen.filter(isUnknown);
  if (unknown.length === 0) return [];
  const byReason = Map.groupBy(unknown, ({ result }) => `${result.reason} ${result.detail}`);
  return [
    { indent: 0, text: WORDS[language].couldNotBeTold, own: true },
    ...[...byReason.values()].flatMap((those) => [
      { indent: 2, text: those.map(({ stop }) => stop.check.id).join(', '), own: true },
      ...ignoranceLines(those[0]?.result ?? {}, language, 4),
    ]),
  ];
};

const nextLines = ({ cause, isOther, unasked }: Found, language: Language): readonly Line[] => {
  if ((cause && !isOther) || unasked.length === 0) return [];
  const { next, notAsked } = WORDS[language];
  const byPlace = Map.groupBy(unasked, ({ place }) => place);
  return [
    { indent: 0, text: next, own: true },
    ...[...byPlace].flatMap(([place, those]) => [
      { indent: 2, text: notAsked[place], own: true },
      ...stopLines(those, language),
    ]),
  ];
};

/** The walk through the checks, how it ended, and what is left to do. */
export const foundLines = (found: Found, audited: Audited, language: Language): readonly Line[] => {
  const { seen, cause, isOther } = found;
  const { lookedAt, noCause, noCauseThere, undecided } = WORDS[language];
  const verdict = exitCodeOf(found) > 0 ? undecided : seen.some(isInapplicable) ? noCauseThere : noCause;
  const { name, address, startedAt } = audited.note;
  const then = address.startsWith(RECORDED) ? instant(startedAt) : undefined;
  return [
    { indent: 0, text: lookedAt(short(name, NAME_LIMIT), then), own: true },
    ...statusLines(seen, language),
    { indent: 0, text: '', own: true },
    ...(cause ? causeLines(cause, isOther, audited, language) : [{ indent: 0, text: verdict, own: true }]),
    ...unknownLines(seen, language),
    ...nextLines(found, language),
  ];
};
