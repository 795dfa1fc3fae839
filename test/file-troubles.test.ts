/** Files that are not there, not what was meant, or not for this user: each is one clear line, never words of the system. */
import { execFile, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { asking } from './command.ts';
import { yearOf } from './engine/fleet/histories.ts';
import { MAIN } from './program.ts';

const ROOT = path.join(import.meta.dirname, '..');
/** Root may do everything: then somebody else runs the program. */
const AS_NOBODY =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.execPath] : [];
const [program = process.execPath, ...before] = AS_NOBODY;
const canRun = spawnSync(program, [...before, MAIN, '--version']).status === 0;

const NAMES = ['--input', 'publicNames=vpn.example.com'];
const WAIVE = ['--target', 'x', '--subject', 'y', '--until', '2099-01-01', '--because', 'z', '--approved-by', 'me'];

let folder: string;
test.before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-troubles-'));
  const at = (name: string): string => path.join(folder, name);
  await chmod(folder, 0o755);
  for (const name of ['folder', 'shut', 'tampered', 'closed']) await mkdir(at(name));
  for (const name of ['plain', 'locked']) await writeFile(at(name), 'some text\n');
  await writeFile(at('empty'), '');
  // Windows has none, and there nothing is tested here.
  await promisify(execFile)('mkfifo', [at('pipe')]).catch(() => {});
  await writeFile(at('binary'), Buffer.from([0xff, 0x00, 0x80]));
  for (const name of ['evidence', 'tampered', 'closed'])
    await cp(path.join(ROOT, 'test/evidence/vpn-london-01'), at(name), { recursive: true });
  await writeFile(at('tampered/001.out'), 'x');
  await writeFile(at('tampered/notes.txt'), 'x');
  for (const name of ['locked', 'shut', 'closed/002.out']) await chmod(at(name), 0);
  await keepStores(at);
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };
  run = asking({ program: [program, ...before], cwd: folder, env });
});
test.after.always(async () => {
  for (const name of ['kept', 'killed', 'other']) await chmod(path.join(folder, name), 0o755);
  await rm(folder, { recursive: true, force: true });
});

/** Stores in folders in which nobody may write: as a run left them, as a killed one did, and of another version. */
const keepStores = async (at: (name: string) => string): Promise<void> => {
  const { store } = await yearOf();
  await store.close();
  for (const name of ['kept', 'killed', 'other']) {
    await mkdir(at(name));
    await cp(store.file, at(`${name}/s.db`));
  }
  await writeFile(at('killed/s.db-wal'), Buffer.alloc(32));
  const other = new DatabaseSync(at('other/s.db'));
  other.exec('delete from migration where number = 4; alter table run_target drop column spelled');
  other.close();
  for (const name of ['kept/s.db', 'killed/s.db', 'killed/s.db-wal', 'other/s.db']) await chmod(at(name), 0o444);
  for (const name of ['kept', 'killed', 'other']) await chmod(at(name), 0o555);
};

let run: ReturnType<typeof asking>;

const possible = (body: (t: ExecutionContext) => Promise<void>) => async (t: ExecutionContext) => {
  if (process.platform !== 'win32' && canRun) return body(t);
  t.log('NOT TESTED: nobody else can run the program here');
  t.pass();
};

