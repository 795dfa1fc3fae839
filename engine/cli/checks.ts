/** What commands know: the built-in checks and profiles and, once --checks has named them, the user's own checks. */
import { checks as builtIn } from '../../checks/index.ts';
import { allowProgram } from '../allowed.ts';
import type { Check } from '../define.ts';
import { Mistake } from '../mistake.ts';
import type { OwnChecks } from '../own-checks.ts';
import { BUILT_INS } from './built-ins.ts';

let own: OwnChecks = { checks: [], modules: [] };

/** As the command line gives it: folders of own checks, and the programs by which those may ask. */
export type Own = Readonly<{ checks?: readonly string[]; allowProgram?: readonly string[] }>;

/** Reads the user's own checks, before anything is done with checks. Throws Mistake with all that is wrong. */
export const learnOwn = async ({ checks: folders, allowProgram: programs = [] }: Own): Promise<void> => {
  if (!folders)
    throw new Mistake(`--allow-program ${programs.join(', ')} is for own checks`, 'name their folder: --checks FOLDER');
  for (const name of programs) allowProgram(name);
  // Loaded only by those who have some.
  own = await (await import('../own-checks.ts')).readOwnChecks(folders, builtIn);
};

/** In report order: the user's own come last. */
export const knownChecks = (): readonly Check[] => [...builtIn, ...own.checks];

export const checkIds = (): readonly string[] => knownChecks().map(({ id }) => id);

/** What profiles can name. */
export const known = () => ({ checks: knownChecks(), modules: own.modules, builtIns: BUILT_INS });
