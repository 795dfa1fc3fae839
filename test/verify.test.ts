/** An auditor who got a folder of evidence, and a report, by mail. */
import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, link, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test, { type ExecutionContext } from 'ava';
import schema from '../engine/cli/verify/verify.schema.json' with { type: 'json' };
import type { Manifest } from '../engine/evidence/manifest.ts';
import { createFolder } from '../engine/evidence/write.ts';
import type { Report, TargetNote } from '../engine/model.ts';
import { ask, type Ended, run } from './command.ts';
import { MAIN } from './program.ts';

const NAMES = ['--input', 'publicNames=vpn.example.com'];
const SERVERS = ['vpn-london-01', 'vpn-paris-01', 'vpn-tokyo-01'];
const [LONDON = '', PARIS = '', TOKYO = ''] = SERVERS;
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const scratch = () => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-verify-'));

/** Three servers, and the report that was judged from them. */
const mailed = async (...judging: readonly string[]) => {
  const folder = await scratch();
  const evidence = path.join(folder, 'evidence');
  for (const name of SERVERS) await cp(`test/evidence/${name}`, path.join(evidence, name), { recursive: true });
  const report = path.join(folder, 'report.json');
  await ask('judge', evidence, ...NAMES, '-r', `json:${report}`, ...judging);
  return { folder, evidence, report, at: (...names: readonly string[]) => path.join(evidence, ...names) };
};

/** Changes a manifest, takes away the answers that it does not name any more, and seals what is there, as a forger would. */
const forge = async (folder: string, change: (manifest: Manifest) => unknown): Promise<void> => {
  const place = (name: string): string => path.join(folder, name);
  const manifest: Manifest = JSON.parse(await readFile(place('manifest.json'), 'utf8'));
  change(manifest);
  await writeFile(place('manifest.json'), JSON.stringify(manifest));
  const named = manifest.entries.flatMap(({ stdout, stderr }) => [stdout.file, stderr.file]);
  const sums: string[] = [];
  for (const name of (await readdir(folder)).sort())
    if (/^\d/.test(name) && !named.includes(name)) await rm(place(name));
    else if (name !== 'SHA256SUMS') sums.push(`${sha256(await readFile(place(name)))}  ${name}\n`);
  await writeFile(place('SHA256SUMS'), sums.join(''));
};

const rewrite = async (file: string, change: (report: Report) => unknown): Promise<void> => {
  const report: Report = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...report, ...(change(report) as object) }));
};

const changing = (name: string, change: (note: TargetNote) => Partial<TargetNote>) => (report: Report) => ({
  targets: report.targets.map((note) => (note.name === name ? { ...note, ...change(note) } : note)),
});

const fits = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

/** What --json prints, which is whatever its schema says: how each server ended, and what is told of it. */
const told = async (t: ExecutionContext, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await ask('verify', ...args, '--json');
  const json = JSON.parse(stdout);
  t.true(fits(json), JSON.stringify(fits.errors));
  t.is(json.exitCode, code, stderr);
  const ends = json.servers.map(({ server, end }: Record<string, string>) => [server, end]);
  const of = (name: string) => json.servers.find(({ server }: Record<string, string>) => server === name);
  return { code, json, ends, of };
};

test('evidence is told as it was sealed: how many answers, of when, and by which seal', async (t) => {
  const { code, stdout, stderr } = await run('verify', 'test/evidence');
  t.is(code, 0, stderr);
  t.is(stderr, 'sstp-audit: exit code 0: 6 servers as sealed\n');
  const seal = sha256(await readFile(`test/evidence/${LONDON}/SHA256SUMS`));
  const line = `OK  ${LONDON}: as sealed; 48 answers, gathered 2026-11-01T00:00:00.000Z, SHA256SUMS ${seal}`;
  t.true(stdout.split('\n').includes(line), stdout);
  t.is(stdout.trimEnd().split('\n').length, 6);
});

