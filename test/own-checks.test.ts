/** The user's own checks, as README.md shows them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { run } from './command.ts';

const root = path.join(import.meta.dirname, '..');
const [, SHOWN = ''] =
  /```ts\n(\/\/ our-checks.*?)```/s.exec(await readFile(path.join(root, 'README.md'), 'utf8')) ?? [];
const ID = 'company/windows-build';
const PROFILE = `profile: ours
version: 1.0.0
title: Ours
checks:
  ${ID}: { minimum: 17763 }
`;
const OF_2022 = 'evidence:test/evidence/vpn-london-01';
const OF_2008 = 'evidence:test/evidence/vpn-legacy-01';

/** Modules, by their place in a folder of checks, beside a profile that names the check of README.md. */
const folderOf = async (modules: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-own-'));
  const checks = path.join(folder, '自社のチェック');
  const profile = path.join(folder, 'ours.yaml');
  await mkdir(checks);
  await writeFile(profile, PROFILE);
  for (const [name, text] of Object.entries(modules)) {
    await mkdir(path.dirname(path.join(checks, name)), { recursive: true });
    await writeFile(path.join(checks, name), text);
  }
  return { folder, checks, profile };
};

const sha256 = (...texts: readonly string[]): string => createHash('sha256').update(texts.join('')).digest('hex');

/** Judges recordings by what a folder has, as JSON. */
const judge = ({ checks, profile }: Readonly<{ checks: string; profile: string }>, ...more: readonly string[]) =>
  run('judge', ...more, '-p', profile, '--checks', checks, '-r', 'json');

/** As a module of JavaScript. */
const PLAIN = SHOWN.replace('defineFact<number>', 'defineFact');

test('the check of README.md judges servers, and the report says of which modules it came', async (t) => {
  const own = await folderOf({ 'company/windows-build.ts': SHOWN });
  const { code, stdout, stderr } = await judge(own, OF_2022, OF_2008);
  t.is(code, 1, stderr);
  const report = JSON.parse(stdout);
  const told = report.results.map((it: Record<string, unknown>) => [it['target'], it['check'], it['status']]);
  t.deepEqual(told, [
    ['vpn-london-01', ID, 'pass'],
    ['vpn-legacy-01', ID, 'fail'],
  ]);
  t.is(report.results[1].findings[0].message, 'the build is 6002');
  t.like(report.checks, { 0: { id: ID, why: 'Nobody mends what is found in older versions.' }, length: 1 });
  const file = path.join(own.checks, 'company/windows-build.ts');
  t.deepEqual(report.checkFiles, [{ file, sha256: sha256(SHOWN) }]);
  t.is(report.profile.sha256, sha256(PROFILE, SHOWN));
});

test('what a check imports may lie beside it, in JavaScript, and tests and types are passed over', async (t) => {
  const [fact = '', check = ''] = PLAIN.split('\nexport default ');
  const { checks, profile } = await folderOf({
    'check.mjs': `import { defineCheck, fail, pass } from 'sstp-audit';\nimport { build } from './facts/build.js';\nexport default ${check}`,
    'facts/build.js': `${fact.replace('const build', 'export const build')}\n`,
    'check.test.js': 'throw new Error("a test is no check");',
    'check.d.ts': 'export default nothing;',
    'node_modules/other/index.js': 'throw new Error("what is installed is no check");',
    'notes.txt': 'nothing',
  });
  const { stdout, stderr } = await run('judge', OF_2022, '-p', profile, '--checks', checks, '--lang', 'ja');
  t.regex(stdout, /独自のチェック .*check\.mjs\n.*独自のチェック .*facts\/build\.js\n/, stderr);
  t.regex(stdout, /合格 +高 +company\/windows-build/);
});

test('every command that knows checks knows those, too', async (t) => {
  const { checks, profile } = await folderOf({ 'a.ts': SHOWN });
  t.regex((await run('explain', ID, '--checks', checks)).stdout, /^company\/windows-build: The server runs/);
  t.regex((await run('questions', '--checks', checks)).stdout, /company\/build/);
  t.regex((await run('profile', 'schema', '--checks', checks)).stdout, /the oldest build that is allowed/);
  t.is((await run('profile', 'check', profile, '--checks', checks)).code, 0);
  const without = await run('profile', 'check', profile);
  t.is(without.code, 2);
  t.regex(without.stderr, /checks\.company\/windows-build is not known here/);
});

