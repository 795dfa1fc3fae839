/** A day of an operator on which little goes well. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { isUnread } from '../engine/cli/terminal.ts';
import { ask } from './command.ts';
import { MAIN } from './program.ts';

const NAMES = ['--input', 'publicNames=vpn.example.com'];
/** Nothing listens there. */
const REFUSED = 'ssh://admin@127.0.0.1:9';
/** Of util-linux: runs a command in a terminal of its own. */
const TERMINAL = 'script';
const timesIn = (text: string, part: string): number => text.split(part).length - 1;

let folder = '';
test.before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-operator-'));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

const written = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
};

test('a server that refuses is told once, with what to do, and not question by question', async (t) => {
  const { code, stdout } = await ask('run', REFUSED, ...NAMES);
  t.is(code, 3);
  t.regex(stdout, / {2}not reached\n {2}reason {2}refused: ssh: .*Connection refused\n {2}advice /);
  t.is(timesIn(stdout, 'Connection refused'), 1);
  t.notRegex(stdout, /reg\.exe/);
});

test('a server that refuses, and is seen from outside, is told once, with what was seen', async (t) => {
  const { stdout } = await ask('run', REFUSED, '--probe', '127.0.0.1:9', ...NAMES);
  t.regex(stdout, / {2}not reached\n {2}reason {2}refused: ssh: .*Connection refused\n {2}advice /);
  t.is(timesIn(stdout, 'reason  refused: ssh: '), 1);
  t.is(timesIn(stdout, 'Connection refused'), 2, 'and in the words of the one check that needs both views');
  t.regex(
    stdout,
    / {2}reach\/sstp\n(?:.*\n)? {4}reason {2}refused: TCP to 127\.0\.0\.1:9 failed/,
    'as seen from outside',
  );
  t.regex(stdout, /n002 {2}probe handshake 127\.0\.0\.1:9/, 'what was seen is named');
  t.notRegex(stdout, /reg\.exe/, 'what could not be asked is not');
});

