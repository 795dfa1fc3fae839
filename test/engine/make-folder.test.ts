import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { makeFolder } from '../../engine/make-folder.ts';

const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-folder-'));

test('missing folders are made, also by several at once', async (t) => {
  const folder = path.join(await scratch(), 'a', 'b', 'c');
  await Promise.all([makeFolder(folder), makeFolder(folder), makeFolder(path.dirname(folder))]);
  await makeFolder(folder);
  t.true((await stat(folder)).isDirectory());
});

test('a file in the way rejects', async (t) => {
  const file = path.join(await scratch(), 'file');
  await writeFile(file, '');
  await t.throwsAsync(makeFolder(file), { code: 'EEXIST' });
  await t.throwsAsync(makeFolder(path.join(file, 'below')), { code: 'ENOTDIR' });
});

test('a file system that takes no folder rejects, and is not tried for ever', async (t) => {
  if (process.platform !== 'linux') return t.pass();
  await t.throwsAsync(makeFolder('/proc/nowhere/below'), { code: 'ENOENT' });
});
