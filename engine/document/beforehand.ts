import type { ValidateFunction } from 'ajv/dist/2020.js';

/**
 * Guards that need not be compiled any more, by the JSON of their schemas. Empty but in the published program, where
 * `ci/build.ts` puts those that most starts need: compiling them takes a quarter of a start.
 */
export const BEFOREHAND: ReadonlyMap<string, ValidateFunction> = new Map();
