import { closest, distance } from 'fastest-levenshtein';

/** Longest name that is compared with others: a longer one is no misspelling of ours. */
const LONGEST_NAME = 100;

/** ` (did you mean x?)` when a known name is near enough to be meant, else nothing. */
export const suggestion = (name: string, known: readonly string[]): string => {
  if (known.length === 0 || name.length > LONGEST_NAME) return '';
  // Japanese input makes full-width letters, which look alike and are others.
  const meant = name.normalize('NFKC').toLowerCase();
  const near = closest(meant, known);
  return distance(meant, near.toLowerCase()) <= Math.max(2, near.length / 3) ? ` (did you mean ${near}?)` : '';
};
