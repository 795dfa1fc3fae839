import { instantIn } from '../instant.ts';
import { ignoranceIn } from '../judge.ts';
import type { Finding, Report, Result, Waiver, WaiverNote } from '../model.ts';
import { matches } from './glob.ts';

/** The shape of a waiver's end: a date, or a date and time with its offset. */
export const UNTIL = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * The last instant at which a waiver holds: a date means the end of that day, UTC.
 * Undefined for another shape, such as a year alone, and for what no calendar or clock has, such as the 31st of February.
 */
export const endOf = (until: string): Date | undefined => {
  const [, day, time] = UNTIL.exec(until) ?? [];
  return day === undefined ? undefined : instantIn(time === undefined ? `${day}T23:59:59.999Z` : until);
};

const inForce = ({ until }: Waiver, at: Date): boolean => at.getTime() <= Date.parse(until);

const fails = ({ verdict }: Finding): boolean => verdict === 'fail';
const failures = ({ findings }: Result): readonly Finding[] => findings.filter(fails);

/** Whether a waiver is about a finding, whatever value was found. */
const isAbout = (waiver: Waiver, { subject = '' }: Finding): boolean => matches(waiver.subject, subject);

const excuses = (waiver: Waiver, finding: Finding): boolean =>
  isAbout(waiver, finding) && (waiver.actual === undefined || waiver.actual === finding.actual);

/** Whether a waiver is about a result: its check, its target, and where it names tags, one of them. */
const concerns = ({ check, target, tags }: Waiver, result: Result, own: readonly string[]): boolean =>
  check === result.check && matches(target, result.target) && (!tags || tags.some((tag) => own.includes(tag)));

/** Waivers in force at an instant that excuse every failing finding of a result: the one that ends first; else undefined. */
export const waiverFor = (
  result: Result,
  waivers: readonly Waiver[],
  at: Date,
  tags: readonly string[] = [],
): Waiver | undefined => {
  const failing = failures(result);
  const valid = waivers.filter(
    (waiver) =>
      concerns(waiver, result, tags) && inForce(waiver, at) && failing.some((finding) => excuses(waiver, finding)),
  );
  const covered = failing.every((finding) => valid.some((waiver) => excuses(waiver, finding)));
  return covered ? valid.toSorted((a, b) => Date.parse(a.until) - Date.parse(b.until))[0] : undefined;
};

/**
 * A failed result becomes `waived`, and keeps its findings: what was measured and what was approved are told apart. What is
 * unknown of another subject nobody has approved: then the result is unknown. `tags` are those of its target.
 */
export const waive = (result: Result, waivers: readonly Waiver[], at: Date, tags: readonly string[] = []): Result => {
  const waiver = result.status === 'fail' ? waiverFor(result, waivers, at, tags) : undefined;
  if (!waiver) return result;
  const open = ignoranceIn(result.findings);
  return open ? { ...result, status: 'unknown', ...open } : { ...result, status: 'waived', waiver };
};

/**
 * What became of each waiver in a run that ended at an instant: `used` when it excuses a failing finding, even if another
 * one still fails the result; an expired one excuses nothing, and one that is bound to a value is ended by another.
 */
export const registerOf = (
  waivers: readonly Waiver[],
  results: readonly Result[],
  at: Date,
  tagsOf: (target: string) => readonly string[] = () => [],
): Report['waivers'] => {
  const failed = Map.groupBy(
    results.filter(({ findings }) => findings.some(fails)),
    ({ check }) => check,
  );
  return waivers.map((waiver): WaiverNote => {
    const own = failed.get(waiver.check)?.filter((one) => concerns(waiver, one, tagsOf(one.target))) ?? [];
    const isUsed = ({ findings }: Result): boolean =>
      findings.some((finding) => fails(finding) && excuses(waiver, finding));
    if (own.some((result) => held(waiver, result, at) && isUsed(result))) return { ...waiver, state: 'used' };
    if (!inForce(waiver, at)) return { ...waiver, state: 'expired' };
    const other = waiver.actual === undefined ? undefined : own.flatMap(failures).find((one) => isAbout(waiver, one));
    if (!other) return { ...waiver, state: 'unused' };
    return { ...waiver, state: 'ended', ...(other.actual !== undefined && { found: other.actual }) };
  });
};

/** Each result was waived at the instant of its own evidence; a waiver that ends no earlier than the one it shows held then. */
const held = (waiver: Waiver, { waiver: earliest }: Result, at: Date): boolean =>
  earliest ? Date.parse(waiver.until) >= Date.parse(earliest.until) : inForce(waiver, at);
