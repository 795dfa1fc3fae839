import type { Store } from '../../fleet/store/store.ts';
import { checkIds } from '../checks.ts';
import { fitting, fittingChecks } from '../fitting.ts';

/** What of the fleet is wanted: patterns in which `*` stands for any text; without one, everything. */
export type Choice = Readonly<{ only?: readonly string[]; limit?: readonly string[] }>;

type About = Readonly<{ target: string; check?: string }>;

/** Throws Mistake for a pattern that fits nothing at all: an empty list would read as if all were well. */
export const chosenIn = async (store: Store, { only, limit }: Choice): Promise<(about: About) => boolean> => {
  const names = await store.names();
  const fitsCheck = only && fittingChecks(only, [...new Set([...checkIds(), ...names.checks])]);
  const fitsServer =
    limit &&
    fitting(limit, names.servers, (pattern) => [
      `--limit ${pattern} names no server that the store remembers`,
      'write names as the runs had them, parted by commas; * stands for any text',
    ]);
  return ({ target, check }) =>
    (!fitsCheck || check === undefined || fitsCheck(check)) && (!fitsServer || fitsServer(target));
};