test('a report is told to be judged from this evidence, with its own hash, also in Japanese', async (t) => {
  const { evidence, report } = await mailed();
  const { code, stdout, stderr } = await ask('verify', `evidence:${evidence}`, '--report', report);
  t.is(code, 0, stderr);
  t.is(stderr, 'sstp-audit: exit code 0: 3 servers as sealed and as reported\n');
  t.true(stdout.startsWith(`report ${report}, judged by baseline 1.0.0, sha256 ${sha256(await readFile(report))}\n`));
  t.is(stdout.match(/^OK {2}\S+: as sealed and as reported; \d+ answers, /gm)?.length, 3);
  const { json, ends } = await told(t, evidence, '--report', report);
  t.deepEqual(
    ends,
    SERVERS.map((name) => [name, 'as-reported']),
  );
  t.like(json.report, { file: report, sha256: sha256(await readFile(report)), profile: { id: 'baseline' } });
  t.regex(
    (await ask('verify', evidence, '--report', report, '--lang', 'ja')).stdout,
    /^一致 {2}vpn-london-01: 封印時のまま/m,
  );
});

test('a report that asked less of kept evidence, or more, is still judged from it, and what it left out is told', async (t) => {
  const { evidence, report, at } = await mailed('--only', 'sstp/*');
  const less = await told(t, evidence, '--report', report);
  t.is(less.code, 0);
  t.true(less.of(LONDON).unused > 10);
  t.regex((await ask('verify', evidence, '--report', report)).stdout, /; the report does not rest on \d+ of them$/m);
  const more = path.join(evidence, '../more.json');
  await forge(at(LONDON), (manifest) => Object.assign(manifest, { entries: manifest.entries.slice(0, 9) }));
  await ask('judge', evidence, ...NAMES, '-r', `json:${more}`);
  const { code, of } = await told(t, evidence, '--report', more);
  t.is(code, 0, JSON.stringify(of(LONDON)));
  t.is(of(LONDON).answers, 9);
});

/** What somebody does to a folder, how it ends, and what is said. */
const TOUCHED: Readonly<
  Record<string, readonly [(folder: string) => Promise<unknown>, end: string, code: number, says: RegExp]>
> = {
  'a changed byte': [
    (at) => writeFile(`${at}/001.out`, 'x'),
    'not-as-sealed',
    1,
    /sealed: 001\.out is not what SHA256SUMS/,
  ],
  'a missing file': [
    (at) => rm(`${at}/001.out`),
    'not-as-sealed',
    1,
    /001\.out is in SHA256SUMS and not in the folder/,
  ],
  'an added file': [(at) => writeFile(`${at}/999.out`, ''), 'not-as-sealed', 1, /999\.out is not in SHA256SUMS/],
  'a changed manifest': [
    (at) => writeFile(`${at}/manifest.json`, '{'),
    'not-as-sealed',
    1,
    /manifest\.json is not JSON/,
  ],
  'a seal that says two things of a file': [
    async (at) => {
      const seal = await readFile(`${at}/SHA256SUMS`, 'utf8');
      await writeFile(`${at}/SHA256SUMS`, `${'0'.repeat(64)}  001.out\n${seal}`);
    },
    'not-as-sealed',
    1,
    /sealed: SHA256SUMS has lines of another form, or two for one file/,
  ],
  'a seal with a line of another form': [
    async (at) => {
      const seal = await readFile(`${at}/SHA256SUMS`, 'utf8');
      await writeFile(`${at}/SHA256SUMS`, `${seal}${'0'.repeat(64)} *001.out\n`);
    },
    'not-as-sealed',
    1,
    /sealed: SHA256SUMS has lines of another form, or two for one file/,
  ],
  'a missing manifest': [(at) => rm(`${at}/manifest.json`), 'not-as-sealed', 1, /manifest\.json cannot be read/],
  'a missing seal': [
    (at) => rm(`${at}/SHA256SUMS`),
    'unfinished',
    3,
    /not gathered to its end: the folder has no SHA256SUMS/,
  ],
  'a missing seal and manifest': [
    (at) => Promise.all([rm(`${at}/SHA256SUMS`), rm(`${at}/manifest.json`)]),
    'unfinished',
    3,
    /not gathered to its end/,
  ],
  'a file that is none': [
    (at) => rm(`${at}/001.out`).then(() => mkdir(`${at}/001.out`)),
    'unreadable',
    3,
    /cannot be read: 001\.out: it is not a file/,
  ],
  'a file that is none beside one that changed': [
    (at) => rm(`${at}/001.out`).then(() => mkdir(`${at}/001.out`).then(() => writeFile(`${at}/002.out`, 'x'))),
    'not-as-sealed',
    1,
    /as it was sealed: 002\.out is not what SHA256SUMS says/,
  ],
  'the evidence of another version': [
    (at) => forge(at, (manifest) => Object.assign(manifest, { format: 'sstp-audit/evidence/9' })),
    'unreadable',
    3,
    /manifest\.json\/format must be/,
  ],
};

