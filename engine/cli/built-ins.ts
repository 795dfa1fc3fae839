/** Folder of the built-in profiles. */
export const BUILT_INS = new URL('../../profiles/', import.meta.url);
