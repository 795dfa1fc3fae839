import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, glob, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { checks } from '../checks/index.ts';
import { ja } from '../checks/ja.ts';
import { KB947031 } from '../checks/kb947031.ts';
import { factsOf } from '../engine/audit.ts';
import { titleIn } from '../engine/cli/profile-titles.ts';
import type { Fact } from '../engine/define.ts';
import { manifestSchema } from '../engine/evidence/schema.ts';
import { inventorySchema, settingsSchema } from '../engine/fleet/inventory/form.ts';
import { gather } from '../engine/gather.ts';
import { loadProfile, profileSchema, waiverFileSchema } from '../engine/profile.ts';
import { questionsOf } from '../engine/questions.ts';
import { encode, newNonce } from '../engine/snap.ts';
import { healthy, observedAt } from './server/healthy.ts';
import { transportTo } from './server/state.ts';

const root = path.join(import.meta.dirname, '..');
const filesOf = async (pattern: string): Promise<string[]> =>
  (await Array.fromAsync(glob(pattern, { cwd: root }))).sort();
const builtIns = new URL('../profiles/', import.meta.url);

test('every check is listed, and named after its path', async (t) => {
  const files = await filesOf('checks/*/*.ts');
  const modules = await Promise.all(files.map(async (file) => [file, await import(path.join(root, file))] as const));
  const found = modules.filter(([, module]) => module.default?.judge);
  t.deepEqual(found.map(([file]) => file.replace(/^checks\/|\.ts$/g, '')).sort(), checks.map(({ id }) => id).sort());
  for (const [file, module] of found) t.is(`checks/${module.default.id}.ts`, file);
});

for (const { id, why, fix, references, situations } of checks) {
  test(`${id} has a test, prose in both languages, and steps that exist`, (t) => {
    t.true(existsSync(path.join(root, `test/checks/${id}.test.ts`)), 'a test file of its own');
    t.true(why.length > 60, 'why it matters, in two sentences');
    t.true(fix.length > 0 && references.length > 0, 'how to mend it, and where that is from');
    t.true(references.every((url) => url.startsWith('https://')));
    const steps = KB947031.flatMap((situation) => situation.steps.map((step) => step.id));
    for (const step of situations) t.true(steps.includes(step), `step ${step}`);
    t.truthy(ja[id]?.title && ja[id]?.why, `its Japanese in checks/${id.split('/')[0]}/ja.ts`);
    t.is(ja[id]?.fix.length, fix.length, 'as many steps in Japanese');
  });
}

const COMMAND = /(?:netsh|tasklist|certutil|netstat|w32tm|sstp-audit explain) /;
const CMDLET = /\b(?:Add|Disable|Enable|Get|New|Remove|Restart|Set|Start|Stop)-[A-Z]\w+/;
/** What double quotes set apart; a command that holds quotes itself cannot stand in them. */
const quotedIn = (step: string): readonly string[] => step.split('"').filter((_, at) => at % 2 === 1);

