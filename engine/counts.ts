import type { Result, Status } from './model.ts';

/** How many results have each status. */
export const countsOf = (results: readonly Result[]): Readonly<Record<Status, number>> => {
  const counts = { fail: 0, unknown: 0, waived: 0, inapplicable: 0, pass: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
};