test('what a folder of evidence says where it is quoted as a mistake moves no cursor, and commands no CI system', async (t) => {
  const hostile = '\u001b]0;x\u0007\u001b[2J\n::error::x';
  const foreign = path.join(folder, 'foreign');
  await cp('test/evidence/vpn-london-01', foreign, { recursive: true });
  await writeFile(path.join(foreign, 'manifest.json'), hostile);
  for (const args of [['judge', foreign], ['run', `x${hostile}##[error]`], [`x${hostile}`]]) {
    const { code, stderr } = await ask(...args, ...NAMES);
    t.is(code, 2, stderr);
    t.notRegex(stderr, /[^\n\P{Cc}]|^\s*::|##/mu);
    t.regex(stderr, /\nsstp-audit: hint: [^\n]+\n$/);
  }
});

for (const [args, says] of [
  [['judge', 'x', '--onyl', 'y'], /^sstp-audit: unknown option '--onyl' \(did you mean --only\?\)\n/],
  [['judge'], /\nsstp-audit: hint: sstp-audit judge --help lists what there is\n$/],
  [['profile', 'chek'], /'chek' \(did you mean check\?\)\nsstp-audit: hint: sstp-audit profile --help /],
  [['run', 'x', '--timeout', '2500000'], /argument '2500000' is invalid. it must be 86400 at most, which is a day\./],
  [['history', 'certificates', '--within', '99999999'], /it must be 36525 at most, which is a century\./],
  [['probe', ''], /^sstp-audit: argument 2 is empty\n.*if it is a variable, set it/],
  [['history', 'failing', '--store', ''], /^sstp-audit: argument 4, behind --store, is empty\n/],
  [['judge', 'evidence:'], /^sstp-audit: evidence: names no folder\n/],
  [['run', 'evidence:'], /^sstp-audit: evidence: names no folder\n/],
  [['profile', 'check', '.'], /^sstp-audit: \S+ is not a file\n/],
  [['history', 'failing', '--foo'], /\nsstp-audit: hint: sstp-audit history failing --help /],
] as const)
  test(`a slip in "${args.join(' ')}" is told like every mistake, with the help that lists what was meant`, async (t) => {
    const { code, stdout, stderr } = await ask(...args);
    t.deepEqual([code, stdout], [2, '']);
    t.regex(stderr, says);
  });

test('help that was asked for is no mistake, fits 80 columns, and shows no default that says nothing', async (t) => {
  t.is((await ask('help')).code, 0);
  t.is((await ask()).code, 2);
  for (const command of [[], ['run'], ['history']]) {
    const { stdout } = await ask(...command, '--help');
    const [help = ''] = stdout.split('\nExample');
    t.deepEqual(
      help.split('\n').filter((line) => line.length > 80),
      [],
    );
    t.notRegex(help, /default: (?:false|\[\]|\{\})/);
  }
});

test('a topic of two words needs no quotes', async (t) => {
  const [plain, quoted] = [await ask('explain', 'event', '18'), await ask('explain', 'event 18')];
  t.regex(plain.stdout, /RasSstp event 18: /);
  t.deepEqual(plain, quoted);
});

test('doctor tells which port refused, and what will be unknown, in lines that fit', async (t) => {
  const { stdout } = await ask('doctor', REFUSED, '--lang', 'ja');
  t.regex(stdout, /\n {2}失敗 {2}TCP 接続: port 9\n {6}接続拒否: ssh: /);
  const [, ids = ''] = stdout.split('次のチェックは「不明」になります:\n');
  t.regex(ids, /^ {2}service\/running, /);
  t.true(ids.split('\n').every((line) => line.length <= 100));
});

test('at a terminal the exit code is told once, by the report; a pipe has it on standard error, too', async (t) => {
  const judge = ['judge', 'test/evidence/vpn-london-01', ...NAMES];
  t.regex((await ask(...judge)).stderr, /^sstp-audit: exit code 0: nothing failed$/m);
  const words = [process.execPath, MAIN, ...judge].map((word) => `'${word}'`).join(' ');
  const terminal = spawnSync(TERMINAL, ['-qec', `NO_COLOR=1 ${words}`, path.join(folder, 'typescript')], {
    cwd: path.join(import.meta.dirname, '..'),
    encoding: 'utf8',
    input: '',
  });
  if (terminal.error) {
    t.log('NOT TESTED: script of util-linux is missing');
    if (process.env['CI'] === 'true') t.fail();
    return;
  }
  t.is(timesIn(terminal.stdout, 'exit code 0'), 1, terminal.stdout);
});

for (const args of [['run', '-r', 'cli', 'json:closed.json'], ['probe']])
  test(`${args[0]}: a terminal that is closed ends it with 129, after what is known has been written`, async (t) => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const words = [process.execPath, MAIN, args[0], `probe://127.0.0.1:${port}`, ...args.slice(1)];
    // As a shell does, it tells its jobs that the terminal is gone; it outlives them, to keep the exit code.
    const told = path.join(folder, `code-${args[0]}`);
    const job = `${words.map((word) => `'${word}'`).join(' ')} & job=$!; trap "kill -HUP $job" HUP`;
    const shell = `${job}; wait $job || wait $job; echo $? > '${told}'`;
    const terminal = spawn(TERMINAL, ['-qec', shell, '/dev/null'], { cwd: folder, stdio: 'ignore' });
    const first = await Promise.race([
      once(terminal, 'error').then(() => 'missing'),
      once(terminal, 'exit').then(() => 'ended'),
      once(silent, 'connection').then(() => 'asked'),
    ]);
    silent.close();
    if (first === 'missing') {
      t.log('NOT TESTED: script of util-linux is missing');
      return t.not(process.env['CI'], 'true');
    }
    t.is(first, 'asked');
    terminal.kill('SIGKILL');
    const code = async (): Promise<string> => readFile(told, 'utf8').catch(() => '');
    for (let tries = 0; (await code()) === '' && tries < 200; tries++) await setTimeout(50);
    t.is(await code(), '129\n');
    if (args[0] !== 'run') return;
    const { exitCode, exitReason } = JSON.parse(await readFile(path.join(folder, 'closed.json'), 'utf8'));
    t.is(exitCode, 129);
    t.regex(exitReason, /the run was stopped by SIGHUP$/);
  });

test('a disk that fails while something is read is no terminal that was closed', (t) => {
  const failed = (syscall: string) => Object.assign(new Error('i/o error'), { code: 'EIO', syscall });
  t.false(isUnread(failed('read')));
  t.true(isUnread(Object.assign(failed('write'), { code: 'EPIPE' })));
});

test('what three thousand servers lack is told once, with some of their names unless all of them lack it', async (t) => {
  const rows = Array.from({ length: 3_000 }, (_, at) => `vpn${at},`);
  const lacking = async (hosts: readonly string[], named: string): Promise<void> => {
    const table = ['host,input.publicNames', ...hosts].join('\n');
    const { code, stderr } = await ask('run', '-i', await written('fleet.csv', table));
    t.is(code, 2);
    const [says = '', ...hint] = stderr.split('\nsstp-audit: hint: ');
    t.true(says.startsWith(`sstp-audit: ${named}the input publicNames has no value (`), says);
    t.deepEqual([says.split('\n').length, hint.length], [1, 1]);
  };
  await lacking(rows, '');
  await lacking(['good,vpn.example.com', ...rows], 'vpn0, vpn1, vpn2, vpn3, vpn4 and 2,995 more servers: ');
});