for (const { id, fix } of checks)
  for (const [language, steps] of Object.entries({ English: fix, Japanese: ja[id]?.fix ?? [] }))
    test(`the commands that mend ${id} can be pasted, in ${language}`, (t) => {
      t.true(steps.length > 0, `the steps that mend it, in ${language}`);
      for (const step of steps) {
        t.notRegex(step, /\\"/, 'cmd.exe takes no backslash before a quote');
        t.notRegex(step, /[\u2010-\u2015\u2018-\u201f]/, 'quotes and hyphens are those of a keyboard');
        t.is(step.split('"').length % 2, 1, `each quote is closed: ${step}`);
        if (CMDLET.test(step)) t.regex(step, /PowerShell/, 'a cmdlet says where it runs');
        for (const quoted of quotedIn(step)) t.notRegex(quoted, /^\s|\s$/, `the quotes fit: ${step}`);
        // PowerShell makes two words of what a comma parts, unless quotes hold it together.
        if (COMMAND.test(step)) t.notRegex(step, /=@/, 'a reference to a library stands in quotes');
      }
    });

test('what README.md has one type is taken alike by cmd.exe, PowerShell and sh', async (t) => {
  const typed = (await readFile(path.join(root, 'README.md'), 'utf8')).replaceAll(/^```.*?^```/gms, '');
  const lines = typed.match(/^ {4}\S.*/gm) ?? [];
  t.true(lines.length > 3);
  for (const line of lines) {
    t.notRegex(
      line,
      /&&|\\$|#|'/,
      'PowerShell 5 knows no &&, cmd.exe no comment and no single quote, both no \\ at the end',
    );
    t.notRegex(line.replaceAll(/"[^"]*"/g, ''), /,/, 'of a comma PowerShell makes two words');
  }
});

test('every step of KB947031 has a check', (t) => {
  const taken = new Set(checks.flatMap(({ situations }) => situations));
  const open = KB947031.flatMap(({ steps }) => steps).filter(({ id }) => !taken.has(id));
  t.deepEqual(
    open.map(({ id }) => id),
    [],
  );
});

test('every check has a line in the profiles, and every profile is sound', async (t) => {
  const profiles = (await filesOf('profiles/*.yaml')).map((file) => path.basename(file, '.yaml'));
  const entries = await Promise.all(
    profiles.map(async (name) => (await loadProfile(name, { checks, builtIns })).entries),
  );
  const named = new Set(entries.flat().map(({ check }) => check.id));
  t.deepEqual(
    checks.map(({ id }) => id).filter((id) => !named.has(id)),
    [],
    'checks that no profile in profiles/ expects anything of',
  );
});

test('every built-in profile has a Japanese title', async (t) => {
  for (const file of await filesOf('profiles/*.yaml')) {
    const { title } = await loadProfile(path.basename(file, '.yaml'), { checks, builtIns });
    t.not(titleIn(title, 'ja'), title, `of ${file}, in engine/cli/profile-titles.ts`);
    t.is(titleIn(title, 'en'), title);
  }
  t.is(titleIn('Our servers', 'ja'), 'Our servers');
});

test('a new check is written as the linter wants it, with its test and its line in the list', async (t) => {
  const copy = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-new-check-'));
  try {
    for (const part of ['ci/new-check.ts', 'checks/index.ts', 'biome.json', 'package.json', '.gitignore'])
      await cp(path.join(root, part), path.join(copy, part));
    await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'dir');
    const written = ['checks/rras/brand-new.ts', 'test/checks/rras/brand-new.test.ts', 'checks/index.ts'];
    const made = spawnSync(process.execPath, ['ci/new-check.ts', 'rras/brand-new'], { cwd: copy, encoding: 'utf8' });
    t.is(made.status, 0, made.stderr);
    t.regex(await readFile(path.join(copy, 'checks/index.ts'), 'utf8'), /\n {2}rrasBrandNew,\n\];/);
    const biome = path.join(root, 'node_modules/.bin/biome');
    const linted = spawnSync(biome, ['check', ...written], { cwd: copy, encoding: 'utf8' });
    t.is(linted.status, 0, linted.stdout + linted.stderr);
    const fact = spawnSync(process.execPath, ['ci/new-check.ts', 'facts/brand-new'], { cwd: copy, encoding: 'utf8' });
    t.is(fact.status, 2);
    t.regex(fact.stderr, /holds facts/);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

test('facts have ids of their own', (t) => {
  const ids = [...factsOf(checks)].map(({ id }) => id);
  t.is(new Set(ids).size, ids.length);
});

test('every schema of ours is one: nothing looks at that again when they are used', (t) => {
  const ajv = new Ajv2020({ strict: false });
  for (const schema of [
    profileSchema(checks),
    waiverFileSchema(checks),
    inventorySchema,
    settingsSchema,
    manifestSchema,
  ])
    t.true(ajv.validateSchema(schema), ajv.errorsText());
});

test('no source file is longer than 200 lines', async (t) => {
  const sources = await filesOf('{checks,engine,reporters,ci}/**/*.{ts,mjs}');
  const long = await Promise.all(
    sources.map(
      async (file) => [file, (await readFile(path.join(root, file), 'utf8')).split('\n').length - 1] as const,
    ),
  );
  t.deepEqual(
    long.filter(([, lines]) => lines > 200),
    [],
  );
});

test('every room has a README of one screen', async (t) => {
  for (const room of [
    'checks',
    'engine',
    'engine/fleet',
    'engine/transports',
    'profiles',
    'reporters',
    'test',
    'test/evidence',
    'test/windows',
    'ci',
    'ci/bench',
  ])
    t.true(existsSync(path.join(root, room, 'README.md')), room);
  for (const room of ['engine', 'profiles', 'reporters', 'test', 'ci']) {
    const lines = (await readFile(path.join(root, room, 'README.md'), 'utf8')).split('\n').length;
    t.true(lines <= 60, `${room}: ${lines} lines`);
  }
});

test('the benches say what there is, when they are asked and when something else was meant, and measure nothing', async (t) => {
  const bench = (word: string) =>
    spawnSync(process.execPath, ['ci/bench/run.ts', word], { cwd: root, encoding: 'utf8', timeout: 60_000 });
  const [help, unknown] = [bench('--help'), bench('--nope')];
  t.deepEqual([help.status, unknown.status, unknown.stdout], [0, 2, ''], help.stderr);
  const told = await readFile(path.join(root, 'ci/bench/README.md'), 'utf8');
  const names = [...told.matchAll(/^## (\w+)/gm)].map(([, name]) => name);
  t.deepEqual([...help.stdout.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).sort(), names.sort());
});

test('all questions to a healthy server fit into one line of cmd.exe, so that they travel in one exchange', async (t) => {
  for (const version of ['2008', '2022', '2025'] as const) {
    const transport = transportTo(healthy({ windows: version }), { recordedAt: observedAt });
    await gather({ server: transport }, factsOf(checks), {
      signal: new AbortController().signal,
      keep: async () => {},
    });
    const [first = [], ...more] = transport.exchanges();
    t.deepEqual(more, []);
    t.is(encode(first, newNonce()).taken, first.length, version);
  }
});

test('the rights that the README tells an administrator to grant are for every service that is asked', async (t) => {
  const asked = (await questionsOf(factsOf(checks))).flatMap(
    ({ command }) => /^sc\.exe \w+ (\w+)/.exec(command)?.[1] ?? [],
  );
  const readme = await readFile(path.join(root, 'engine/transports/README.md'), 'utf8');
  const [, granted = ''] = /`CCLCSWLOCRRC`, for each of ([\s\S]*?) \(belief\)/.exec(readme) ?? [];
  t.deepEqual(
    granted
      .match(/\w+/g)
      ?.filter((word) => word !== 'and')
      .sort(),
    [...new Set(asked)].sort(),
  );
});

const isFact = (it: unknown): it is Fact<unknown> =>
  typeof it === 'object' && it !== null && 'vantage' in it && 'ask' in it;

test('what any fact may ask of a server is among the questions that are listed, also where only a view from outside needs it', async (t) => {
  const modules = await Promise.all((await filesOf('checks/facts/*.ts')).map((file) => import(path.join(root, file))));
  const facts = modules.flatMap((module) => Object.values(module)).filter(isFact);
  const listed = (await questionsOf(factsOf(checks))).map(({ command }) => command);
  const asked = (await questionsOf(facts)).map(({ command }) => command);
  t.true(facts.length > factsOf(checks).size, 'some facts are needed by others only');
  t.deepEqual(
    asked.filter((command) => !listed.includes(command)),
    [],
  );
});
