/** Loads a module that is no part of the program. The published program, which is a script, has it from what starts it. */
export const importModule = (url: string): Promise<Readonly<Record<string, unknown>>> => import(url);
