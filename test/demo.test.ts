/** What `npm run demo` shows, and that its recordings are what the pretended servers print today. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type { Manifest } from '../engine/evidence/manifest.ts';
import { RECORDINGS, record } from './evidence/make.ts';
import { golden } from './reporters/golden.ts';

const root = path.join(import.meta.dirname, '..');

test('the demo audits the recorded servers, writes every report, and says the exit codes', async (t) => {
  const out = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-demo-'));
  const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
    execFile(process.execPath, ['ci/demo.ts', out], { cwd: root, maxBuffer: 10_000_000 }, (error, text) =>
      resolve({ code: error ? Number(error.code) : 0, stdout: text }),
    );
  });
  t.is(code, 0, stdout.slice(-2_000));
  for (const file of ['report.html', 'report.json', 'junit.xml', 'offload/report.html'])
    t.true((await readFile(path.join(out, file))).length > 5_000, file);
  const timeless = stdout
    .replaceAll(out, 'out')
    .replace(/(?<=^sstp-audit \S+, ).*$/gm, 'TIME, ACCOUNT @ HOST')
    .replace(/(?<=^ {2}sha256 )[0-9a-f]{64}$/gm, 'HASH');
  golden(t, 'demo.txt', timeless);
});

for (const [name, server] of Object.entries(RECORDINGS))
  test(`${name} is recorded as its pretended server answers today`, async (t) => {
    const parent = await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-recordings-'));
    await record(name, server(), parent);
    const [fresh, kept] = [path.join(parent, name), path.join(root, 'test/evidence', name)];
    const answersIn = async (folder: string) => {
      const { entries }: Manifest = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8'));
      // Ids follow the order of asking, which is not the same in every run.
      return entries
        .map(({ command, exitCode, stdout, stderr }) => `${command} ${exitCode} ${stdout.sha256} ${stderr.sha256}`)
        .sort();
    };
    t.deepEqual(await answersIn(kept), await answersIn(fresh), 'node test/evidence/make.ts writes it anew');
  });
