/** Made-up checks, one for each kind of expectation, and ways to load a profile that is written in a test. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Check, defineCheck, pass } from '../../engine/define.ts';
import { Mistake } from '../../engine/mistake.ts';
import type { Target } from '../../engine/model.ts';
import { loadProfile, type Profile } from '../../engine/profile.ts';

const prose = {
  severity: 'high',
  situations: [],
  clientErrors: [],
  why: 'it is made up',
  fix: ['mend it'],
  references: [],
} as const;
const judge = () => [pass('made up')];

export const checks: readonly Check[] = [
  defineCheck({
    ...prose,
    id: 'door/port',
    title: 'The door has its number',
    needs: {},
    expects: { port: { type: 'integer', minimum: 1, maximum: 65535, description: 'number of the door' } },
    judge,
  }),
  defineCheck({
    ...prose,
    id: 'door/colour',
    title: 'The door is painted',
    needs: {},
    expects: {
      colour: { type: 'string', enum: ['red', 'green'], description: 'colour of the door' },
      share: { type: 'number', minimum: 0, maximum: 1, description: 'painted share' },
    },
    judge,
  }),
  defineCheck({
    ...prose,
    id: 'bell/names',
    title: 'The bell says who lives here',
    needs: {},
    expects: {
      names: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', pattern: '^[a-z.]+$' },
        description: 'names on the bell',
      },
    },
    judge,
  }),
  defineCheck({
    ...prose,
    id: 'bell/rings',
    title: 'The bell rings',
    needs: {},
    expects: {
      loud: { type: 'boolean', description: 'whether one hears it' },
      hours: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 23 }, description: 'hours of rest' },
    },
    judge,
  }),
  defineCheck({ ...prose, id: 'bell/there', title: 'There is a bell', needs: {}, expects: {}, judge }),
];

/** Folder of the fixtures; its folder `layers` stands for the built-in profiles. */
export const FIXTURES = path.join(import.meta.dirname, 'profile');
const builtIns = path.join(FIXTURES, 'layers');

export const load = (name: string): Promise<Profile> => loadProfile(name, { checks, builtIns });

const scratch = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-profile-'));
let written = 0;

/** Writes a profile to a file of its own. */
export const write = async (text: string | Uint8Array): Promise<string> => {
  const file = path.join(scratch, `${++written}.yaml`);
  await writeFile(file, text);
  return file;
};

export const loadText = async (text: string): Promise<Profile> => load(await write(text));

export const HEAD = 'profile: house\nversion: 1.0.0\ntitle: Our house\n';

/** The mistakes in a file or a built-in name, as printed; the file itself is called `x.yaml`. */
export const mistakesIn = async (name: string): Promise<string> => {
  try {
    await load(name);
  } catch (error) {
    if (error instanceof Mistake) return error.message.replaceAll(name, 'x.yaml');
    throw error;
  }
  return '';
};

export const target = (rest: Partial<Target> = {}): Target => ({
  name: 'vpn01',
  address: 'evidence:.',
  tags: [],
  inputs: {},
  ...rest,
});
