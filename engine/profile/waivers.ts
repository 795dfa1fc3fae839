import type { Finding, Report, Result, Waiver } from '../model.ts';
import { matches } from './glob.ts';

/** The shape of a waiver's end: a date, or a date and time with its offset. */
export const UNTIL = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * The last instant at which a waiver holds: a date means the end of that day, UTC.
 * Undefined for another shape, such as a year alone, and for what no calendar or clock has, such as the 31st of February.
 */
export const endOf = (until: string): Date | undefined => {
  const [, day, time] = UNTIL.exec(until) ?? [];
  const midnight = new Date(`${day}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  const end = new Date(time === undefined ? `${day}T23:59:59.999Z` : until);
  return Number.isNaN(end.getTime()) ? undefined : end;
};

const inForce = ({ until }: Waiver, at: Date): boolean => at.getTime() <= Date.parse(until);

const failures = ({ findings }: Result): readonly Finding[] => findings.filter(({ verdict }) => verdict === 'fail');

const excuses = (waiver: Waiver, { subject = '' }: Finding): boolean => matches(waiver.subject, subject);

/** Whether a waiver is about a result: its check, its target, and a finding of it that fails. */
const concerns = (waiver: Waiver, result: Result): boolean =>
  waiver.check === result.check &&
  matches(waiver.target, result.target) &&
  failures(result).some((finding) => excuses(waiver, finding));

/** Waivers in force at an instant that excuse every failing finding of a result: the one that ends first; else undefined. */
export const waiverFor = (result: Result, waivers: readonly Waiver[], at: Date): Waiver | undefined => {
  const valid = waivers.filter((waiver) => inForce(waiver, at) && concerns(waiver, result));
  const covered = failures(result).every((finding) => valid.some((waiver) => excuses(waiver, finding)));
  return covered ? valid.toSorted((a, b) => Date.parse(a.until) - Date.parse(b.until))[0] : undefined;
};

/** A failed result becomes `waived`, and keeps its findings: what was measured and what was approved are told apart. */
export const waive = (result: Result, waivers: readonly Waiver[], at: Date): Result => {
  const waiver = result.status === 'fail' ? waiverFor(result, waivers, at) : undefined;
  return waiver ? { ...result, status: 'waived', waiver } : result;
};

/**
 * What became of each waiver in a run that ended at an instant: `used` when it excuses a failing finding, even if another
 * one still fails the result; an expired one excuses nothing.
 */
export const registerOf = (waivers: readonly Waiver[], results: readonly Result[], at: Date): Report['waivers'] =>
  waivers.map((waiver) => {
    const used = results.some((result) => concerns(waiver, result) && held(waiver, result, at));
    return { ...waiver, state: used ? 'used' : inForce(waiver, at) ? 'unused' : 'expired' };
  });

/** Each result was waived at the instant of its own evidence; a waiver that ends no earlier than the one it shows held then. */
const held = (waiver: Waiver, { waiver: earliest }: Result, at: Date): boolean =>
  earliest ? Date.parse(waiver.until) >= Date.parse(earliest.until) : inForce(waiver, at);
