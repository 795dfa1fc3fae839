/** The package as users install it: one file, on a machine that reaches no registry, run by Node below node_modules. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import manifest from '../package.json' with { type: 'json' };
import { asking, type Ended } from './command.ts';

const root = path.join(import.meta.dirname, '..');
const RECORDED = path.join(root, 'test/evidence/vpn-tokyo-01');
const JUDGE = ['judge', RECORDED, '--input', 'publicNames=vpn.example.com'];
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

const ended = (file: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' };
    execFile(file, args, { env, maxBuffer: 50_000_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

/** Without times, and without the folder of the program, in which the built-in profiles stand. */
const timeless = ({ stdout, stderr, ...others }: Ended): Ended => ({
  ...others,
  stderr: stderr.replaceAll(/(?<=^sstp-audit: )\S*(?=profiles\/)/gm, ''),
  stdout: stdout.replaceAll(/<time .*?<\/time>|所要時間 [\d.]+ s|\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, ''),
});

/** What reads files beside the modules, judges by forms that are compiled beforehand, or loads what few commands need. */
const SAYINGS = [
  JUDGE,
  [...JUDGE, '-r', 'html', '--lang', 'ja'],
  [...JUDGE, '--only', 'no/such-check'],
  ['questions', '--jea'],
  ['explain', 'event 18'],
  ['collector'],
  ['profile', 'schema'],
  ['diagnose', '0x800B0109'],
];

const MISTAKEN = `profile: Mistaken
version: one
titel: nothing
extends: baseline
inputs: { port: { type: integer, minimum: 9, maximum: 1 }, names: { type: array, default: [''] }, listenerPort: { type: string } }
checks:
  sstp/listener-port: { port: 70000 }
  certificate/names: { names: { input: port } }
`;

test('the package is one file that needs no registry, and does what the checkout does', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-package-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const installed = await install(folder);
  const said = (args: readonly string[]): Promise<Ended> => ended(path.join(installed, 'bin/sstp-audit'), args);
  const main = path.join(installed, 'lib/node_modules/sstp-audit/dist/main.mjs');
  const saidThere = asking({ env: { ...process.env, SSTP_AUDIT_MAIN: main } });
  const { SSTP_AUDIT_MAIN: _, ...env } = process.env;
  const saidHere = asking({ env });
  const mistaken = path.join(folder, 'mistaken.yaml');
  await writeFile(mistaken, MISTAKEN);
  for (const args of [...SAYINGS, ['profile', 'check', mistaken]])
    t.deepEqual(timeless(await saidThere(...args)), timeless(await saidHere(...args)), args.join(' '));
  t.deepEqual(timeless(await said(JUDGE)), timeless(await saidHere(...JUDGE)));
  const store = ['--store', path.join(folder, 'fleet.db')];
  t.is((await said(['run', `evidence:${RECORDED}`, ...JUDGE.slice(2), ...store])).code, 1);
  t.regex((await said(['history', 'runs', ...store])).stdout, /^runs: 1$/m);
  const ours = `import { defineCheck, Unknown } from 'sstp-audit'; console.log(typeof defineCheck, new Unknown('absent', 'x').reason)`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', ours], {
    cwd: path.join(installed, 'lib'),
  });
  t.is(stdout, 'function absent\n');
});