test('a run goes on with the checks that it began with, and with no others', async (t) => {
  if (!existsSync('/dev/full')) return void t.pass('there is no device that is always full');
  const { folder, checks, profile } = await folderOf({ 'a.ts': SHOWN });
  await symlink('/dev/full', path.join(folder, 'full'));
  const store = ['--store', path.join(folder, 's.db')];
  const begun = await run('run', OF_2022, '-p', profile, '--checks', checks, ...store, '-r', `json:${folder}/full`);
  t.regex(begun.stderr, /run 1 is not finished/);
  const file = path.join(checks, 'a.ts');
  await writeFile(file, SHOWN.replace('build < minimum', 'build < 1'));
  const changed = await run('run', '--resume', ...store);
  t.is(changed.code, 2);
  t.regex(changed.stderr, /the profile .*ours\.yaml is not what run 1 began with/);
  const other = await run('run', '--resume', '--checks', checks, ...store);
  t.regex(other.stderr, /--checks cannot change in a run that goes on/);
  await writeFile(file, SHOWN);
  const { code, stdout, stderr } = await run('run', '--resume', ...store, '-r', 'json');
  t.is(code, 0, stderr);
  t.like(JSON.parse(stdout), { results: { 0: { check: ID, status: 'pass' } }, checkFiles: { 0: { file } } });
});

const WRONG: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  'no check at all': ['export const nothing = 1;', /no module in .* exports a check as its default/],
  'a package that is not there': ["import 'nowhere';", /a\.ts cannot be loaded: Error: Cannot find package 'nowhere'/],
  'no TypeScript': ['\nexport default a b;', /a\.ts cannot be loaded: SyntaxError: .* \(line 2\)/],
  'an error': ['throw new Error("\\u001b[31mred");', /a\.ts cannot be loaded: Error: [^\u001b]*red \(line 1\)/],
  'an id of another form': [
    SHOWN.replace(`'${ID}'`, "'Windows'"),
    /a\.ts: id must look like company\/banner, not "Windows"/,
  ],
  'no remedy': [SHOWN.replace(/fix: .*/, 'fix: [],'), /a\.ts: fix must/],
  'a getter that throws': [
    SHOWN.replace(/why: .*/, "get why() { throw new Error('lost'); },"),
    /a\.ts cannot be loaded: Error: lost/,
  ],
  'an error without words': [
    'throw Object.create(null);',
    /a\.ts cannot be loaded: something that cannot be told was thrown/,
  ],
  'a wait without end': [
    'await new Promise(() => {});',
    /a\.ts cannot be loaded: Error: it waits for what never comes/,
  ],
  'a right of two lines': [
    SHOWN.replace(/right: .*/, "right: 'none\\ndel x',"),
    /a\.ts: needs\/build\/right must look like read HKLM \(any user\), not "none\\ndel x"/,
  ],
  'a list of nothing': [SHOWN.replace("type: 'integer'", "type: 'array'"), /a\.ts: expects\/minimum lacks items/],
  'a bound that there is not': [
    SHOWN.replace("type: 'integer'", "type: 'integer', minium: 1"),
    /a\.ts: expects\/minimum\/minium is not known here \(did you mean minimum\?\)/,
  ],
  'a bound that is none': [
    SHOWN.replace("type: 'integer'", "type: 'integer', minimum: 'x'"),
    /a\.ts: expects\/minimum: minimum value must be/,
  ],
  'no right': [SHOWN.replace(/right: .*/, ''), /a\.ts: needs\/build lacks right/],
  'a question that changes, which only some answers lead to': [
    SHOWN.replace('async ask(', "mayAsk: ['reg.exe query HKLM', 'reg.exe delete HKLM'],\n  async ask("),
    /a\.ts: needs\/build\/mayAsk: only questions that read are sent/,
  ],
  'no judge': [SHOWN.replace(/ {2}judge: .*/, ''), /a\.ts: the check lacks judge/],
  'a fact that asks nothing': [SHOWN.replace('async ask(', 'async tell('), /a\.ts: needs\/build lacks ask/],
  'an id of ours': [SHOWN.replace(`'${ID}'`, "'service/running'"), /a\.ts: there is a check service\/running already/],
};

for (const [name, [text, says]] of Object.entries(WRONG))
  test(`a mistake is told by its file: ${name}`, async (t) => {
    const { checks } = await folderOf({ 'a.ts': text });
    const { code, stderr } = await run('explain', '--checks', checks);
    t.is(code, 2);
    t.regex(stderr, says);
    t.regex(stderr, /\nsstp-audit: hint: README\.md has an example/);
  });

test('two checks of one id are a mistake', async (t) => {
  const { checks } = await folderOf({ 'a.ts': SHOWN, 'b.ts': SHOWN });
  const { code, stderr } = await run('explain', '--checks', checks);
  t.is(code, 2);
  t.regex(stderr, /b\.ts: there is a check company\/windows-build already/);
});