for (const [name, [touch, end, exitCode, says]] of Object.entries(TOUCHED))
  test(`${name} is told beside the servers that are as they were, with a report and without one`, async (t) => {
    const { evidence, report, at } = await mailed();
    await touch(at(PARIS));
    for (const reported of [[], ['--report', report]]) {
      const { code, ends, of } = await told(t, evidence, ...reported);
      t.is(code, exitCode);
      const well = reported.length > 0 ? 'as-reported' : 'as-sealed';
      t.deepEqual(ends, [
        [LONDON, well],
        [PARIS, end],
        [TOKYO, well],
      ]);
      t.regex(of(PARIS).detail, says);
    }
    const { stdout } = await ask('verify', evidence);
    t.regex(stdout, new RegExp(`^${exitCode === 1 ? 'DIFFERS' : 'UNKNOWN'} {2}${PARIS}: .*; .*${PARIS}$`, 'm'));
  });

/** What a forger does who seals the folder anew, and what gives it away. */
const FORGED: Readonly<Record<string, readonly [(manifest: Manifest) => unknown, says: RegExp]>> = {
  'another time of gathering': [
    (manifest) => Object.assign(manifest, { startedAt: '2026-12-01T00:00:00Z' }),
    /^it was gathered at 2026-12-01T00:00:00Z, and the report says 2026-11-01T00:00:00\.000Z$/,
  ],
  'another exit code': [
    ({ entries }) => Object.assign(entries[0] ?? {}, { exitCode: 5 }),
    /^001 is not as reported: exit code$/,
  ],
  'another command': [
    ({ entries }) => Object.assign(entries[0] ?? {}, { command: 'sc.exe query X' }),
    /^001 is not as reported: command$/,
  ],
  'an answer less': [
    (manifest) => Object.assign(manifest, { entries: manifest.entries.filter(({ id }) => id !== '001') }),
    /^001 is not in the evidence: reg\.exe query /,
  ],
  'a second answer to a question of the report': [
    (manifest) => {
      const [first] = manifest.entries;
      const command = first?.command.toUpperCase();
      Object.assign(manifest, { entries: [...manifest.entries, { ...first, id: '900', command }] });
    },
    /^900 is not in the report: REG\.EXE QUERY /,
  ],
};

for (const [name, [change, says]] of Object.entries(FORGED))
  test(`${name} is not what the report was judged from, though the folder was sealed anew`, async (t) => {
    const { evidence, report, at } = await mailed();
    await forge(at(LONDON), change);
    t.is((await told(t, evidence)).code, 0, 'it is as it was sealed');
    const { code, ends, of } = await told(t, evidence, '--report', report);
    t.is(code, 1);
    t.deepEqual(ends[0], [LONDON, 'not-as-reported']);
    t.regex(of(LONDON).differences.join('\n'), says);
  });

test('a report of other answers differs, and every difference is told to programs, three to people', async (t) => {
  const { evidence, report } = await mailed();
  await rewrite(
    report,
    changing(TOKYO, ({ evidence: all }) => ({ evidence: all.map((one) => ({ ...one, sha256: sha256(one.id) })) })),
  );
  const { code, of } = await told(t, evidence, '--report', report);
  t.is(code, 1);
  t.is(of(TOKYO).differences.length, of(TOKYO).answers);
  t.is(of(TOKYO).differences[0], '001 is not as reported: answer');
  const { stdout, stderr } = await ask('verify', evidence, '--report', report);
  t.regex(stdout, /^DIFFERS {2}vpn-tokyo-01: as sealed, but not what the report .*; and 45 more; \S+vpn-tokyo-01$/m);
  t.is(stderr, 'sstp-audit: exit code 1: 1 of 3 servers differs\n');
});

test('of a server that was asked, every answer is in its report, and every question that had none', async (t) => {
  const { evidence, report, at } = await mailed('--only', 'sstp/*');
  await rewrite(
    report,
    changing(LONDON, () => ({ address: 'ssh://vpn-london-01' })),
  );
  const { of } = await told(t, evidence, '--report', report);
  t.is(of(LONDON).end, 'not-as-reported');
  t.regex(of(LONDON).differences[0], /^\d{3} is not in the report: /);
  t.is(of(TOKYO).end, 'as-reported');
  await rm(at(PARIS), { recursive: true });
  t.is((await told(t, evidence, '--report', report)).of(PARIS).end, 'no-evidence');
});

