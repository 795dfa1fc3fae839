/** Where reports go, as an operator says it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { writeFileWhole, writeSeries } from '../engine/cli/write-out.ts';
import { ask, run } from './command.ts';

const RECORDED = ['judge', 'test/evidence/vpn-london-01', 'test/evidence/vpn-tokyo-01'];
const NAMES = ['--input', 'publicNames=vpn.example.com'];
const scratch = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'sstp-audit-reports-'));

for (const [what, reporter, says] of [
  [
    'a setting that no reporter has',
    'junit,mod=rollup:x.xml',
    /junit has no setting mod \(did you mean mode\?\)\n.*hint: junit takes mode=detail\|failures\|rollup, split=25MB\|server/,
  ],
  ['a setting of another reporter', 'csv,mode=rollup', /csv has no setting mode\n.*hint: csv takes bom=yes\|no/],
  ['a setting where there is none', 'json,pretty=no', /json has no setting pretty\n.*hint: json takes no setting/],
  ['a value that a setting does not take', 'junit,mode=rolled:x.xml', /junit,mode=rolled: rolled is no mode/],
  ['a setting without a value', 'junit,split:x.xml', /junit,split: nothing is no split/],
  ['no size at all', 'junit,split=0MB:x.xml', /0MB is no split/],
  [
    'several files on standard output',
    'junit,split=25MB',
    /writes several files\n.*hint: name the first: junit,split=25MB:out\/junit\.xml/,
  ],
] as const)
  test(`${what} is a mistake: exit code 2, said on stderr, nothing on stdout`, async (t) => {
    const { code, stdout, stderr } = await ask(...RECORDED, ...NAMES, '-r', reporter);
    t.is(code, 2, stderr);
    t.regex(stderr, says);
    t.is(stdout, '');
  });

test('a report that two runs write at the same time is that of one of them, however long its name', async (t) => {
  const folder = await scratch();
  const file = path.join(folder, 'x'.repeat(255));
  const text = (letter: string, megabytes: number): string[] => Array(megabytes).fill(letter.repeat(1_000_000));
  await Promise.all([writeFileWhole(file, text('a', 8)), writeFileWhole(file, text('b', 4))]);
  const written = await readFile(file, 'utf8');
  t.true(written === text('a', 8).join('') || written === text('b', 4).join(''));
  t.is((await readdir(folder)).length, 1);
});

test('split reports are numbered, and what an earlier run left of them is gone', async (t) => {
  const folder = await scratch();
  for (const stale of ['junit.xml', 'junit-003.xml', 'junit-004.xml', 'junit-006.xml', 'junit-new.xml'])
    await writeFile(path.join(folder, stale), 'stale');
  const file = path.join(folder, 'junit.xml');
  await run(...RECORDED, ...NAMES, '-r', 'cli', '-r', `junit,split=server:${file}`);
  t.deepEqual((await readdir(folder)).sort(), ['junit-001.xml', 'junit-002.xml', 'junit-006.xml', 'junit-new.xml']);
  t.regex(
    await readFile(path.join(folder, 'junit-001.xml'), 'utf8'),
    /<testsuite name="vpn-london-01"[\s\S]*<\/testsuites>\n$/,
  );
});

test('of split reports nothing is replaced before all of them are written, and the first comes last', async (t) => {
  const folder = await scratch();
  const file = path.join(folder, 'junit.xml');
  const named = async () => (await readdir(folder)).filter((name) => !name.endsWith('.part')).sort();
  const contents = async () => Promise.all((await named()).map((name) => readFile(path.join(folder, name), 'utf8')));
  await writeSeries(file, [['old 1'], ['old 2'], ['old 3']]);
  const failing = function* () {
    yield ['new 1'];
    yield ['new 2'];
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  await t.throwsAsync(() => writeSeries(file, failing()), { message: /cannot be written/ });
  t.deepEqual(await contents(), ['old 1', 'old 2', 'old 3']);
  t.deepEqual(await readdir(folder), await named());
  // As a run leaves them that is killed while its files take their places.
  await rm(path.join(folder, 'junit-001.xml'));
  await writeSeries(file, [['new 1']]);
  t.deepEqual(await contents(), ['new 1']);
});

test('settings, commas and colons in paths, and the new forms come out of one run', async (t) => {
  const folder = await scratch();
  const file = (name: string) => path.join(folder, 'a, b: c', name);
  await run(
    ...[
      ...RECORDED,
      ...NAMES,
      '-r',
      'markdown',
      '-r',
      `csv:${file('r.csv')}`,
      '-r',
      `junit,mode=rollup:${file('j.xml')}`,
    ],
    ...['-r', `csv,bom=no:${file('plain.csv')}`],
  ).then(({ code, stdout, stderr }) => {
    t.is(code, 1, stderr);
    t.regex(stdout, /^SSTP server audit: Failed\n/);
  });
  const rows = await readFile(file('r.csv'), 'utf8');
  t.true(rows.startsWith('\ufeffstatus,'));
  t.is(await readFile(file('plain.csv'), 'utf8'), rows.slice(1));
  t.regex(await readFile(file('j.xml'), 'utf8'), /<testsuite name="fleet" /);
});
