import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { holdsEvidence, readFolder } from '../../engine/evidence/read.ts';
import { createFolder, folderName } from '../../engine/evidence/write.ts';
import { Mistake } from '../../engine/mistake.ts';
import type { Evidence, Target } from '../../engine/model.ts';
import { replay } from '../../engine/transports/replay.ts';

const target: Target = { name: 'vpn01.例え.jp', address: 'ssh://vpn01', tags: ['production'], inputs: {} };
const about = {
  tool: { name: 'sstp-audit', version: '0.1.0' } as const,
  vantage: 'server' as const,
  transport: 'ssh',
  os: 'Windows Server 2022',
  codePage: 932,
  startedAt: '2026-11-01T00:00:00.000Z',
  finishedAt: '2026-11-01T00:00:05.000Z',
};
const answer = (id: string, command: string, bytes: number[], rest: Partial<Evidence> = {}): Evidence => ({
  id,
  command,
  stdout: Uint8Array.from(bytes),
  stderr: new Uint8Array(),
  exitCode: 0,
  startedAt: about.startedAt,
  tookMs: 12,
  ...rest,
});
const ANSWERS = [
  answer('001', 'sc.exe query A', [0x83, 0x5c, 0x0d, 0x0a]),
  answer('002', 'sc.exe query B', [], {
    exitCode: null,
    missing: { reason: 'timed-out', detail: 'no answer within 30 s' },
  }),
];

const sealed = async (): Promise<string> => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-evidence-'));
  const folder = await createFolder(parent, target);
  for (const evidence of ANSWERS) await folder.keep(evidence);
  await folder.seal(about);
  return folder.path;
};
const ask = async (folder: string, commands: readonly string[]) =>
  replay(await readFolder(folder)).exchange(commands, { signal: new AbortController().signal });

test('what was kept comes back byte for byte, with its id and its reason', async (t) => {
  const folder = await sealed();
  const [first, second, third] = await ask(folder, ['SC.EXE  query a', 'sc.exe query B', 'sc.exe query C']);
  t.deepEqual([...(first?.stdout ?? [])], [0x83, 0x5c, 0x0d, 0x0a]);
  t.is(first?.id, '001');
  t.is(second?.missing?.reason, 'timed-out');
  t.is(third?.missing?.reason, 'not-recorded');
  t.is(third?.id, '003');
  t.deepEqual((await readFolder(folder)).manifest.target, {
    name: target.name,
    address: target.address,
    tags: ['production'],
  });
});

