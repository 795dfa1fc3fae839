import type { Check } from '../engine/define.ts';
import { readClientCode } from './client-code-spelling.ts';
import { CLIENT_CODES, type ClientCode } from './client-codes.ts';
import { KB947031, type Situation, type Step } from './kb947031.ts';

/** Where a check looks: on the server, from outside, or on the machine that dials. */
export type Place = 'server' | 'network' | 'client';

/** A check that helps to decide, and the step of the article that it takes. */
export type Stop = Readonly<{ check: Check; place: Place; step?: Step }>;

/** What a symptom is taken for, and the checks that find its cause, in the order in which they are looked at. */
export type Diagnosis = Readonly<{
  /** As it is known here: `809`, or an HRESULT; absent where a situation without a code was named. */
  code?: string;
  known?: ClientCode;
  situation?: Situation;
  stops: readonly Stop[];
}>;

/** Codes that say only that no connection came about: the article's last situation walks through everything on the server. */
const GENERAL = ['619', '628', '638', '800', '0x80070320', '807', '808', '829'];
const EVERYTHING = '8';

/** Causes on the server before their symptoms outside; what was only logged of them comes after both. */
const ORDER: readonly ((stop: Stop) => boolean)[] = [
  ({ place, check }) => place === 'server' && !isLog(check),
  ({ place }) => place === 'network',
  ({ check }) => isLog(check),
  ({ place }) => place === 'client',
];

const isLog = ({ id }: Check): boolean => id.startsWith('events/');

const placeOf = ({ id, needs }: Check): Place => {
  if (id.startsWith('client/')) return 'client';
  return Object.values(needs).some(({ vantage }) => vantage === 'network') ? 'network' : 'server';
};

/** What keeps every client out and has no step in the article's last situation: its first two, and what clients meet. */
const stopsClients = (check: Check): boolean =>
  check.situations.some((step) => /^[12]\./.test(step)) ||
  (placeOf(check) === 'network' && check.severity === 'critical');

/** By the steps of the article first, then whatever users see this code for. */
const stopsOf = (
  situation: Situation | undefined,
  code: string | undefined,
  checks: readonly Check[],
): readonly Stop[] => {
  const stops = new Map<string, Stop>();
  const add = (check: Check, step?: Step): void => {
    if (!stops.has(check.id)) stops.set(check.id, { check, place: placeOf(check), ...(step && { step }) });
  };
  for (const step of situation?.steps ?? [])
    for (const check of checks) if (check.situations.includes(step.id)) add(check, step);
  const isShownFor = ({ clientErrors }: Check): boolean => code !== undefined && clientErrors.includes(code);
  const decides = situation?.id === EVERYTHING ? stopsClients : isShownFor;
  for (const check of checks) if (decides(check)) add(check);
  return ORDER.flatMap((belongs) => [...stops.values()].filter(belongs));
};

const situationOf = (id: string | undefined): Situation | undefined => KB947031.find((one) => one.id === id);

/**
 * What a code, in whatever spelling, or a situation of the article (`situation 8`) leads to; `undefined` where the text
 * holds neither. Only codes of SSTP lead to checks.
 */
export const diagnosisOf = (text: string, checks: readonly Check[]): Diagnosis | undefined => {
  const [, named] = /^\s*(?:(?:situation|状況)\s*)?([1-8])\s*$/i.exec(text.normalize('NFKC')) ?? [];
  const code = named === undefined ? readClientCode(text) : situationOf(named)?.code || undefined;
  if (named === undefined && code === undefined) return;
  const known = CLIENT_CODES.find((one) => one.code === code);
  const general = code !== undefined && GENERAL.includes(code) ? EVERYTHING : undefined;
  const situation = situationOf(named ?? known?.situation ?? general);
  const stops = known?.isSstp === false ? [] : stopsOf(situation, code, checks);
  return {
    ...(code !== undefined && { code }),
    ...(known && { known }),
    ...(situation && { situation }),
    stops,
  };
};
