import type { ValidateFunction } from 'ajv/dist/2020.js';

/**
 * What YAML texts stand for, by the text: the built-in profiles, which the build has read and found nothing wrong in. Empty
 * but in the published program, like the next.
 */
export const READ: ReadonlyMap<string, unknown> = new Map();

/**
 * Guards that need not be compiled any more, by the JSON of their schemas. `ci/build.ts` puts those here that
 * most starts need: compiling them takes a quarter of a start.
 */
export const BEFOREHAND: ReadonlyMap<string, ValidateFunction> = new Map();