test('of two answers to one question none counts, unless they are the same', async (t) => {
  const folder = await createFolder(await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-evidence-')), target);
  const twice = (bytes: number[]) => [answer('001', 'sc.exe query A', [65]), answer('002', 'SC.exe query a', bytes)];
  for (const evidence of twice([66])) await folder.keep(evidence);
  for (const evidence of twice([65]))
    await folder.keep({ ...evidence, id: `1${evidence.id}`, command: 'sc.exe query B' });
  await folder.seal(about);
  const [doubtful, same] = await ask(folder.path, ['sc.exe query A', 'sc.exe query B']);
  t.deepEqual(doubtful?.missing, { reason: 'unreadable', detail: 'the evidence holds two answers to this question' });
  t.deepEqual([...(same?.stdout ?? [])], [65]);
});

test('the seal is what sha256sum -c --strict accepts', async (t) => {
  const folder = await sealed();
  const { stdout } = await promisify(execFile)('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder });
  t.is(stdout, '001.out: OK\nmanifest.json: OK\n');
});

for (const [name, tamper] of [
  ['a changed byte', (folder: string) => writeFile(path.join(folder, '001.out'), 'RUNNING')],
  ['a removed file', (folder: string) => rm(path.join(folder, '001.out'))],
  ['an added file', (folder: string) => writeFile(path.join(folder, '009.out'), 'x')],
  [
    'a shortened seal',
    async (folder: string) => {
      const lines = (await readFile(path.join(folder, 'SHA256SUMS'), 'utf8'))
        .split('\n')
        .filter((line) => !line.includes('001.out'));
      await writeFile(path.join(folder, 'SHA256SUMS'), lines.join('\n'));
    },
  ],
  [
    'a file that was removed, and its line in the seal, too',
    async (folder: string) => {
      const seal = path.join(folder, 'SHA256SUMS');
      await writeFile(seal, (await readFile(seal, 'utf8')).replace(/^.*001\.out\n/m, ''));
      await rm(path.join(folder, '001.out'));
    },
  ],
  [
    'a changed byte, and its line in the seal, too',
    async (folder: string) => {
      const seal = path.join(folder, 'SHA256SUMS');
      const sum = createHash('sha256').update('RUNNING').digest('hex');
      await writeFile(seal, (await readFile(seal, 'utf8')).replace(/^.*(?= {2}001\.out$)/m, sum));
      await writeFile(path.join(folder, '001.out'), 'RUNNING');
    },
  ],
  [
    'a changed manifest',
    async (folder: string) => {
      const file = path.join(folder, 'manifest.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"exitCode": 0', '"exitCode": 1'));
    },
  ],
] as const)
  test(`${name} makes every answer unreadable`, async (t) => {
    const folder = await sealed();
    await tamper(folder);
    for (const { missing } of await ask(folder, ['sc.exe query A', 'sc.exe query B']))
      t.is(missing?.reason, 'unreadable');
  });

for (const [name, content] of [
  ['no JSON', '{"format": '],
  ['another format', '{"format":"sstp-audit/evidence/9"}'],
  [
    'a file outside the folder',
    JSON.stringify({
      format: 'sstp-audit/evidence/1',
      target: { name: 'x', address: 'y', tags: [] },
      vantage: 'server' as const,
      transport: 'ssh',
      startedAt: about.startedAt,
      entries: [
        {
          id: '001',
          command: 'x',
          exitCode: 0,
          startedAt: '',
          tookMs: 0,
          complete: true,
          stdout: { file: '../../etc/passwd', bytes: 0, sha256: '0'.repeat(64) },
          stderr: { bytes: 0, sha256: '0'.repeat(64) },
        },
      ],
    }),
  ],
  [
    'an answer that is not whole and gives no reason',
    JSON.stringify({
      format: 'sstp-audit/evidence/1',
      target: { name: 'x', address: 'y', tags: [] },
      vantage: 'server' as const,
      transport: 'ssh',
      startedAt: about.startedAt,
      entries: [
        {
          id: '001',
          command: 'x',
          exitCode: 0,
          startedAt: '',
          tookMs: 0,
          complete: false,
          stdout: { bytes: 0, sha256: '0'.repeat(64) },
          stderr: { bytes: 0, sha256: '0'.repeat(64) },
        },
      ],
    }),
  ],
] as const)
  test(`a manifest with ${name} is a mistake`, async (t) => {
    const folder = await sealed();
    await writeFile(path.join(folder, 'manifest.json'), content);
    await t.throwsAsync(readFolder(folder), { instanceOf: Mistake });
  });

test('evidence is never written over, and nothing in a folder without a seal counts', async (t) => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-evidence-'));
  const folder = await createFolder(parent, target);
  await t.throwsAsync(createFolder(parent, target), { instanceOf: Mistake, message: /exists already/ });
  await folder.keep(answer('001', 'sc.exe query A', [1]));
  t.deepEqual(await readdir(folder.path), ['001.out']);
  const [first] = await ask(folder.path, ['sc.exe query A']);
  t.is(first?.missing?.reason, 'truncated');
});

test('evidence of a server is no folder for that of others: added to, it would prove nothing any more', async (t) => {
  await t.throwsAsync(createFolder(await sealed(), { ...target, name: 'other' }), {
    instanceOf: Mistake,
    message: /is the sealed evidence of a server/,
  });
});

for (const [name, cut] of [
  ['before its seal', (folder: string) => rm(path.join(folder, 'SHA256SUMS'))],
  [
    'in the middle of its manifest',
    async (folder: string) => {
      await rm(path.join(folder, 'SHA256SUMS'));
      await writeFile(path.join(folder, 'manifest.json'), '{ "format": "sstp-au');
    },
  ],
  [
    'before its manifest',
    async (folder: string) => {
      await rm(path.join(folder, 'SHA256SUMS'));
      await rm(path.join(folder, 'manifest.json'));
    },
  ],
] as const)
  test(`gathering that was killed ${name} leaves every answer truncated`, async (t) => {
    const folder = await sealed();
    await cut(folder);
    t.true(await holdsEvidence(folder));
    for (const { missing } of await ask(folder, ['sc.exe query A', 'sc.exe query B'])) {
      t.is(missing?.reason, 'truncated');
      t.regex(missing?.detail ?? '', /not gathered to its end/);
    }
    t.regex((await readFolder(folder)).manifest.target.name, /^vpn01\./);
  });

test('a folder whose manifest was taken away is a mistake, not a folder of something else', async (t) => {
  const folder = await sealed();
  await rm(path.join(folder, 'manifest.json'));
  t.true(await holdsEvidence(folder));
  await t.throwsAsync(readFolder(folder), { instanceOf: Mistake, message: /manifest\.json cannot be read/ });
});

