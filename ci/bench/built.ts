/** The program as JavaScript, as it is when it is published: from TypeScript it takes some 100 ms longer to start. */
import { spawnSync } from 'node:child_process';
import { copyFile, symlink } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Builds everything into a folder, and gives that folder. */
export const buildInto = async (folder: string): Promise<string> => {
  const options = ['--noEmit', 'false', '--noEmitOnError', 'false', '--outDir', folder];
  const rewriting = ['--rewriteRelativeImportExtensions', 'true'];
  const tsc = path.join(root, 'node_modules/.bin/tsc');
  const { error } = spawnSync(tsc, ['-p', root, ...options, ...rewriting], { stdio: 'ignore' });
  if (error) throw error;
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await copyFile(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  return folder;
};
