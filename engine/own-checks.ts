/** A user's own checks: modules in a folder of theirs, written as ours are. */
import { readdir, readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from './define.ts';
import { importModule } from './import-module.ts';
import { Mistake } from './mistake.ts';
import { mistakesIn } from './own-check-form.ts';
import { printable } from './printable.ts';
import { saidBy } from './said-by.ts';

/** A file that was read, and its bytes. */
export type OwnModule = Readonly<{ file: string; bytes: Uint8Array }>;

/** `modules`: all of the folders, also those that checks share. What is imported from elsewhere is not among them. */
export type OwnChecks = Readonly<{ checks: readonly Check[]; modules: readonly OwnModule[] }>;

const MODULE = /\.m?[jt]s$/;
/** Types and tests. */
const NO_MODULE = /\.(?:d|test|spec)\.m?[jt]s$/;
/** Folders of tools, and what is installed. */
const NO_FOLDER = /^(?:\..*|node_modules)$/;

const HINT = 'README.md has an example, below "Your own checks"';

/**
 * Reads the checks that modules in these folders, and in folders below them, export as their default. `known` are the checks
 * that are there already. Throws Mistake with all that is wrong.
 */
export const readOwnChecks = async (folders: readonly string[], known: readonly Check[]): Promise<OwnChecks> => {
  const files = (await Promise.all(folders.map((folder) => modulesBelow(folder)))).flat();
  offerDefine();
  const checks = new Map<string, Check>();
  const wrong: string[] = [];
  const taken = new Set(known.map((check) => check.id));
  for (const file of files) {
    const { check, mistakes = [] } = await checkIn(file);
    wrong.push(...mistakes.map((mistake) => `${file}: ${mistake}`));
    if (!check) continue;
    if (taken.has(check.id)) wrong.push(`${file}: there is a check ${check.id} already`);
    taken.add(check.id);
    checks.set(check.id, check);
  }
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  if (checks.size === 0) throw new Mistake(`no module in ${folders.join(', ')} exports a check as its default`, HINT);
  return { checks: [...checks.values()], modules: await Promise.all(files.map(moduleIn)) };
};

const moduleIn = async (file: string): Promise<OwnModule> => ({ file, bytes: await readFile(file) });

/** In the order of their paths. */
const modulesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(async (entry): Promise<readonly string[]> => {
      const { name } = entry;
      const place = path.join(folder, name);
      if (entry.isDirectory()) return NO_FOLDER.test(name) ? [] : modulesBelow(place);
      return MODULE.test(name) && !NO_MODULE.test(name) ? [place] : [];
    });
  return (await Promise.all(found)).flat();
};

let isOffered = false;

/** `import { defineCheck } from 'sstp-audit'` means this very program, wherever the folder lies and whatever is installed there. */
const offerDefine = (): void => {
  if (isOffered) return;
  isOffered = true;
  const url = new URL('./define.ts', import.meta.url).href;
  registerHooks({
    resolve: (name, context, next) => (name === 'sstp-audit' ? { url, shortCircuit: true } : next(name, context)),
  });
};

/** The check that a module exports, if any, and what is wrong with it. */
const checkIn = async (file: string): Promise<Readonly<{ check?: Check; mistakes?: readonly string[] }>> => {
  try {
    const { default: value } = await orStuck(importModule(pathToFileURL(path.resolve(file)).href));
    if (!isMeant(value)) return {};
    const mistakes = mistakesIn(value);
    return mistakes.length > 0 ? { mistakes } : { check: printed(value) };
  } catch (cause) {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : saidBy(cause);
    throw new Mistake(`${file} cannot be loaded: ${said}${lineIn(cause, file)}`, HINT, { cause });
  }
};

/** Rejects where nothing is left to be waited for: Node would end without a word. */
const orStuck = async <T>(loading: Promise<T>): Promise<T> => {
  const { promise: stuck, reject } = Promise.withResolvers<never>();
  const tell = (): void => reject(new Error('it waits for what never comes'));
  process.once('beforeExit', tell);
  try {
    return await Promise.race([loading, stuck]);
  } finally {
    process.off('beforeExit', tell);
  }
};

/** Where an error arose, where it tells. */
const lineIn = (cause: unknown, file: string): string => {
  const [, behind = ''] = (cause instanceof Error ? `${cause.stack}` : '').split(`${path.basename(file)}:`);
  const line = /^\d+/.exec(behind)?.[0];
  return line === undefined ? '' : ` (line ${line})`;
};

/** Whether it is to be a check, right or wrong. Facts, and what they share, are exported as they please. */
const isMeant = (value: unknown): value is Check =>
  typeof value === 'object' && value !== null && ('judge' in value || 'needs' in value);

/** Reporters trust the words of checks, which are ours but for these; and what is read once says the same ever after. */
const printed = (check: Check): Check => {
  const { id, title, severity, situations, clientErrors, why, fix, references, needs, expects } = check;
  return {
    id,
    title: printable(title),
    severity,
    situations: situations.map(printable),
    clientErrors: clientErrors.map(printable),
    why: printable(why),
    fix: fix.map(printable),
    references: references.map(printable),
    needs,
    expects,
    judge: (facts, expected) => check.judge(facts, expected),
  };
};
