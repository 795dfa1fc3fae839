/**
 * `npm pack` runs it: the program in dist/, or in the folder given, as JavaScript, since Node takes no types away below node_modules, and in few files
 * in place of 900, since most of a start was finding and compiling them.
 */
import { spawnSync } from 'node:child_process';
import { cp, glob, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { beforehand } from './beforehand.ts';

const root = path.join(import.meta.dirname, '..');
const ENTRIES = ['engine/cli/program.ts', 'engine/define.ts', 'engine/transports/starter-process.ts'];
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

/** It must come before the library that asks for it, and no order is kept between the files that come out. */
const polyfill: Plugin = {
  name: 'polyfill',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]tsyringe[/\\]dist[/\\]esm5[/\\]index\.js$/ }, async ({ path: file }) => ({
      contents: `import 'reflect-metadata';\n${await readFile(file, 'utf8')}`,
    })),
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

/** The types of the public entry point. Throws with what tsc says. */
const declare = (folder: string): void => {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const args = ['-p', path.join(root, 'ci/build.json'), '--outDir', folder];
  const { status, stdout, error } = spawnSync(process.execPath, [tsc, ...args], { encoding: 'utf8' });
  if (error ?? status !== 0) throw error ?? new Error(stdout);
};

const BUILTIN = /^import (\w+)?(?:, )?(?:\{([^}]*)\}|\* as (\w+))? ?from "(node:[\w/]+)";$/gm;

/** `import` makes Node read every export of its own modules, and with the first reading of some comes what we never need. */
const withoutImports = (text: string): string =>
  text.replaceAll(BUILTIN, (_, its?: string, named?: string, all?: string, name?: string) =>
    [its, named && `{${named.replaceAll(' as ', ': ')}}`, all]
      .flatMap((bound) => (bound ? `const ${bound} = globalThis.process.getBuiltinModule("${name}");` : []))
      .join(' '),
  );

/** Builds the program, and what else is asked for, into a folder that is emptied first; its `main.mjs` starts it. */
export const buildInto = async (folder: string, more: readonly string[] = []): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  declare(folder);
  for await (const file of glob(BESIDES, { cwd: root })) await cp(path.join(root, file), path.join(folder, file));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...ENTRIES, ...more],
    entryNames: '[name]',
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    // Node need not look for a package.json, or into the text, to know what it is.
    outExtension: { '.js': '.mjs' },
    target: 'node22.18',
    // ES modules, also of libraries: the functions that CommonJS is wrapped into are compiled anew at each start.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    banner: {
      // Libraries of CommonJS ask for Node's own modules alone: all others are put in.
      js: 'const require = globalThis.process.getBuiltinModule;',
    },
    plugins: [compiled, besides, polyfill],
    logLevel: 'error',
    write: false,
  });
  for (const { path: file, text } of outputFiles) await writeFile(file, withoutImports(text));
  const start = await readFile(path.join(root, 'engine/cli/main.mjs'), 'utf8');
  await writeFile(path.join(folder, 'main.mjs'), start.replace("'./program.ts'", "'./program.mjs'"), { mode: 0o755 });
};

if (import.meta.main) await buildInto(process.argv[2] ?? path.join(root, 'dist'));
