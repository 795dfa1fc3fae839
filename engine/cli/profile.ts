import { checks } from '../../checks/index.ts';
import { Mistake } from '../mistake.ts';
import { loadProfile, profileSchema } from '../profile.ts';
import { BUILT_INS } from './session.ts';

/** Says of each profile that it is sound. Throws Mistake with the mistakes of all of them. */
export const checkProfiles = async (names: readonly string[]): Promise<number> => {
  const mistakes: Mistake[] = [];
  for (const name of names)
    try {
      const { id, version, entries, sha256 } = await loadProfile(name, { checks, builtIns: BUILT_INS });
      process.stdout.write(`${name}: ${id} ${version}, ${entries.length} checks, sha256 ${sha256}\n`);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push(error);
    }
  if (mistakes[0]) throw new Mistake(mistakes.map(({ message }) => message).join('\n'), mistakes[0].hint);
  return 0;
};

/** Prints the JSON Schema of profiles. */
export const printSchema = async (): Promise<number> => {
  process.stdout.write(`${JSON.stringify(profileSchema(checks), undefined, 2)}\n`);
  return 0;
};
