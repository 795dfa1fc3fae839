import levenshtein from 'fastest-levenshtein';

/** Longest name that is compared with others: a longer one is no misspelling of ours. */
const LONGEST_NAME = 100;

/** ` (did you mean x?)` when a known name is near enough to be meant, else nothing. */
export const suggestion = (name: string, known: readonly string[]): string => {
  if (known.length === 0 || name.length > LONGEST_NAME) return '';
  const near = levenshtein.closest(name.toLowerCase(), known);
  const distance = levenshtein.distance(name.toLowerCase(), near.toLowerCase());
  return distance <= Math.max(2, near.length / 3) ? ` (did you mean ${near}?)` : '';
};
