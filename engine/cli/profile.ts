import { plural } from '../../reporters/numbers.ts';
import { Mistake } from '../mistake.ts';
import { loadProfile, profileSchema, waiverFileSchema } from '../profile.ts';
import { known, knownChecks } from './checks.ts';

/** Says of each profile, with the files of waivers beside it, that it is sound. Throws Mistake with the mistakes of all of them. */
export const checkProfiles = async (names: readonly string[], waivers: readonly string[]): Promise<number> => {
  const mistakes: Mistake[] = [];
  for (const name of names)
    try {
      const { id, version, entries, sha256, waivers: all } = await loadProfile(name, { ...known(), waivers });
      process.stdout.write(
        `${name}: ${id} ${version}, ${plural(entries.length, 'check')}, ${plural(all.length, 'waiver')}, sha256 ${sha256}\n`,
      );
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push(error);
    }
  if (mistakes[0]) throw new Mistake(mistakes.map(({ message }) => message).join('\n'), mistakes[0].hint);
  return 0;
};

/** Prints the JSON Schema of profiles, or of files of waivers. */
export const printSchema = async ({ waivers }: Readonly<{ waivers: boolean }>): Promise<number> => {
  const schema = waivers ? waiverFileSchema(knownChecks()) : profileSchema(knownChecks());
  process.stdout.write(`${JSON.stringify(schema, undefined, 2)}\n`);
  return 0;
};