for (const name of [
  'https://vpn.example.com/',
  'vpn.example.com:443',
  'a.example.com、b.example.com',
  'svc@vpn.example.com',
  '*.example.com',
])
  test(`${name} is no name that clients dial, and not held against a certificate`, async (t) => {
    const judge = async (names: string) =>
      ask('judge', 'test/evidence/vpn-london-01', '--input', `publicNames=${names}`);
    const { code, stderr } = await judge(`vpn.example.com,${name}`);
    t.is(code, 2);
    t.true(
      stderr.startsWith(
        `sstp-audit: the input publicNames must look like vpn.example.com or 203.0.113.7, not "${name}" (names of `,
      ),
      stderr,
    );
    for (const sound of ['日本語.example.jp', '203.0.113.7', '2001:db8::7', '[2001:db8::7]'])
      t.is((await judge(sound)).code, 1, 'it is another name than that of the certificate');
  });

test('a password is wanted for servers that are asked, not for a list, nor for those that --limit leaves out', async (t) => {
  const file = await written(
    'mixed.yaml',
    'hosts: { old: { transport: winrm, user: svc }, new: { address: 127.0.0.1, port: 9 } }',
  );
  const list = await ask('inventory', 'list', file);
  t.is(list.stdout, 'old  winrm://svc@old\nnew  ssh://127.0.0.1:9\n');
  const limited = await ask('run', '-i', file, '--limit', 'new', ...NAMES);
  t.is(limited.code, 3, limited.stderr);
  const whole = await ask('run', '-i', file, ...NAMES);
  t.is(whole.code, 2);
  t.regex(whole.stderr, /^sstp-audit: SSTP_AUDIT_PASSWORD is not set\n/);
});

test('what a Japanese Excel or Notepad saved in its code page is told how to be saved', async (t) => {
  const file = await written('sjis.csv', Buffer.from('686f73740d0a93cc8b9e0d0a', 'hex'));
  for (const args of [
    ['inventory', 'list', file],
    ['profile', 'check', file],
    ['judge', 'test/evidence/vpn-london-01', ...NAMES, '--waivers', file],
  ]) {
    const { code, stderr } = await ask(...args);
    t.is(code, 2);
    t.regex(stderr, /sjis\.csv cannot be read: it is not UTF-8 text: save it as UTF-8; Excel .*\nsstp-audit: hint: /);
  }
});

test('two targets of one name are told with both addresses', async (t) => {
  const file = await written('one.txt', 'vpn1\n');
  const { stderr } = await ask('run', '-i', file, 'ssh://admin@vpn1', ...NAMES);
  t.regex(stderr, /two targets are named vpn1: ssh:\/\/admin@vpn1 and ssh:\/\/vpn1\n/);
  for (const copy of ['copies/a', 'copies/b'])
    await cp('test/evidence/vpn-london-01', path.join(folder, copy), { recursive: true });
  const judged = await ask('judge', path.join(folder, 'copies'), ...NAMES);
  t.regex(judged.stderr, /named vpn-london-01: evidence:\S+\/copies\/a and evidence:\S+\/copies\/b\n/);
});

test('an input or a view from outside that is given twice is a mistake: the first would pass unseen', async (t) => {
  const { code, stderr } = await ask('judge', 'test/evidence', ...NAMES, '--input', 'publicNames=other.example.com');
  t.is(code, 2);
  t.regex(stderr, /give publicNames once, a list as publicNames=one,other\.\nsstp-audit: hint: /);
  const twice = await ask('run', 'ssh://vpn01', '--probe', 'a.example.com', '--probe', 'b.example.com', ...NAMES);
  t.is(twice.code, 2);
  t.regex(twice.stderr, /it is a\.example\.com already: give it once\.\nsstp-audit: hint: /);
});

test('a check that is misspelt behind --only is told what was meant', async (t) => {
  const { stderr } = await ask('judge', 'test/evidence', '--only', 'certificate/name', ...NAMES);
  t.regex(stderr, /--only certificate\/name names no check \(did you mean certificate\/names\?\)/);
});

test('who reviews the questions reads of each what it needs, and not what the facts around it need', async (t) => {
  const { stdout } = await ask('questions');
  t.regex(stdout, /CurrentVersion"\n {4}for [^\n]+\n(?: {8}[^\n]+\n)* {4}needs read HKLM \(any user\)\n/);
  const wide = stdout.split('\n').filter((line) => line.startsWith(' ') && line.length > 100);
  t.deepEqual(wide, []);
});
