/** collect.cmd at the console of a stand-in, where folders are not what one would wish. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { collectorScript, isCollected } from '../../engine/collector.ts';
import { emptyServer } from '../server/state.ts';
import { atConsole, homeOf, onZ } from './console.ts';
import { live } from './live.ts';
import { type StandIns, startStandIns } from './stand-in.ts';

const questions = [{ command: 'sc.exe query HTTP', facts: ['fact'], rights: ['none'] }];
let standIns: StandIns;
test.before(
  live(async () => {
    standIns = await startStandIns({ server: emptyServer() });
  }),
);
test.after.always(async () => standIns?.stop());

/** Runs collect.cmd in a folder, by a batch file that goes there first. */
const collectedIn = async (folder: string) => {
  const env = standIns.environmentOf('server');
  const home = homeOf(env);
  await writeFile(join(home, 'collect.cmd'), collectorScript(questions, '0.1.0'));
  await writeFile(join(home, 'go.cmd'), `@cd /d "${onZ(folder)}"\r\n@call "${onZ(join(home, 'collect.cmd'))}"\r\n`);
  const { code, stdout } = await atConsole(env, 'cmd.exe', '/c', 'go.cmd');
  return { code, said: stdout.toString('latin1') };
};

/** A folder of the user. */
const folderNamed = async (name: string): Promise<string> => {
  const folder = join(homeOf(standIns.environmentOf('server')), name);
  await mkdir(folder);
  return folder;
};

test.serial(
  'its two files lie in the current folder, even in one whose name cmd.exe could read as two commands',
  live(async (t) => {
    const folder = await folderNamed('A & echo B (1)');
    const { code, said } = await collectedIn(folder);
    t.is(code, 0, said);
    const files = (await readdir(folder)).sort();
    t.is(files.length, 2);
    t.regex(said, /^written: ".*A & echo B \(1\)\\[^"\\]+\.out" and "[^"\\]+\.err"\r\n$/);
    const [stderr, stdout] = await Promise.all(files.map((file) => readFile(join(folder, file))));
    t.true(stdout && stderr && isCollected({ stdout, stderr }));
  }),
);

test.serial(
  'answers are never written over: it says so and ends with 1',
  live(async (t) => {
    const folder = await folderNamed('twice');
    t.is((await collectedIn(folder)).code, 0);
    const files = await readdir(folder);
    const before = await Promise.all(files.map((file) => readFile(join(folder, file))));
    const { code, said } = await collectedIn(folder);
    t.is(code, 1);
    t.regex(said, /holds answers of this server already/);
    t.deepEqual(await Promise.all(files.map((file) => readFile(join(folder, file)))), before);
  }),
);

test.serial(
  'where it cannot write, it says so and ends with 1',
  live(async (t) => {
    const { code, said } = await collectedIn('/proc');
    t.is(code, 1, said);
    t.regex(said, /cannot be written into "Z:\\proc"/);
    t.notRegex(said, /^written:/m);
  }),
);

test.serial(
  'two runs have different numbers in their marks',
  live(async (t) => {
    const marks: (string | undefined)[] = [];
    for (const name of ['first', 'second']) {
      // wine, and Windows as far as we know, draw them from the second.
      if (name === 'second') await setTimeout(1_100);
      const folder = await folderNamed(name);
      await collectedIn(folder);
      const [, out = ''] = (await readdir(folder)).sort();
      marks.push(/::(\d{18}):8:1::/.exec(await readFile(join(folder, out), 'latin1'))?.[1]);
    }
    t.true(marks.every((mark) => mark !== undefined));
    t.not(marks[0], marks[1]);
  }),
);
