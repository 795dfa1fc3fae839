import { readdir } from 'node:fs/promises';

/** Folder of the built-in profiles. */
export const BUILT_INS = new URL('../../profiles/', import.meta.url);

export const builtInNames = async (): Promise<readonly string[]> =>
  (await readdir(BUILT_INS)).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [])).sort();
