import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';

/** Compares a report with the one that people have read, in test/golden/; with GOLDEN=write it writes that one. */
export const golden = (t: ExecutionContext, name: string, text: string): void => {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (process.env['GOLDEN'] === 'write') writeFileSync(file, text);
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  t.is(text, kept, `test/golden/${name} differs: read the difference, then npm run golden`);
};
