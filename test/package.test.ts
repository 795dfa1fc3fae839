/** The package as users install it: one file, on a machine that reaches no registry, run by Node below node_modules. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import manifest from '../package.json' with { type: 'json' };
import { run } from './command.ts';

const root = path.join(import.meta.dirname, '..');
const JUDGE = ['judge', path.join(root, 'test/evidence/vpn-tokyo-01'), '--input', 'publicNames=vpn.example.com'];
const execute = promisify(execFile);

/** Packs the checkout, and installs the file where nobody answers for a registry. Gives the folder of the installation. */
const install = async (folder: string): Promise<string> => {
  const npm = (...args: readonly string[]) =>
    execute('npm', [...args, '--cache', path.join(folder, 'cache'), '--registry', 'http://127.0.0.1:9/'], {
      cwd: root,
    });
  await npm('pack', '--pack-destination', folder);
  const file = path.join(folder, `sstp-audit-${manifest.version}.tgz`);
  await npm('install', '--offline', '--global', '--prefix', path.join(folder, 'installed'), file);
  return path.join(folder, 'installed');
};

test('the package is one file that needs no registry, and does what the checkout does', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-package-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const installed = await install(folder);
  const said = (args: readonly string[]): Promise<unknown> =>
    execute(path.join(installed, 'bin/sstp-audit'), args, { env: { ...process.env, NO_COLOR: '1' } }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  const judged = await run(...JUDGE);
  t.is(judged.code, 1, judged.stderr);
  t.is(await said(JUDGE), judged.stdout);
  t.is(await said(['questions', '--jea']), (await run('questions', '--jea')).stdout);
  const ours = `import { defineCheck, Unknown } from 'sstp-audit'; console.log(typeof defineCheck, new Unknown('absent', 'x').reason)`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', ours], {
    cwd: path.join(installed, 'lib'),
  });
  t.is(stdout, 'function absent\n');
});
