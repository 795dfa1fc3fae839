/** The package as users install it: one file, on a machine that reaches no registry, run by Node below node_modules. */
import { execFile } from 'node:child_process';
import { chmod, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

const ended = (file: string, args: readonly string[], own: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', ...own };
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
  ['verify', RECORDED],
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

const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-package-'));
const installed = await install(folder);
const PROGRAM = path.join(installed, 'bin/sstp-audit');
test.after.always(() => rm(folder, { recursive: true }));

test("the package takes a user's own checks as the checkout does", async (t) => {
  const checks = path.join(folder, 'our-checks');
  const profile = path.join(folder, 'ours.yaml');
  const [, shown = ''] = /```ts\n(.*?)```/s.exec(await readFile(path.join(root, 'README.md'), 'utf8')) ?? [];
  await mkdir(checks);
  await writeFile(path.join(checks, 'a.ts'), shown);
  // What our own class of errors says must be heard of the copy that own checks have.
  await writeFile(path.join(checks, 'b.ts'), shown.replaceAll('company/', 'other/').replace('!digits', 'digits'));
  const wanted = ['company', 'other'].map((area) => `  ${area}/windows-build: { minimum: 17763 }\n`).join('');
  await writeFile(profile, `profile: ours\nversion: 1.0.0\ntitle: Ours\nchecks:\n${wanted}`);
  const own = ['-p', profile, '--checks', checks, '-r', 'json'];
  const { code, stdout, stderr } = await ended(PROGRAM, ['judge', RECORDED, ...own]);
  t.is(code, 3, stderr);
  t.is(stderr.match(/warning/i), null);
  t.like(JSON.parse(stdout).results, { 0: { status: 'pass' }, 1: { status: 'unknown', reason: 'unreadable' } });
});

test('the package is one file that needs no registry, and does what the checkout does', async (t) => {
  const said = (args: readonly string[]): Promise<Ended> => ended(PROGRAM, args);
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

/** A cache folder of the user's own, and what is kept there of the program: by command, the file and its bytes. */
const cacheIn = async (name: string) => {
  const cache = path.join(folder, name);
  await mkdir(cache);
  const kept = async (): Promise<Record<string, Buffer>> => {
    const files = await Array.fromAsync(glob(path.join(cache, 'sstp-audit/*/program-*')));
    return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(file)] as const)));
  };
  // The gate has a folder of its own for what Node compiles.
  const env = { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: undefined };
  return { cache, kept, said: (...args: readonly string[]) => ended(PROGRAM, args, env) };
};

test('what was compiled is kept for each command, three times over, and of a mistake nothing', async (t) => {
  const { kept, said } = await cacheIn('kept');
  t.is((await said('judge')).code, 2);
  t.deepEqual(await kept(), {});
  const seen: Record<string, Buffer>[] = [];
  for (let time = 1; time <= 4; time++) {
    t.is((await said(...JUDGE)).code, 1);
    seen.push(await kept());
  }
  const files = seen.map((each) => Object.keys(each).map((file) => path.basename(file)));
  t.deepEqual(files, [['program-judge'], ['program-judge'], ['program-judge'], ['program-judge']]);
  const [first, second, third, fourth] = seen.map((each) => Object.values(each)[0]);
  t.notDeepEqual(first, second);
  t.notDeepEqual(second, third);
  t.deepEqual(third, fourth);
});

test('what was kept and is spoilt, or is of another program, is made anew and changes nothing', async (t) => {
  const { kept, said } = await cacheIn('spoilt');
  const whole = await said(...JUDGE);
  const [[file, bytes] = ['', Buffer.alloc(0)]] = Object.entries(await kept());
  t.true(bytes.length > 100_000);
  const inverted = (at: number): Buffer => bytes.map((byte, place) => (place === at ? byte ^ 0xff : byte)) as Buffer;
  for (const spoilt of [
    Buffer.alloc(0),
    Buffer.alloc(bytes.length),
    bytes.subarray(0, bytes.length >> 1),
    inverted(0),
    inverted(bytes.length >> 1),
  ]) {
    await writeFile(file, spoilt);
    t.deepEqual(timeless(await said(...JUDGE)), timeless(whole));
    t.is((await readFile(file)).readUInt32LE(8), 1, 'made anew');
  }
});

test('a folder that others can write is not trusted with what was compiled', async (t) => {
  if (process.platform === 'win32') return t.pass('Windows has no such rights');
  const { cache, kept, said } = await cacheIn('open');
  await mkdir(path.join(cache, 'sstp-audit'));
  await chmod(path.join(cache, 'sstp-audit'), 0o777);
  t.is((await said(...JUDGE)).code, 1);
  t.deepEqual(await kept(), {});
});
