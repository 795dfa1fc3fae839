/** How far the expectations of a check can be raised so that it still passes. */
import type { Check, Expectation } from '../define.ts';

type Demand = Readonly<Record<string, unknown>>;

type Range = Readonly<{
  check: Pick<Check, 'expects'>;
  expected: Demand;
  /** Where raising ends. */
  limit: Demand;
}>;

/**
 * The expectations that can be raised, with their new values: items of the limit are added to a list one by one, a number
 * goes up towards the limit. `passes` tells whether the check passes with some expectations replaced. What the evidence does
 * not decide stays: a number that could be as large as it likes was not seen.
 */
export const stricter = ({ check, expected, limit }: Range, passes: (more: Demand) => boolean): Demand => {
  const raised: Record<string, unknown> = {};
  for (const [name, expectation] of Object.entries(check.expects)) {
    const holds = (value: unknown): boolean => passes({ ...raised, [name]: value });
    const value = raisedValue([expected[name], limit[name]], expectation, holds);
    if (value !== undefined) raised[name] = value;
  }
  return raised;
};

const raisedValue = (
  [from, to]: readonly [unknown, unknown],
  expectation: Expectation,
  holds: (value: unknown) => boolean,
): unknown => {
  if (Array.isArray(from) && Array.isArray(to)) return longer(from, to, holds);
  if (expectation.type !== 'integer' || typeof from !== 'number' || typeof to !== 'number') return undefined;
  return holds(expectation.maximum ?? Number.MAX_SAFE_INTEGER) ? undefined : higher(from, to, holds);
};

const longer = (from: readonly unknown[], to: readonly unknown[], holds: (value: unknown) => boolean): unknown => {
  const list = [...from];
  for (const item of to) if (!list.includes(item) && holds([...list, item])) list.push(item);
  return list.length > from.length ? list : undefined;
};

/** The highest number up to the limit with which the check passes; it does with the lowest. */
const higher = (from: number, to: number, holds: (value: unknown) => boolean): number | undefined => {
  let [good, bad] = [from, to + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good > from ? good : undefined;
};
