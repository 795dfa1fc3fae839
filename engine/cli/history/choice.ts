import { checks } from '../../../checks/index.ts';
import { suggestion } from '../../document/suggest.ts';
import type { Store } from '../../fleet/store/store.ts';
import { Mistake } from '../../mistake.ts';
import { matches } from '../../profile/glob.ts';

/** What of the fleet is wanted: patterns in which `*` stands for any text; without one, everything. */
export type Choice = Readonly<{ only?: readonly string[]; limit?: readonly string[] }>;

type About = Readonly<{ target: string; check?: string }>;

/** Throws Mistake for a pattern that fits nothing at all: an empty list would read as if all were well. */
export const chosenIn = async (store: Store, { only, limit }: Choice): Promise<(about: About) => boolean> => {
  const names = await store.names();
  const ids = [...new Set([...checks.map(({ id }) => id), ...names.checks])];
  const fitsCheck = fitting(only, ids, (pattern) => [
    `--only ${pattern} names no check`,
    'sstp-audit explain lists them',
  ]);
  const fitsServer = fitting(limit, names.servers, (pattern) => [
    `--limit ${pattern} names no server that the store remembers`,
    'write names as the runs had them, parted by commas; * stands for any text',
  ]);
  return ({ target, check }) => (check === undefined || fitsCheck(check)) && fitsServer(target);
};

const fitting = (
  patterns: readonly string[] | undefined,
  known: readonly string[],
  mistake: (pattern: string) => readonly [what: string, hint: string],
): ((text: string) => boolean) => {
  if (!patterns) return () => true;
  const stray = patterns.find((pattern) => !known.some((name) => matches(pattern, name)));
  if (stray === undefined) return (text) => patterns.some((pattern) => matches(pattern, text));
  const [what, hint] = mistake(stray);
  throw new Mistake(`${what}${suggestion(stray, known)}`, hint);
};
