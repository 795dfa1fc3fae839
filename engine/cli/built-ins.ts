import { profilesIn } from '../profile/layers.ts';

/** Folder of the built-in profiles. */
export const BUILT_INS = new URL('../../profiles/', import.meta.url);

export const builtInNames = (): Promise<readonly string[]> => profilesIn(BUILT_INS);