test('evidence of a later form is a mistake that names it', async (t) => {
  const folder = await sealed();
  const file = path.join(folder, 'manifest.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('sstp-audit/evidence/1', 'sstp-audit/evidence/2'));
  const error = await t.throwsAsync<Mistake>(readFolder(folder), {
    instanceOf: Mistake,
    message: /manifest\.json\/format must be sstp-audit\/evidence\/1, not "sstp-audit\/evidence\/2"/,
  });
  t.regex(error?.hint ?? '', /the version of sstp-audit that gathered it, or a later one/);
});

test('times that no clock shows are a mistake', async (t) => {
  // That of the folder comes first, that of its last answer last.
  for (const at of ['2026-99-01T00:00:00.000Z', '2026-11-01T25:00:00.000Z', 'yesterday'])
    for (const time of [/"startedAt": "[^"]*"/, /"startedAt": "[^"]*"(?![\s\S]*"startedAt")/]) {
      const folder = await sealed();
      const file = path.join(folder, 'manifest.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace(time, `"startedAt": "${at}"`));
      await t.throwsAsync(readFolder(folder), { instanceOf: Mistake });
    }
});

for (const [name, replaced] of [
  ['a pipe', (file: string) => promisify(execFile)('mkfifo', [file])],
  ['a device', (file: string) => symlink('/dev/zero', file)],
  ['a file larger than any answer', (file: string) => writeFile(file, '').then(() => truncate(file, 65_000_000))],
] as const)
  test(`${name} in place of an answer or of the manifest holds nobody up`, async (t) => {
    if (process.platform === 'win32') return void t.pass('Windows has no such files');
    const folder = await sealed();
    for (const file of ['001.out', 'manifest.json']) {
      await rm(path.join(folder, file));
      await replaced(path.join(folder, file));
      if (file === '001.out') t.is((await ask(folder, ['sc.exe query A']))[0]?.missing?.reason, 'unreadable');
    }
    await t.throwsAsync(readFolder(folder), { instanceOf: Mistake, message: /manifest\.json cannot be read: it is / });
  });

test('files that are small on the disk and large together do not fill the memory', async (t) => {
  const folder = await createFolder(await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-evidence-')), target);
  for (const id of ['001', '002', '003', '004', '005']) await folder.keep(answer(id, `sc.exe query ${id}`, [1]));
  await folder.seal(about);
  for (const id of ['001', '002', '003', '004', '005']) await truncate(path.join(folder.path, `${id}.out`), 60_000_000);
  t.deepEqual((await readFolder(folder.path)).broken, {
    reason: 'unreadable',
    detail: 'the evidence cannot be read: 005.out: its folder holds more than 256 MB',
  });
});

test('an answer that cannot be written is a mistake that names the file', async (t) => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-evidence-'));
  const folder = await createFolder(parent, target);
  await writeFile(path.join(folder.path, '001.out'), 'in the way');
  await t.throwsAsync(folder.keep(answer('001', 'sc.exe query A', [1])), {
    instanceOf: Mistake,
    message: /001\.out cannot be written/,
  });
});

test('folder names stay apart and inside the parent', (t) => {
  t.is(folderName('vpn01.example.com'), 'vpn01.example.com');
  for (const name of ['..', '../x', 'a/b', 'a b', 'vpn:2222', '\ud800', '.hidden'])
    t.regex(folderName(name), /^[\w][\w.-]*-[0-9a-f]{8}$/, name);
  t.not(folderName('a b'), folderName('a/b'));
  for (const name of [
    'CON',
    'nul.corp',
    'com1',
    'COM².corp',
    'LPT9.example.com',
    'vpn01.',
    'vpn01..',
    `${'x'.repeat(79)}.y`,
  ])
    t.regex(folderName(name), /^(?!(?:con|nul|com[1²]|lpt9)(?:\.|$)).*[^.]-[0-9a-f]{8}$/i, name);
  for (const name of ['console', 'com10', 'nul-01.corp', 'interrupted.corp']) t.is(folderName(name), name);
  for (const name of ['interrupted', 'Interrupted', 'SHA256SUMS', 'manifest.json'])
    t.regex(folderName(name), /^_[\w.]+-[0-9a-f]{8}$/);
});

test('folder names can be read in any script, and fit into what file systems take', (t) => {
  t.regex(folderName('東京-01'), /^東京-01-[0-9a-f]{8}$/);
  t.regex(folderName('大阪 / 予備'), /^大阪___予備-[0-9a-f]{8}$/);
  // The same letter in two spellings, which some file systems take for one name.
  t.regex(folderName('カ\u3099'), /^ガ-[0-9a-f]{8}$/);
  t.not(folderName('カ\u3099'), folderName('ガ'));
  for (const letter of ['あ', '𠮷']) {
    const name = folderName(letter.repeat(200));
    t.true(Buffer.byteLength(name) <= 255 && name.isWellFormed(), name);
  }
});
