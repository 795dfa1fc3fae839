/** Tests of many files in one process: most of what a small file takes alone is the start of Node and loading. */
import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import test, { type Implementation } from 'ava';

const declared: (() => void)[] = [];
let file = '';

/** Stands for AVA: keeps what a file declares, under the name of the file. */
const collect = <Args extends unknown[]>(title: string, implementation: Implementation<Args>, ...args: Args): void => {
  const named = `${file}: ${title}`;
  declared.push(() => test(named, implementation, ...args));
};
/** @public It is what these files import as `ava`. */
export default Object.assign(collect, { macro: test.macro });

/**
 * Declares the tests of all files that fit, by patterns in the folder of the tests. AVA starts with the first test that it is
 * told of, so all files are loaded before. What waits for its turn, or prepares something (`serial`, `before`), cannot be here.
 */
export const together = async (patterns: readonly string[]): Promise<void> => {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === 'ava' && context.parentURL !== import.meta.url ? import.meta.url : specifier, context),
  });
  for (const path of globSync(patterns, { cwd: `${import.meta.dirname}/..` }).sort()) {
    file = path.replace('.test.ts', '');
    await import(`../${path}`);
  }
  for (const declare of declared) declare();
};
