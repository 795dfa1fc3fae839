import { suggestion } from '../document/suggest.ts';
import { Mistake } from '../mistake.ts';
import { matcher } from '../profile/glob.ts';

/** What is said of a pattern that fits nothing, and what to do. */
type Idle = (pattern: string) => readonly [says: string, hint: string];

/**
 * Whether a text fits one of the patterns, in which `*` stands for any text. Throws Mistake for a pattern that fits none of what
 * is known: nothing would be chosen, as if there were nothing to see.
 */
export const fitting = (
  patterns: readonly string[],
  known: readonly string[],
  idle: Idle,
): ((text: string) => boolean) => {
  const matchers = patterns.map(matcher);
  const stray = patterns.find((_, at) => !known.some((name) => matchers[at]?.(name)));
  if (stray === undefined) return (text) => matchers.some((isMatch) => isMatch(text));
  const [says, hint] = idle(stray);
  throw new Mistake(`${says}${suggestion(stray, known)}`, hint);
};

/** The same of the ids of checks that `--only` names. */
export const fittingChecks = (only: readonly string[], ids: readonly string[]): ((id: string) => boolean) =>
  fitting(only, ids, (pattern) => [`--only ${pattern} names no check`, IDS]);

export const IDS = 'see sstp-audit explain for the ids of all checks';