test('a server without a folder, and a folder without a server in the report, are told', async (t) => {
  const { evidence, report, at, folder } = await mailed();
  await rename(at(PARIS), path.join(folder, PARIS));
  const less = await told(t, evidence, '--report', report);
  t.is(less.code, 1);
  t.deepEqual(less.ends.at(-1), [PARIS, 'no-evidence']);
  t.is((await told(t, evidence, path.join(folder, PARIS), '--report', report)).code, 0, 'wherever it lies');
  await cp('test/evidence/vpn-osaka-01', at('vpn-osaka-01'), { recursive: true });
  const more = await told(t, evidence, path.join(folder, PARIS), '--report', report);
  t.is(more.code, 1);
  t.deepEqual(more.of('vpn-osaka-01').end, 'not-in-report');
  await rm(at('vpn-osaka-01', 'SHA256SUMS'));
  t.like((await told(t, evidence, '--report', report)).of('vpn-osaka-01'), { end: 'not-in-report' });
});

test('a server whose name is spelled in another case is the same', async (t) => {
  const { evidence, report, at } = await mailed();
  await forge(at(LONDON), ({ target }) => Object.assign(target, { name: LONDON.toUpperCase() }));
  const { code, ends } = await told(t, evidence, '--report', report);
  t.is(code, 0);
  t.deepEqual(ends[0], [LONDON.toUpperCase(), 'as-reported']);
  t.is(ends.length, 3);
});

test('a server of which nothing was answered needs no evidence, and that is said', async (t) => {
  const { evidence, report, at } = await mailed();
  await rm(at(PARIS), { recursive: true });
  const silent = { complete: false, exitCode: null, sha256: sha256('') };
  await rewrite(
    report,
    changing(PARIS, (note) => ({
      ...{ reached: false, reason: 'unreachable', detail: 'no route', address: 'ssh://vpn-paris-01' },
      evidence: note.evidence.map((one) => ({ ...one, ...silent })),
    })),
  );
  const { code, stdout } = await ask('verify', evidence, '--report', report);
  t.is(code, 0);
  t.regex(stdout, /^OK {2}vpn-paris-01: nothing was answered, so there is no evidence; unreachable: no route$/m);
  await rewrite(
    report,
    changing(PARIS, ({ evidence: all }) => ({
      evidence: [{ ...all[0], ...silent, sha256: sha256('half an ans') }] as never,
    })),
  );
  t.is((await told(t, evidence, '--report', report)).of(PARIS).end, 'no-evidence');
});

test('a report that was judged while the evidence was spoilt does not rest on what is there now', async (t) => {
  const { evidence, at, folder } = await mailed();
  const [file, report] = [at(LONDON, '001.out'), path.join(folder, 'spoilt.json')];
  const whole = await readFile(file);
  await writeFile(file, 'x');
  await ask('judge', evidence, ...NAMES, '-r', `json:${report}`);
  t.is((await told(t, evidence, '--report', report)).of(LONDON).end, 'not-as-sealed');
  await writeFile(file, whole);
  const { code, of } = await told(t, evidence, '--report', report);
  t.is(code, 1);
  t.is(of(LONDON).end, 'not-as-reported');
});

for (const [name, args, says] of [
  ['no folder', [], /missing required argument 'folders'\n.*\bverify --help/],
  ['a folder that is not there', ['none'], /^sstp-audit: none cannot be read: /],
  ['a folder without evidence', ['checks'], /^sstp-audit: checks holds no evidence\n/],
  ['an address without a folder', ['evidence:'], /^sstp-audit: evidence: names no folder\n/],
  ['a folder that is named twice', ['test/evidence', 'test/evidence/vpn-london-01'], /vpn-london-01 is named twice\n/],
  [
    'a report that is not there',
    ['test/evidence', '--report', 'none.json'],
    /^sstp-audit: none\.json cannot be read: /,
  ],
  [
    'a report that is not ours',
    ['test/evidence', '--report', 'package.json'],
    /^sstp-audit: package\.json is not a report of sstp-audit: .*\nsstp-audit: hint: name a report that -r json:FILE wrote\n$/,
  ],
] as const)
  test(`${name} is a mistake`, async (t) => {
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await ask('verify', ...args, ...json);
      t.deepEqual([code, stdout], [2, '']);
      t.regex(stderr, says);
    }
  });

