/** What went wrong in other tools of the kind, and must not here. The rest of it stands beside what it is about: see README.md. */
import { existsSync } from 'node:fs';
import { cp, glob, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { EXIT_CODES } from '../engine/cli/exit-code.ts';
import { outputsOf, writeOutputs } from '../engine/cli/outputs.ts';
import type { Report, TargetNote } from '../engine/model.ts';
import { reporters } from '../reporters/index.ts';
import { ask, run } from './command.ts';
import { sample } from './reporters/sample.ts';

const root = path.join(import.meta.dirname, '..');
const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-other tools-'));
const NAMES = ['--input', 'publicNames=vpn.example.com'];
process.env['SSTP_AUDIT_PASSWORD'] = 'not asked for';

const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });

test('a server that nothing reaches is a row of every report, beside one that passes, and the run gives 3', async (t) => {
  const folder = await scratch();
  const names = Object.keys(reporters);
  const reports = names.map((name) => `${name}:${path.join(folder, name)}`);
  const gone = `127.0.0.1:${await closedPort()}`;
  const { code, stderr } = await run(
    ...['run', `winrm+http://audit@${gone}`, 'evidence:test/evidence/vpn-london-01', '-p', 'baseline'],
    ...[...NAMES, '-r', ...reports],
  );
  t.is(code, 3, stderr);
  for (const name of names) t.true((await readFile(path.join(folder, name), 'utf8')).includes(gone), name);
  const { targets, results }: Report = JSON.parse(await readFile(path.join(folder, 'json'), 'utf8'));
  t.deepEqual(
    targets.map(({ reached }: TargetNote) => reached),
    [false, true],
  );
  const of = (at: number) => results.filter(({ target }) => target === targets[at]?.name);
  t.is(of(0).length, of(1).length, 'as many results as of the server that was reached');
  t.true(of(0).every(({ status }) => status === 'unknown'));
});

test('a failure counts wherever in the run it is', async (t) => {
  const [bad, good] = ['evidence:test/evidence/vpn-tokyo-01', 'evidence:test/evidence/vpn-london-01'];
  t.is((await ask('run', bad, good, ...NAMES)).code, 1, 'first');
  t.is((await ask('run', good, bad, ...NAMES)).code, 1, 'last');
});

test('any path may hold blanks', async (t) => {
  const folder = path.join(await scratch(), 'our audits, 2026');
  const at = (name: string): string => path.join(folder, name);
  await mkdir(folder);
  await cp(path.join(root, 'test/evidence/vpn-london-01'), at('vpn london'), { recursive: true });
  await writeFile(at('our profile.yaml'), 'profile: ours\nversion: 1.0.0\ntitle: Ours\nextends: baseline\n');
  await writeFile(at('our waivers.yaml'), 'waivers: []\n');
  await writeFile(at('our fleet.yaml'), 'hosts: { vpn01: {} }\n');
  const judging = ['-p', at('our profile.yaml'), '--waivers', at('our waivers.yaml'), ...NAMES];
  const first = await ask('judge', at('vpn london'), ...judging, '-r', `json:${at('first run.json')}`);
  t.is(first.code, 0, first.stderr);
  const second = await ask(
    ...['run', `evidence:${at('vpn london')}`, ...judging, '--store', at('our store.db')],
    ...['--baseline', at('first run.json'), '-r', `json:${at('second run.json')}`],
    ...['-r', `junit,split=server:${at('of each server.xml')}`],
  );
  t.is(second.code, 0, second.stderr);
  t.true((await readdir(folder)).includes('of each server-001.xml'));
  for (const args of [
    ['diff', at('first run.json'), at('second run.json'), '-r', `html:${at('a review.html')}`],
    ['history', 'runs', '--store', at('our store.db')],
    ['inventory', 'list', at('our fleet.yaml')],
    ['profile', 'check', at('our profile.yaml'), '--waivers', at('our waivers.yaml')],
    ['profile', 'init', '--from', at('vpn london'), '-o', at('a new profile.yaml')],
  ]) {
    const { code, stderr } = await ask(...args);
    t.is(code, 0, `${args.join(' ')}: ${stderr}`);
  }
});

test('--help and the README say of exit codes what the code does', async (t) => {
  const { stdout } = await ask('--help');
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  for (const [code, meaning] of Object.entries(EXIT_CODES)) {
    t.true(stdout.includes(`\n  ${code}  ${meaning}\n`), code);
    t.true(readme.includes(`\n| ${code} | ${meaning} |\n`), code);
  }
  t.is((readme.match(/^\| \d \| /gm) ?? []).length, Object.keys(EXIT_CODES).length);
});

