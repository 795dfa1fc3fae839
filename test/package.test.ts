/** The package as users install it: JavaScript below node_modules, where Node takes no types away. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { buildInto } from '../ci/build.ts';
import manifest from '../package.json' with { type: 'json' };
import { run } from './command.ts';

const root = path.join(import.meta.dirname, '..');
const JUDGE = ['judge', path.join(root, 'test/evidence/vpn-tokyo-01'), '--input', 'publicNames=vpn.example.com'];

test('the package does what the checkout does, and offers what checks of others are made of', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-package-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const installed = path.join(folder, 'node_modules/sstp-audit');
  await mkdir(installed, { recursive: true });
  await buildInto(path.join(installed, 'dist'));
  await symlink(path.join(root, 'node_modules'), path.join(installed, 'node_modules'));
  await symlink(path.join(root, 'package.json'), path.join(installed, 'package.json'));
  const start = path.join(installed, manifest.bin['sstp-audit']);
  const said = (args: readonly string[]): Promise<unknown> =>
    promisify(execFile)(process.execPath, [start, ...args], { env: { ...process.env, NO_COLOR: '1' } }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  const judged = await run(...JUDGE);
  t.is(judged.code, 1, judged.stderr);
  t.is(await said(JUDGE), judged.stdout);
  t.is(await said(['questions', '--jea']), (await run('questions', '--jea')).stdout);
  const ours = `import { defineCheck, Unknown } from 'sstp-audit'; console.log(typeof defineCheck, new Unknown('absent', 'x').reason)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', ours], { cwd: folder });
  t.is(stdout, 'function absent\n');
});