test('names of servers, folders and files move no cursor, command no CI system, and are cut', async (t) => {
  const hostile = '\u001b]0;x\u0007\u001b[2J\n::error::x##[error]\u202e\u009b';
  const { evidence, report, at } = await mailed();
  await rename(at(PARIS), at(`p${hostile}`));
  await rm(at(`p${hostile}`, 'SHA256SUMS'));
  await writeFile(at(TOKYO, `t${hostile}`), '');
  await forge(at(LONDON), ({ target }) => Object.assign(target, { name: `${hostile}${'x'.repeat(100_000)}` }));
  for (const reported of [[], ['--report', report]]) {
    const { code, stdout } = await ask('verify', evidence, ...reported);
    t.is(code, 1);
    t.notRegex(stdout, /[^\n\P{Cc}]|\p{Cf}|^\s*::|##/mu);
    for (const line of stdout.trimEnd().split('\n')) t.true(line.length < 2_000);
    const { stdout: json } = await ask('verify', evidence, ...reported, '--json');
    t.notRegex(json, /[^\n\P{Cc}]|\u202e|##/u);
    t.true(JSON.parse(json).servers.some(({ server }: Record<string, string>) => server?.startsWith(hostile)));
  }
});

test('folders of Japanese names are those of their servers, also where they cannot say so any more', async (t) => {
  const folder = await scratch();
  const [evidence, report] = [path.join(folder, '証拠'), path.join(folder, '報告.json')];
  const made = await createFolder(evidence, { name: '東京支社', address: 'local:', tags: [], inputs: {} });
  await rm(made.path, { recursive: true });
  await cp(`test/evidence/${TOKYO}`, made.path, { recursive: true });
  await forge(made.path, ({ target }) => Object.assign(target, { name: '東京支社' }));
  await ask('judge', evidence, ...NAMES, '-r', `json:${report}`);
  t.deepEqual((await told(t, evidence, '--report', report)).ends, [['東京支社', 'as-reported']]);
  await writeFile(path.join(made.path, 'manifest.json'), '{');
  t.deepEqual((await told(t, evidence, '--report', report)).ends, [['東京支社', 'not-as-sealed']]);
  await rm(path.join(made.path, 'manifest.json'));
  await rm(path.join(made.path, 'SHA256SUMS'));
  t.deepEqual((await told(t, evidence, '--report', report)).ends, [['東京支社', 'unfinished']]);
});

/** 200 recordings with an answer of 2 MB each. */
const many = async (): Promise<string> => {
  const folder = await scratch();
  const [first, answer] = [path.join(folder, '000'), Buffer.alloc(2_000_000, 'x')];
  await cp(`test/evidence/${LONDON}`, first, { recursive: true });
  await writeFile(path.join(first, '001.out'), answer);
  await forge(first, ({ entries }) =>
    Object.assign(entries[0] ?? {}, { stdout: { file: '001.out', bytes: answer.length, sha256: sha256(answer) } }),
  );
  const files = await readdir(first);
  for (let number = 1; number < 200; number++) {
    const other = path.join(folder, String(number).padStart(3, '0'));
    await mkdir(other);
    for (const file of files) await link(path.join(first, file), path.join(other, file));
  }
  return folder;
};

/** Starts the program; `watch` sees it from its first line on. */
const started = (words: readonly string[], watch: (child: ChildProcess) => void = () => {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, words, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdout?.once('data', () => watch(child));
  });

test('of many recordings one at a time is in memory', async (t) => {
  const peak = `process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS))`;
  const measuring = ['--import', `data:text/javascript,${encodeURIComponent(peak)}`];
  const { code, stderr } = await started([...measuring, MAIN, 'verify', await many()]);
  t.is(code, 0, stderr);
  t.regex(stderr, /200 servers as sealed/);
  const [, kilobytes] = /peak (\d+)/.exec(stderr) ?? [];
  t.true(Number(kilobytes) < 300_000, `${kilobytes} kB, and all answers have 400,000`);
});

test('what a signal stops is no verdict, and what was not looked at is not told as missing', async (t) => {
  const { report } = await mailed();
  const words = [MAIN, 'verify', await many(), '--report', report];
  const { code, stdout, stderr } = await started(words, (child) => child.kill('SIGINT'));
  t.is(code, 130, stderr);
  t.regex(stderr, /exit code 130: .*; the run was stopped by SIGINT\n$/);
  t.true(stdout.split('\n').length < 200);
  t.notRegex(stdout, /vpn-paris-01/);
});
