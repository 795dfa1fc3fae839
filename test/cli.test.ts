/** The command line as an operator meets it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type { Report } from '../engine/model.ts';
import { ask, asking, run } from './command.ts';
import { MAIN } from './program.ts';

const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-cli-'));
const LONDON = 'evidence:test/evidence/vpn-london-01';
const PARIS = 'evidence:test/evidence/vpn-paris-01';
const TOKYO = 'evidence:test/evidence/vpn-tokyo-01';
const NAMES = ['--input', 'publicNames=vpn.example.com'];

for (const [name, args, says] of [
  ['no command', [], /Usage: sstp-audit/],
  ['an unknown command', ['audit'], /unknown command 'audit'/],
  ['an unknown option', ['run', LONDON, '--insecure'], /unknown option '--insecure'/],
  ['no target', ['run'], /no target is given\nsstp-audit: hint: write ssh:/],
  ['an inventory that is not there', ['run', '-i', '/nonexistent', ...NAMES], /nonexistent cannot be read/],
  ['--limit that names nobody', ['run', LONDON, '--limit', 'vpn-lodnon-01', ...NAMES], /did you mean vpn-london-01/],
  ['a target of no kind', ['run', 'vpn01', ...NAMES], /vpn01 is not a target\nsstp-audit: hint: write ssh:\/\//],
  ['a target with a password', ['run', 'ssh://admin:secret@vpn01', ...NAMES], /holds no password/],
  ['a user of an SSH address whose escape is none', ['run', 'ssh://50%@vpn01', ...NAMES], /write % as %25/],
  [
    'a user of a WinRM address who is parted by %',
    ['run', 'winrm://CORP%admin@vpn01', ...NAMES],
    /winrm:\/\/vpn01: its user cannot be read.*\n.*\\ as %5C/,
  ],
  ['evidence that is not there', ['run', 'evidence:/nonexistent', ...NAMES], /\/nonexistent cannot be read/],
  ['a folder without evidence', ['judge', 'engine', ...NAMES], /engine holds no evidence/],
  ['the same server twice', ['run', LONDON, LONDON, ...NAMES], /two targets are named vpn-london-01/],
  ['an unknown profile', ['run', LONDON, '-p', 'nonesuch'], /nonesuch/],
  ['an input that is missing', ['run', LONDON], /publicNames/],
  ['an input of the wrong kind', ['run', LONDON, ...NAMES, '--input', 'listenerPort=many'], /listenerPort/],
  ['an input that is no assignment', ['run', LONDON, '--input', 'listenerPort'], /name=value/],
  ['an unknown reporter', ['run', LONDON, ...NAMES, '-r', 'pdf'], /pdf is not a reporter/],
  [
    'two reporters on standard output',
    ['run', LONDON, ...NAMES, '-r', 'cli', '-r', 'json'],
    /both want standard output/,
  ],
  [
    'two reporters in one file',
    ['run', LONDON, ...NAMES, '-r', 'cli:/tmp/x', '-r', 'json:/tmp/x'],
    /named by two reporters/,
  ],
  [
    'a report in an impossible place',
    ['run', LONDON, ...NAMES, '-r', 'json:/proc/nowhere/x.json'],
    /cannot be written/,
  ],
  [
    'a report in place of a folder',
    ['run', LONDON, ...NAMES, '-r', 'json:engine'],
    /engine cannot be written: it is a folder/,
  ],
  ['--only that names no check', ['run', LONDON, ...NAMES, '--only', 'nonesuch/*'], /names no check/],
  ['a severity that does not exist', ['run', LONDON, ...NAMES, '--fail-on', 'urgent'], /urgent/],
  ['a target behind -r', ['run', '-r', 'cli', LONDON, ...NAMES], /evidence:\S+ is not a reporter\n.*stands before it/],
  [
    'a folder behind -r',
    ['judge', '-r', 'cli', 'test/evidence'],
    /missing required argument[\s\S]*-r takes every word up to the next option/,
  ],
  [
    'a report behind -r',
    ['diff', 'a.json', '-r', 'cli', 'b.json'],
    /missing required argument[\s\S]*name what is missing before it/,
  ],
  ['a target behind --store', ['run', '--store', LONDON, ...NAMES], /It is a target: name targets before --store/],
  ['a topic that nobody knows', ['explain', 'certificate/nmaes'], /hint: name a check such as certificate\/names/],
] as const)
  test(`${name} is a mistake: exit code 2, said on stderr, nothing on stdout`, async (t) => {
    const { code, stdout, stderr } = await ask(...args);
    t.is(code, 2, stderr);
    t.regex(stderr, says);
    t.is(stdout, '');
    t.false(stderr.includes('secret'));
    t.false(/\n\s+at /.test(stderr), 'no stack');
  });

test('a clean server gives 0, an unknown 3, a failure 1; the reason is said', async (t) => {
  const clean = await run('run', LONDON, ...NAMES);
  t.is(clean.code, 0, clean.stdout);
  const unknown = await run('run', PARIS, ...NAMES);
  t.is(unknown.code, 3, unknown.stdout);
  t.regex(unknown.stderr, /exit code 3: \d+ results unknown, nothing failed/);
  const failed = await run('run', TOKYO, LONDON, PARIS, ...NAMES);
  t.is(failed.code, 1, failed.stdout);
});

test('a process that answers one command after another says what one says that is started for each', async (t) => {
  for (const args of [
    ['run', LONDON],
    ['diagnose', '809'],
    ['explain', '8.7'],
    ['collector'],
    ['import', 'none.out', 'none.err', '--evidence', 'none'],
    ['questions', '--json'],
    ['doctor', PARIS],
    ['profile', 'check', 'baseline'],
    ['diff', 'test/evidence/vpn-tokyo-01', 'none.json', ...NAMES],
    ['judge', 'test/evidence/vpn-tokyo-01', ...NAMES, '-r', 'csv'],
  ])
    t.deepEqual(await ask(...args), await run(...args), args.join(' '));
});

test('a folder whose gathering was killed is judged as unknown beside the others, and not left out', async (t) => {
  const folder = await scratch();
  for (const name of ['vpn-london-01', 'vpn-osaka-01'])
    await cp(`test/evidence/${name}`, path.join(folder, name), { recursive: true });
  await rm(path.join(folder, 'vpn-osaka-01', 'manifest.json'));
  await rm(path.join(folder, 'vpn-osaka-01', 'SHA256SUMS'));
  const judged = await ask('judge', folder, ...NAMES, '-r', 'json');
  t.is(judged.code, 3, judged.stderr);
  const { targets } = JSON.parse(judged.stdout);
  t.is(targets.length, 2);
  t.like(targets[1], { name: 'vpn-osaka-01', reached: false, reason: 'truncated' });
});

test('what was collected at a time that no clock has is a mistake', async (t) => {
  const files = await Promise.all([scratch(), scratch()]).then((folders) => folders.map((one) => `${one}/VPN01`));
  for (const file of files) await writeFile(file, 'answers');
  for (const at of ['2026-02-30T09:00Z', '2026-11-26', '2026-11-26T09:00', '2026-11-26T25:00Z']) {
    const { code, stderr } = await ask('import', ...files, '--evidence', 'none', '--at', at);
    t.is(code, 2);
    t.regex(stderr, /--at \S+ is no time/);
  }
});

test('two spellings of one file are one file', async (t) => {
  const folder = await scratch();
  await symlink(folder, path.join(folder, 'link'));
  const { code, stderr } = await ask('run', LONDON, ...NAMES, '-r', `cli:${folder}/x`, `json:${folder}/link/x`);
  t.is(code, 2);
  t.regex(stderr, /named by two reporters/);
});

test('no report is written over what the command rests on', async (t) => {
  const folder = await scratch();
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('servers'), `${LONDON}\n`);
  await writeFile(at('own.yaml'), 'profile: own\nversion: 1.0.0\ntitle: Ours\nextends: baseline\n');
  await writeFile(at('waivers.yaml'), 'waivers: []\n');
  for (const name of ['before.json', 'after.json']) await ask('run', LONDON, ...NAMES, '-r', `json:${at(name)}`);
  const audit = ['run', '-i', at('servers'), '-p', at('own.yaml'), '--waivers', at('waivers.yaml'), ...NAMES];
  const cases = [
    ...['servers', 'own.yaml', 'waivers.yaml', 'fleet.db'].map((name) => [name, audit] as const),
    ...['before.json', 'after.json'].map((name) => [name, ['diff', at('before.json'), at('after.json')]] as const),
  ];
  for (const [name, args] of cases) {
    const was = await readFile(at(name), 'utf8').catch(() => undefined);
    const store = name === 'fleet.db' ? ['--store', at(name)] : [];
    const { code, stderr } = await ask(...args, ...store, '-r', `json:${at(name)}`);
    t.is(code, 2, stderr);
    t.regex(stderr, /^sstp-audit: .* is needed, and a report would be written over it\nsstp-audit: hint: /);
    t.is(await readFile(at(name), 'utf8').catch(() => undefined), was);
  }
});

test('a report that cannot be written is a mistake, leaves no piece of itself, and keeps no other one back', async (t) => {
  if (!existsSync('/dev/full')) return void t.pass('there is no device that is always full');
  const folder = await scratch();
  await symlink('/dev/full', path.join(folder, 'full'));
  const { code, stderr } = await run('run', LONDON, ...NAMES, '-r', `json:${folder}/full`, `cli:${folder}/report.txt`);
  t.is(code, 2, stderr);
  t.regex(stderr, /full cannot be written: .*no space left/);
  t.regex(await readFile(path.join(folder, 'report.txt'), 'utf8'), /server vpn-london-01/);
  t.deepEqual((await readdir(folder)).toSorted(), ['full', 'report.txt']);
  t.true((await lstat(path.join(folder, 'full'))).isSymbolicLink(), 'the device is where it was');
});

test('an old Node is told which one is needed, instead of an error of its own', async (t) => {
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })`;
  const { code, stderr } = await new Promise<Readonly<{ code: unknown; stderr: string }>>((resolve) => {
    execFile(process.execPath, ['--import', older, 'engine/cli/main.mjs', '--version'], (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
  t.is(code, 2);
  t.regex(stderr, /^sstp-audit: this is Node 20\.19\.0, .*\nsstp-audit: hint: install Node 22\.18 or later\n$/);
  const { engines } = JSON.parse(await readFile('package.json', 'utf8'));
  t.is(engines.node, '>=22.18');
});

test('a run whose messages nobody takes ends with its verdict, one whose report nobody takes with a mistake', async (t) => {
  if (!existsSync('/dev/full')) return void t.pass('there is no device that is always full');
  const words = [process.execPath, MAIN, 'judge', 'test/evidence/vpn-tokyo-01', ...NAMES].join(' ');
  const shell = (redirected: string): Promise<Readonly<{ code: unknown; stdout: string; stderr: string }>> =>
    new Promise((resolve) => {
      execFile('/bin/sh', ['-c', `exec ${words} ${redirected}`], { timeout: 90_000 }, (error, stdout, stderr) =>
        resolve({ code: error?.code, stdout, stderr }),
      );
    });
  const mute = await shell('2>/dev/full');
  t.is(mute.code, 1);
  t.regex(mute.stdout, /server vpn-tokyo-01/);
  const lost = await shell('>/dev/full');
  t.is(lost.code, 2);
  t.regex(lost.stderr, /^sstp-audit: standard output cannot be written: /m);
});

test('--allow-unknown and --fail-on soften the verdict, and the report says so', async (t) => {
  const allowed = await ask('run', PARIS, ...NAMES, '--allow-unknown', '-r', 'json');
  t.is(allowed.code, 0);
  t.like(JSON.parse(allowed.stdout), { exitCode: 0, gate: { allowUnknown: true } });
  t.regex(JSON.parse(allowed.stdout).exitReason, /allowed by --allow-unknown/);
  const low = await ask('run', TOKYO, ...NAMES, '--only', 'rras/*', '--fail-on', 'critical', '-r', 'json');
  t.is(JSON.parse(low.stdout).gate.failOn, 'critical');
});

test('a waiver waives in every report, and an expired one does not', async (t) => {
  const folder = await scratch();
  const waiver = (until: string) =>
    `{ check: '*', target: x, subject: '*', until: ${until}, because: CHG-1, approvedBy: j.doe }`;
  const profile = (until: string) => `profile: waived
version: 1.0.0
title: with a waiver
extends: baseline
waivers:
  - ${waiver(until).replace("'*', target: x", "sstp/listener-port, target: 'vpn-tokyo-*'")}
`;
  const judged = async (until: string) => {
    const file = path.join(folder, `${until}.yaml`);
    await writeFile(file, profile(until));
    const { code, stdout, stderr } = await ask(
      'run',
      TOKYO,
      ...NAMES,
      '-p',
      file,
      '--only',
      'sstp/listener-port',
      '-r',
      'json',
    );
    t.true(code < 2, stderr);
    return { code, report: JSON.parse(stdout) };
  };
  const waived = await judged('2026-12-31');
  t.is(waived.code, 0);
  t.like(waived.report.results[0], { status: 'waived', waiver: { because: 'CHG-1', approvedBy: 'j.doe' } });
  t.true(waived.report.results[0].findings.some(({ verdict }: { verdict: string }) => verdict === 'fail'));
  const expired = await judged('2026-10-31');
  t.is(expired.code, 1);
  t.is(expired.report.waivers[0].state, 'expired');
});

test('a list on the command line may have blanks behind its commas, and no tag may be empty', async (t) => {
  const tags = ['judge', LONDON, ...NAMES, '-r', 'json', '--only', 'sstp/url, sstp/listener-port', '--tags'];
  const { code, stdout, stderr } = await ask(...tags, 'production, tokyo');
  t.is(code, 0, stderr);
  const { targets, results }: Report = JSON.parse(stdout);
  t.deepEqual(targets[0]?.tags, ['production', 'tokyo']);
  t.is(results.length, 2);
  for (const empty of [' ', 'tokyo,']) {
    const refused = await ask(...tags, empty);
    t.is(refused.code, 2);
    t.regex(refused.stderr, /it holds an empty tag\./);
  }
});

test('several reports come out of one run, whole, into folders that did not exist', async (t) => {
  const folder = await scratch();
  const file = (name: string) => path.join(folder, 'a folder', name);
  const reports = ['cli', `json:${file('r.json')}`, `junit:${file('j.xml')}`, `html:${file('r.html')}`];
  const { stdout } = await run('run', LONDON, TOKYO, PARIS, ...NAMES, ...reports.flatMap((report) => ['-r', report]));
  t.regex(stdout, /vpn-tokyo-01/);
  t.is(JSON.parse(await readFile(file('r.json'), 'utf8')).format, 'sstp-audit/report/1');
  t.regex(await readFile(file('j.xml'), 'utf8'), /<\/testsuites>\s*$/);
  t.regex(await readFile(file('r.html'), 'utf8'), /<\/html>\s*$/);
});

test('the same evidence gives the same results, whatever the day', async (t) => {
  const [first, second] = await Promise.all([
    ask('judge', 'test/evidence/vpn-tokyo-01', ...NAMES, '-r', 'json'),
    ask('run', TOKYO, ...NAMES, '-r', 'json'),
  ]);
  t.deepEqual(JSON.parse(first.stdout).results, JSON.parse(second.stdout).results);
});

test('a folder of folders is judged whole', async (t) => {
  const { stdout } = await ask('judge', 'test/evidence', ...NAMES, '-r', 'json');
  t.is(JSON.parse(stdout).summary.targets, 6);
});

test('Japanese reaches titles and remedies', async (t) => {
  t.regex((await ask('explain', 'certificate/names', '--lang', 'ja')).stdout, /証明書/);
  t.regex((await ask('run', TOKYO, ...NAMES, '--lang', 'ja')).stdout, /証明書/);
});

test('the environment chooses the language of all commands, and the command line another one', async (t) => {
  const japanese = asking({ env: { ...process.env, SSTP_AUDIT_LANG: 'ja' } });
  for (const args of [['explain'], ['judge', 'test/evidence/vpn-london-01', ...NAMES]])
    t.true(japaneseIn((await japanese(...args)).stdout), args[0]);
  t.false(japaneseIn((await japanese('explain', '--lang', 'en')).stdout));
  const wrong = await asking({ env: { ...process.env, SSTP_AUDIT_LANG: 'jp' } })('explain');
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /'jp' from env 'SSTP_AUDIT_LANG' is invalid\. Allowed choices are en, ja\./);
});
const japaneseIn = (text: string): boolean => /証明書/.test(text);

test('explain knows checks, situations, steps and events', async (t) => {
  t.regex((await ask('explain')).stdout, /sstp\/certificate-hash/);
  t.regex((await ask('explain', 'certificate/names')).stdout, /0x800B010F/);
  const area = (await ask('explain', 'Firewall')).stdout;
  t.regex(area, /^firewall\/sstp-exception {2}\S.*\n$/);
  t.regex((await ask('explain', 'situation 4')).stdout, /certificate\/validity/);
  t.regex((await ask('explain', '8.7')).stdout, /sstp\/certificate-hash/);
  t.regex((await ask('explain', 'event 18')).stdout, /SHA256CertificateHash/i);
});

test('questions lists only what reads, with the right it needs', async (t) => {
  const { stdout } = await ask('questions', '--json');
  const questions: readonly { command: string; rights: string[]; facts: string[] }[] = JSON.parse(stdout);
  t.true(questions.length > 30);
  for (const { command, rights, facts } of questions) {
    t.regex(
      command,
      /^(reg\.exe query|sc\.exe (query|queryex|qc)|netsh\.exe http show|netstat\.exe -ano|wevtutil\.exe qe|probe [\w-]+) /,
    );
    t.true(rights.length > 0 && facts.length > 0);
    t.notRegex(command, /Providers\\.*Servers/i);
  }
  for (const kind of ['resolve', 'handshake', 'versions', 'fetch', 'trusted-roots'])
    t.true(
      questions.some(
        ({ command, rights }) => command.startsWith(`probe ${kind} `) && /over the network/.test(rights[0] ?? ''),
      ),
      kind,
    );
});

test('the hashes in a report are those of the files of its evidence, so that it proves them', async (t) => {
  const { stdout } = await ask('judge', 'test/evidence/vpn-london-01', ...NAMES, '-r', 'json');
  const [{ evidence }] = JSON.parse(stdout).targets;
  const sumOf = async (id: string): Promise<string> => {
    const bytes = await readFile(`test/evidence/vpn-london-01/${id}.out`).catch(() => '');
    return createHash('sha256').update(bytes).digest('hex');
  };
  t.true(evidence.length > 40);
  for (const { id, sha256 } of evidence) t.is(sha256, await sumOf(id), id);
});

test('every command has help with an example', async (t) => {
  for (const command of [
    ['run'],
    ['gather'],
    ['judge'],
    ['verify'],
    ['explain'],
    ['questions'],
    ['profile', 'check'],
    ['profile', 'schema'],
  ]) {
    const { code, stdout } = await ask(...command, '--help');
    t.is(code, 0);
    t.regex(stdout, /Example:\n {2}sstp-audit /, command.join(' '));
    t.notRegex(stdout, /\\$/m, 'cmd.exe and PowerShell go on with no line that ends so');
  }
  t.regex((await ask('--help')).stdout, /3 {2}nothing failed, but something is unknown/);
});

test('help names every built-in profile that is meant for judging, and says what must be given', async (t) => {
  const { stdout } = await ask('judge', '--help');
  const names = (await readdir('profiles')).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
  for (const name of names.filter((one) => one !== 'diagnosis')) t.true(stdout.includes(` ${name},`), name);
  t.regex((await ask('gather', '--help')).stdout, /--evidence <folder> [\s\S]{1,120}\(required\)/);
  t.notRegex(stdout, /required/);
});

test('profile check finds a built-in profile sound, and every mistake of a bad one', async (t) => {
  t.regex((await ask('profile', 'check', 'kb947031', 'baseline', 'tls-offload')).stdout, /baseline 1\.0\.0/);
  const file = path.join(await scratch(), 'bad.yaml');
  await writeFile(
    file,
    'profile: bad\nversion: 1.0.0\ntitle: bad\nchecks:\n  sstp/listner-port: { port: 443 }\n  certificate/remaining-life: { minimumDays: 0, orPercentOfLife: 33 }\n',
  );
  const { code, stderr } = await ask('profile', 'check', file);
  t.is(code, 2);
  t.regex(stderr, /bad\.yaml:5:3 .*listner-port/);
  t.regex(stderr, /sstp\/listener-port/);
  t.regex(stderr, /bad\.yaml:6:\d+ .*minimumDays/);
  t.regex(stderr, /\n\s*\^/);
});
