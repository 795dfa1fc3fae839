/** A diagnosis as JSON tells it; `diagnose.schema.json` describes it. Fields are only ever added. */
import type { Diagnosis, Stop } from '../../../checks/diagnosis.ts';
import type { Audited } from '../../audit.ts';
import type { Language } from '../../model.ts';
import { noteOf } from '../note.ts';
import { exitCodeOf, type Found, type Seen } from './found.ts';

const FORMAT = 'sstp-audit/diagnose/1';

/** A target, and what was found on it. */
export type Look = Readonly<{ found: Found; audited: Audited }>;

/** How it ended on a target, or without one. By exit code. */
const ENDS = { 0: 'no-cause', 1: 'cause-found', 3: 'undecided' } as const;

type Told = Readonly<{
  symptom: string;
  diagnosis: Diagnosis;
  stops: readonly Stop[];
  looks: readonly Look[];
  language: Language;
  exitCode: number;
  /** What ended it before all was looked at. */
  stopped?: string | undefined;
}>;

/** Texts are in the language that was asked for; findings and details are in English. */
export const recordOf = ({ symptom, diagnosis, stops, looks, language, exitCode, stopped }: Told) => {
  const { code, known, situation } = diagnosis;
  const stopIn = ({ check, place, step }: Stop) => ({
    check: check.id,
    place,
    ...(step && { step: step.id }),
    title: noteOf(check, language).title,
  });
  return {
    format: FORMAT,
    language,
    symptom,
    ...(code !== undefined && { code }),
    ...(known && {
      symbol: known.symbol,
      isSstp: known.isSstp !== false,
      meaning: known.meaning[language],
      usualCause: known.cause[language],
    }),
    ...(situation && { situation: { id: situation.id, says: situation.says[language] } }),
    plan: stops.map(stopIn),
    targets: looks.map((look) => lookIn(look, language, stopIn)),
    ...(stopped !== undefined && { stopped }),
    exitCode,
  };
};

type StopIn = (stop: Stop) => Readonly<{ check: string; place: string; title: string }>;

const lookIn = ({ found, audited }: Look, language: Language, stopIn: StopIn) => {
  const { name, address, os, reached, reason, detail, startedAt, tookMs, evidence } = audited.note;
  const { seen, cause, isOther, unasked } = found;
  const telling = new Set(cause?.result.evidence);
  return {
    ...{ name, address, os, startedAt, tookMs, reached },
    ...(!reached && { reason, detail }),
    end: ENDS[exitCodeOf(found)],
    ...(cause && { cause: { ...causeIn(cause, language), isOther } }),
    seen: seen.map(({ stop, result: { target: _, check: __, ...result } }) => ({ ...stopIn(stop), ...result })),
    unasked: unasked.map(stopIn),
    evidence: evidence.filter(({ id }) => telling.has(id)),
  };
};

const causeIn = ({ stop }: Seen, language: Language) => {
  const { id, why, fix, references } = noteOf(stop.check, language);
  return { check: id, why, fix, references };
};
