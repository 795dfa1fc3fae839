import type { Check } from '../engine/define.ts';

/** The checks, in report order. */
export const checks: readonly Check[] = [];
