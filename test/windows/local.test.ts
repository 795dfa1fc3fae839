/** sstp-audit itself on a stand-in, by a Windows node.exe. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import type { Diagnosis } from '../../engine/cli/doctor.ts';
import { healthy } from '../server/healthy.ts';
import { auditThere, nodeThere, onZ } from './console.ts';
import { liveWithNode } from './live.ts';
import { type StandIns, startStandIns } from './stand-in.ts';

let standIns: StandIns;
test.before(
  liveWithNode(async () => {
    standIns = await startStandIns({ server: healthy({ at: new Date(), language: 'ja', alias: 'イーサネット 2' }) });
  }),
);
test.after.always(async () => standIns?.stop());

/** The programs that run in a prefix, zombies left out. */
const runningIn = (prefix: string): readonly string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(join('/proc', pid, 'environ'), 'latin1');
        return environment.includes(`WINEPREFIX=${prefix}\0`)
          ? [readFileSync(join('/proc', pid, 'cmdline'), 'latin1')]
          : [];
      } catch {
        return [];
      }
    });

test.serial(
  'a question that hangs is timed out with all that it started, and the next one is answered',
  liveWithNode(async (t) => {
    const env = standIns.environmentOf('server');
    const { code, stdout, stderr } = await nodeThere(env, 'test/windows/hang.ts');
    t.is(code, 0, stderr.toString());
    t.deepEqual(JSON.parse(stdout.toString()), [
      { reason: 'timed-out', exitCode: null },
      { reason: null, exitCode: 0 },
    ]);
    const hanging = () => runningIn(env['WINEPREFIX'] ?? '').filter((line) => /ping|cmd\.exe/.test(line));
    for (let tries = 0; tries < 100 && hanging().length > 0; tries++) await setTimeout(50);
    t.deepEqual(hanging(), []);
  }),
);

test.serial(
  'doctor tells of this machine that cmd.exe answers, in its code page, and that all can be read',
  liveWithNode(async (t) => {
    const { code, stdout, stderr } = await auditThere(standIns.environmentOf('server'), 'doctor', 'local:', '--json');
    t.is(code, 0, stderr.toString());
    const [diagnosis]: Diagnosis[] = JSON.parse(stdout.toString());
    t.deepEqual(diagnosis?.steps, [
      { step: 'shell', said: 'cmd.exe' },
      { step: 'exchange', said: 'OEMCP 932' },
    ]);
  }),
);

test.serial(
  'evidence that is written on the server is sealed, and is read there again',
  liveWithNode(async (t) => {
    const env = standIns.environmentOf('server');
    const gathered = await auditThere(env, 'gather', 'local:', '--evidence', 'C:\\evidence');
    t.is(gathered.code, 0, gathered.stderr.toString());
    const report = join(env['WINEPREFIX'] ?? '', 'drive_c/report.json');
    const args = ['judge', 'C:\\evidence', '--input', 'publicNames=vpn.example.com', '-r', `json:${onZ(report)}`];
    const judged = await auditThere(env, ...args);
    t.is(judged.code, 0, judged.stderr.toString());
    t.is(JSON.parse(readFileSync(report, 'utf8')).summary.unknown, 0);
  }),
);