const JUDGE = ['judge', 'evidence', ...NAMES];
const WINRM = ['run', 'winrm://u@127.0.0.1:1', ...NAMES];
const CASES: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [[...JUDGE, '--baseline', 'none'], /none cannot be read: there is no such file or folder/],
  [[...JUDGE, '--baseline', 'folder'], /folder cannot be read: it is (?:a folder|not a file)/],
  [[...JUDGE, '-p', './locked'], /locked cannot be read: access is denied/],
  [[...JUDGE, '--waivers', 'shut/x'], /shut\/x cannot be read: access is denied/],
  [[...JUDGE, '-r', 'json:shut/x'], /shut\/x cannot be written: access is denied/],
  [[...JUDGE, '-r', 'html:plain/x'], /plain\/x cannot be written: .*no folder/],
  [['run', 'evidence:evidence', ...NAMES, '--evidence', 'shut/x'], /shut\/x cannot be written: access is denied/],
  [['run', 'evidence:evidence', ...NAMES, '--evidence', 'plain'], /plain cannot be written: .*no folder/],
  [['run', 'evidence:evidence', ...NAMES, '--store', 'shut/s.db'], /shut\/s\.db cannot be .*: access is denied/],
  [['run', 'evidence:evidence', ...NAMES, '--store', 'pipe'], /pipe cannot be opened as a store: it is a pipe/],
  [['run', '-i', 'binary', ...NAMES], /binary cannot be read: it is not UTF-8 text/],
  [['run', 'ssh://vpn01', ...NAMES, '--ssh-config', 'none'], /none cannot be read: there is no such file/],
  [[...WINRM, '--ca', 'folder'], /folder cannot be read: it is a folder/],
  [[...WINRM, '--client-certificate', 'none'], /none cannot be read: there is no such file/],
  [[...WINRM, '--password-from', 'file:shut/x'], /shut\/x cannot be read: access is denied/],
  [['judge', 'none', ...NAMES], /none cannot be read: there is no such file or folder/],
  [['judge', 'plain', ...NAMES], /plain cannot be read: it is no folder/],
  [['judge', 'shut', ...NAMES], /shut cannot be read: access is denied/],
  [['diff', 'none', 'evidence'], /none cannot be read: there is no such file or folder/],
  [['import', 'none', 'plain', '--evidence', 'out'], /none cannot be read: there is no such file/],
  [['import', 'empty', 'plain', '--evidence', 'out'], /empty is empty/],
  [['collector', '-o', 'shut/x'], /shut\/x cannot be written: access is denied/],
  [
    ['waive', 'tls/protocols', ...WAIVE, '--file', 'plain/x'],
    /plain\/x cannot be written: a part of its path is no folder/,
  ],
  [['history', 'runs', '--store', 'shut/s.db'], /shut\/s\.db cannot be read: access is denied/],
  [['history', 'runs', '--store', 'binary'], /binary cannot be opened as a store: /],
  [
    ['history', 'prune', '--older-than', '9d', '--store', 'kept/s.db'],
    /kept\/s\.db cannot be opened as a store: access/,
  ],
  [
    ['history', 'runs', '--store', 'killed/s.db'],
    /killed\/s\.db is read-only: .*killed, left s\.db-wal beside it\n.*copy it/,
  ],
  [['history', 'runs', '--store', 'other/s.db'], /other\/s\.db is read-only: it has the form of another version/],
  [['probe', '127.0.0.1:1', '--roots', 'folder'], /folder cannot be read: it is a folder/],
];

for (const [args, says] of CASES)
  test(
    `${args.join(' ')}: one line says what and where, another what to do`,
    possible(async (t) => {
      const { code, stdout, stderr } = await run(...args);
      t.is(code, 2, stderr);
      t.is(stdout, '');
      t.regex(stderr, says);
      t.regex(stderr, /^sstp-audit: [^\n]+\nsstp-audit: hint: [^\n]+\n$/);
      t.notRegex(stderr, /\bE[A-Z]{4,}\b|defect|syscall/);
    }),
  );

test(
  'a folder that was deleted under the program is no defect of it',
  possible(async (t) => {
    const gone = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-gone-'));
    await chmod(gone, 0o777);
    const words = [program, ...before, MAIN, 'judge', 'x'].map((word) => `'${word}'`).join(' ');
    const { status, stderr } = spawnSync('sh', ['-c', `rmdir '${gone}'; exec ${words}`], {
      cwd: gone,
      encoding: 'utf8',
    });
    t.is(status, 2, stderr);
    t.regex(stderr, /^sstp-audit: the folder that this runs in is not there any more\nsstp-audit: hint: /);
  }),
);

test(
  'of evidence that was changed every result says which file, that it proves nothing, and what to do',
  possible(async (t) => {
    const { code, stdout } = await run('judge', 'tampered', ...NAMES, '-r', 'json');
    t.is(code, 3);
    const { results } = JSON.parse(stdout);
    for (const { status, detail } of results) {
      t.is(status, 'unknown');
      t.regex(detail, /not as it was sealed: 001\.out is not what SHA256SUMS says; notes\.txt is not in SHA256SUMS\./);
      t.regex(detail, /It proves nothing any more, .*untouched copy, or gather anew/);
    }
  }),
);

test(
  'evidence that this user may not read is not called changed',
  possible(async (t) => {
    const { code, stdout } = await run('judge', 'closed', ...NAMES, '-r', 'json');
    t.is(code, 3);
    for (const { status, detail } of JSON.parse(stdout).results) {
      t.is(status, 'unknown');
      t.regex(detail, /the evidence cannot be read: 002\.out: access is denied/);
    }
  }),
);

test(
  'a store in a folder in which nothing may be written answers every question, and is left as it was',
  possible(async (t) => {
    const before = await readFile(path.join(folder, 'kept/s.db'));
    for (const args of [
      ['history', 'runs'],
      ['history', 'failing'],
      ['history', 'server', 'vpn01'],
      ['diff', 'run:1', 'run:latest'],
    ]) {
      const { code, stdout, stderr } = await run(...args, '--store', 'kept/s.db');
      t.is(code, args[0] === 'diff' ? 1 : 0, stderr);
      t.regex(stdout, /vpn|runs: 5|rows: 4/);
    }
    t.deepEqual(await readdir(path.join(folder, 'kept')), ['s.db']);
    t.deepEqual(await readFile(path.join(folder, 'kept/s.db')), before);
  }),
);