/** Lines of a document that begin with the program, and what goes on behind a backslash. */
const typedIn = (text: string): readonly string[][] =>
  [...text.replaceAll('\\\n', ' ').matchAll(/(?:^ {4}|script: |^\$ )sstp-audit (.+)$/gm)].map(([, line = '']) =>
    line.replace(/ #.*/, '').trim().split(/\s+/),
  );

test('what the documents tell to type is there: each command, and each option of it', async (t) => {
  const helped = new Map<string, string>();
  const helpOf = async (command: string): Promise<string> => {
    const help = helped.get(command) ?? (await ask(...command.split(' '), '--help')).stdout;
    helped.set(command, help);
    return help;
  };
  let lines = 0;
  for await (const file of glob(['*.md', '*/README.md', 'engine/*/README.md'], { cwd: root }))
    for (const words of typedIn(await readFile(path.join(root, file), 'utf8'))) {
      const command = words.slice(0, /^(?:history|inventory|profile)$/.test(words[0] ?? '') ? 2 : 1).join(' ');
      const help = await helpOf(command);
      t.true(help.startsWith(`Usage: sstp-audit ${command} `), `${file}: ${command}`);
      for (const option of words.filter((word) => /^--?\w/.test(word)))
        t.regex(help, new RegExp(`^ .*${option}\\b`, 'm'), `${file}: ${words.join(' ')}`);
      lines++;
    }
  t.true(lines > 10, `${lines} lines`);
});

test('a reporter that fails half-way fails the run, leaves no half of a report, and keeps no other one back', async (t) => {
  const folder = await scratch();
  const { checks, ...rest } = sample();
  const spoilt = checks.map((note, at) => ({
    ...note,
    /** Of these two, only the CSV tells it. */
    get situations(): readonly string[] {
      if (at < checks.length - 1) return note.situations;
      throw new Error('a defect');
    },
  }));
  const report = { ...rest, checks: spoilt };
  const outputs = outputsOf([`csv:${folder}/report.csv`, `markdown:${folder}/report.md`]);
  await t.throwsAsync(writeOutputs(report, outputs), { message: 'a defect' }, 'no trouble with a file');
  t.deepEqual(await readdir(folder), ['report.md']);
});

test('a server for whose tags the profile has no check is no success beside one that passes: the run gives 3', async (t) => {
  const folder = await scratch();
  const file = path.join(folder, 'tagged.yaml');
  await writeFile(
    file,
    `profile: tagged
version: 1.0.0
title: Only production
checks:
  sstp/listener-port: { port: 443 }
settings:
  sstp/listener-port: { when: { tags: [production] } }
`,
  );
  const gathered = ['--tags', 'production', '--evidence', path.join(folder, 'evidence')];
  await run('run', 'evidence:test/evidence/vpn-london-01', '-p', file, ...gathered, '-r', `json:${folder}/json`);
  const both = ['judge', path.join(folder, 'evidence'), 'test/evidence/vpn-tokyo-01', '-p', file, '-r', 'json'];
  const { code, stdout } = await ask(...both);
  t.is(code, 3);
  t.like(JSON.parse(stdout), {
    exitReason: 'nothing was judged of 1 server, nothing failed',
    summary: { targets: 2, pass: 1 },
  });
  const allowed = await ask(...both, '--allow-unknown');
  t.is(allowed.code, 0);
  t.regex(JSON.parse(allowed.stdout).exitReason, /; nothing was judged of 1 server$/);
  const compared = await ask(...both, '--baseline', path.join(folder, 'json'));
  t.is(compared.code, 3);
  t.is(JSON.parse(compared.stdout).exitReason, 'nothing was judged of 1 server, nothing got worse');
});

test('a profile that leaves nothing to judge is a mistake, not a success', async (t) => {
  const file = path.join(await scratch(), 'nothing.yaml');
  const head = 'profile: nothing\nversion: 1.0.0\ntitle: Nothing\n';
  for (const rest of [
    'checks: {}\n',
    'checks: { sstp/url: {} }\nsettings: { sstp/url: { when: { tags: [nowhere] } } }\n',
  ]) {
    await writeFile(file, head + rest);
    const { code, stdout, stderr } = await ask('judge', 'test/evidence/vpn-london-01', '-p', file);
    t.is(code, 2, rest);
    t.is(stdout, '');
    t.regex(stderr, /leave no check to run/);
  }
});

test('what the table of the README names as its tests is there', async (t) => {
  const text = await readFile(path.join(root, 'test/README.md'), 'utf8');
  const [, table = ''] = text.split('## What users of other tools ask for');
  const named = [...table.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, file = '']) => file);
  t.true(named.length > 20);
  t.deepEqual(
    named.filter((file) => !existsSync(path.join(root, 'test', file))),
    [],
  );
});
