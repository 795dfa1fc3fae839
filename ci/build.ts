/**
 * `npm pack` runs it: the program in dist/, or in the folder given, as JavaScript, since Node takes no types away below
 * node_modules, and in one file in place of 900, since most of a start was finding and compiling them.
 */
import { spawnSync } from 'node:child_process';
import { cp, glob, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { beforehand } from './beforehand.ts';

const root = path.join(import.meta.dirname, '..');
const MODULES = ['engine/cli/compiled.ts', 'engine/define.ts', 'engine/transports/starter-process.ts'];
/** What is read while it runs. */
const BESIDES = '{engine,profiles,reporters}/**/*.{yaml,schema.json,sql,psrc,sh,cmd}';

const BESIDE = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)|import\.meta\.url/g;

/** A module goes on finding what lay beside it: files keep their places; entry points come to lie beside all others. */
const besides: Plugin = {
  name: 'besides',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const place = JSON.stringify(path.relative(root, file).replaceAll(path.sep, '/'));
      const text = await readFile(file, 'utf8');
      const contents = text.replaceAll(BESIDE, (_, entry?: string) =>
        entry ? `new URL('./${entry}.mjs', import.meta.url)` : `new URL(${place}, import.meta.url)`,
      );
      return { contents, loader: 'ts' };
    }),
};

/** Guards of the forms that starts need. */
const compiled: Plugin = {
  name: 'compiled',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]engine[/\\]document[/\\]beforehand\.ts$/ }, async () => ({
      contents: await beforehand(),
      loader: 'js',
      resolveDir: root,
    })),
};

/** A script loads no modules by itself. */
const loader: Plugin = {
  name: 'loader',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]engine[/\\]import-module\.ts$/ }, async () => ({
      contents: 'export const importModule = programImport;',
      loader: 'js',
    })),
};

/** The types of the public entry point. Throws with what tsc says. */
const declare = (folder: string): void => {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const args = ['-p', path.join(root, 'ci/build.json'), '--outDir', folder];
  const { status, stdout, error } = spawnSync(process.execPath, [tsc, ...args], { encoding: 'utf8' });
  if (error ?? status !== 0) throw error ?? new Error(stdout);
};

const SETTINGS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22.18',
  // ES modules, also of libraries: of them only what is used is put in.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  plugins: [compiled, besides],
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Without letters beyond ASCII, a text takes half the memory, and is read at once. esbuild leaves some of them. */
const inAscii = (text: string): string =>
  text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The program itself, as a script that gives a function: `engine/cli/compiled.ts` runs it. */
const buildProgram = async (folder: string): Promise<void> => {
  const { outputFiles } = await build({
    ...SETTINGS,
    entryPoints: ['engine/cli/program.ts'],
    outfile: path.join(folder, 'program.cjs'),
    format: 'cjs',
    minifyWhitespace: true,
    define: { 'import.meta.url': 'programUrl' },
    plugins: [loader, ...SETTINGS.plugins],
    banner: { js: '(function (require, module, programUrl, programImport) {' },
    footer: { js: '})' },
    write: false,
  });
  for (const { path: file, text } of outputFiles) await writeFile(file, inAscii(text));
};

/** What is loaded by itself. */
const buildModules = (folder: string, more: readonly string[]): Promise<unknown> =>
  build({
    ...SETTINGS,
    entryPoints: [...MODULES, ...more],
    entryNames: '[name]',
    outdir: folder,
    splitting: true,
    format: 'esm',
    // Node need not look for a package.json, or into the text, to know what it is.
    outExtension: { '.js': '.mjs' },
    // Libraries of CommonJS ask for Node's own modules alone: all others are put in.
    banner: { js: 'const require = globalThis.process.getBuiltinModule;' },
  });

/** Builds the program, and what else is asked for, into a folder that is emptied first; its `main.mjs` starts it. */
export const buildInto = async (folder: string, more: readonly string[] = []): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  declare(folder);
  for await (const file of glob(BESIDES, { cwd: root })) await cp(path.join(root, file), path.join(folder, file));
  await buildProgram(folder);
  await buildModules(folder, more);
  const start = await readFile(path.join(root, 'engine/cli/main.mjs'), 'utf8');
  await writeFile(path.join(folder, 'main.mjs'), start.replace("'./program.ts'", "'./compiled.mjs'"), { mode: 0o755 });
};

if (import.meta.main) await buildInto(process.argv[2] ?? path.join(root, 'dist'));
