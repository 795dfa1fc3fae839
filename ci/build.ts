/** `npm pack` runs it: the program as JavaScript in dist/, since Node takes no types away below node_modules. */
import { spawnSync } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const ROOMS = ['checks', 'engine', 'profiles', 'reporters'];

/** Builds the program into a folder that is emptied first. Throws with what tsc says. */
export const buildInto = async (folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout, error } = spawnSync(
    process.execPath,
    [tsc, '-p', path.join(root, 'ci/build.json'), '--outDir', folder],
    { encoding: 'utf8' },
  );
  if (error ?? status !== 0) throw error ?? new Error(stdout);
  for (const room of ROOMS)
    await cp(path.join(root, room), path.join(folder, room), {
      recursive: true,
      filter: (file) => !/\.(ts|md)$/.test(file),
    });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  const start = path.join(folder, 'engine/cli/main.mjs');
  await writeFile(start, (await readFile(start, 'utf8')).replace("'./program.ts'", "'./program.js'"));
};

if (import.meta.main) await buildInto(path.join(root, 'dist'));