const UNSOUND: Readonly<Record<string, readonly [from: RegExp, to: string, says: RegExp]>> = {
  'a verdict that there is not': [/\(build < .*/, "{ verdict: 'ok', message: 'all is well' }],", /finding 1 is none/],
  'findings that come later': [/judge: \(/, 'judge: async (', /judge gives no list of findings/],
  'no finding': [/\[\(build < .*/, '[],', /found nothing to say/],
  'a finding that is none': [/judge: \(.*/, 'judge: () => [undefined],', /finding 1 is none/],
  'an error without words': [/judge: .*/, 'judge() { throw Object.create(null); },', /something that cannot be told/],
  'a fact that throws no error': [
    /if \(!digits\).*/,
    'throw Object.create(null);',
    /company\/build: something that cannot/,
  ],
  'a value that is no text': [/`the build is .*/, "'x', { actual: 5 })],", /finding 1 is none/],
  'a judge that throws': [/judge: .*/, "judge() { throw new Error('lost'); },", /lost/],
  'a reason that there is not': [/if \(!digits\).*/, "throw new Unknown('busy', 'now');", /Unknown: now/],
  'a question that changes': [/`reg\.exe query/, '`reg.exe delete', /only questions that read are sent/],
};

for (const [name, [from, to, says]] of Object.entries(UNSOUND))
  test(`what goes wrong in a check is never a pass: ${name}`, async (t) => {
    const own = await folderOf({ 'a.js': PLAIN.replace(from, to) });
    const { code, stdout, stderr } = await judge(own, OF_2022);
    t.is(code, 3, stderr);
    t.like(JSON.parse(stdout).results[0], { status: 'unknown', reason: 'bug' });
    t.regex(JSON.parse(stdout).results[0].detail, says);
  });

test('what goes wrong unheard keeps a run from passing', async (t) => {
  const lost = "async ask($) {\n    Promise.reject(new Error('nobody waits'));";
  const own = await folderOf({ 'a.js': PLAIN.replace('async ask($) {', lost) });
  const { code, stdout, stderr } = await judge(own, OF_2022);
  t.like(JSON.parse(stdout).results[0], { status: 'pass' });
  t.is(code, 3);
  t.regex(stderr, /nobody waits/);
  t.regex(stderr, /\nsstp-audit: exit code 3: what is told above went wrong\n$/);
});

for (const [where, text] of [
  ['when it is loaded', 'process.exit(0);'],
  ['when it judges', PLAIN.replace(/judge: .*/, 'judge: () => process.exit(1),')],
] as const)
  test(`a check that ends the program gives no verdict: ${where}`, async (t) => {
    const { code, stdout, stderr } = await judge(await folderOf({ 'a.js': text }), OF_2022);
    t.is(code, 3);
    t.is(stdout, '');
    t.is(stderr, 'sstp-audit: exit code 3: a check of your own ended the program\n');
  });

test('of findings, reports get what they have a place for, as it was when it was judged', async (t) => {
  const shifty = "get verdict() { return this.again ? 'pass' : (this.again = 'fail'); }";
  const own = await folderOf({
    'a.js': PLAIN.replace(/judge: .*/, `judge: () => [{ message: 'odd', more: 10n, ${shifty} }],`),
  });
  const { code, stdout, stderr } = await judge(own, OF_2022);
  t.is(code, 1, stderr);
  t.deepEqual(JSON.parse(stdout).results[0].findings, [{ verdict: 'fail', message: 'odd' }]);
});

test('the words of own checks are neutralised as those of servers are', async (t) => {
  const own = await folderOf({ 'a.js': PLAIN.replace(/why: .*/, "why: 'red: \\u001b[31m\\n::error::',") });
  const args = ['-p', own.profile, '--checks', own.checks, '-r', 'junit'];
  const { stdout } = await run('judge', OF_2008, ...args);
  t.regex(stdout, /^why: red: {2}\[31m ::error::$/m);
  t.regex((await run('explain', ID, '--checks', own.checks)).stdout, /^ {2}red: {2}\[31m ::error::$/m);
});

test('own checks may ask by a program for which the operator answers, and by no other', async (t) => {
  const own = await folderOf({ 'a.ts': SHOWN.replace(/`reg\.exe query .*`/, '`ipconfig.exe /all`') });
  const first = async (...more: readonly string[]) =>
    JSON.parse((await judge(own, OF_2022, ...more)).stdout).results[0];
  t.like(await first(), { reason: 'bug' });
  t.like(await first('--allow-program', 'hostname.exe'), { reason: 'bug' });
  t.like(await first('--allow-program', 'IPCONFIG.exe'), { status: 'unknown', reason: 'not-recorded' });
  const ours = ['-p', own.profile, '--checks', own.checks, '--allow-program', 'ipconfig.exe'];
  const compared = await run('diff', OF_2022, OF_2022, ...ours);
  t.is(compared.code, 0, compared.stderr);
  const questions = await run('questions', '--checks', own.checks, '--allow-program', 'ipconfig.exe');
  t.regex(questions.stdout, /^ipconfig\.exe \/all\n +for company\/build/m);
});

for (const [args, says] of [
  [['--allow-program', 'ipconfig.exe'], /--allow-program ipconfig\.exe is for own checks/],
  [['--allow-program', 'C:\\tools\\x.exe'], /write the name of a program/],
] as const)
  test(`a mistake: ${args.join(' ')}`, async (t) => {
    const { code, stderr } = await run('judge', OF_2022, ...args);
    t.is(code, 2);
    t.regex(stderr, says);
  });
