import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { SERVICES } from '../server/healthy.ts';
import { deny, emptyServer, type Server } from '../server/state.ts';
import { live } from './live.ts';
import { ssh } from './ssh.ts';
import { startStandIns } from './stand-in.ts';

test(
  'commands are counted per server, and a server without services has none of wine',
  live(async (t) => {
    const standIns = await startStandIns({ one: emptyServer(), 'two.example': emptyServer() });
    try {
      await ssh(standIns.sshConfig, 'one', 'echo 1&echo 2');
      await ssh(standIns.sshConfig, 'one', 'exit 3');
      t.deepEqual([await standIns.connections('one'), await standIns.connections('two.example')], [2, 0]);
      const { code, stdout } = await ssh(standIns.sshConfig, 'two.example', 'sc.exe query HTTP');
      t.deepEqual([code, stdout.length], [1, 0]);
    } finally {
      await standIns.stop();
    }
  }),
);

test(
  'a client that does not know the host key is turned away before a command is sent',
  live(async (t) => {
    const standIns = await startStandIns({ server: emptyServer() });
    try {
      const { code, stderr } = await ssh(standIns.sshConfig, 'server', 'echo 1', '-o', 'UserKnownHostsFile=/dev/null');
      t.is(code, 255);
      t.regex(stderr.toString(), /host key verification failed/i);
      t.is(await standIns.connections('server'), 0);
    } finally {
      await standIns.stop();
    }
  }),
);

const partOf = (pid: string, file: 'cmdline' | 'environ'): string => {
  try {
    return readFileSync(join('/proc', pid, file), 'latin1');
  } catch {
    return '';
  }
};
/** The processes that name the folder in their arguments or their environment. */
const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && (partOf(pid, 'cmdline') + partOf(pid, 'environ')).includes(folder),
  );

/** Waits for something to become true, half a minute at most. */
const until = async (happened: () => boolean): Promise<boolean> => {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await setTimeout(50)) if (happened()) return true;
  return happened();
};

const MOMENTS: Readonly<Record<string, (folder: string) => boolean>> = {
  'while a command starts': (folder) => statSync(join(folder, 'server', 'calls')).size > 0,
  // The ssh client names the folder and the command, too, and is none of those that have to end.
  'while a command runs': (folder) =>
    processesOf(folder).some(
      (pid) => partOf(pid, 'environ').includes(`WINEPREFIX=${folder}/`) && partOf(pid, 'cmdline').includes('ping'),
    ),
};
for (const [when, hasCome] of Object.entries(MOMENTS))
  test(
    `when the test process is killed ${when}, the stand-ins end and leave nothing behind`,
    live(async (t) => {
      const program = `
        const { startStandIns } = await import(${JSON.stringify(import.meta.resolve('./stand-in.ts'))});
        const { emptyServer } = await import(${JSON.stringify(import.meta.resolve('../server/state.ts'))});
        const server = emptyServer();
        server.services.set('SstpSvc', { state: 4 });
        console.log((await startStandIns({ server })).sshConfig);
        setInterval(() => {}, 1000);`;
      const args = ['--input-type=module', '-e', program];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [printed] = await child.stdout.setEncoding('utf8').take(1).toArray();
      const config = String(printed).trim();
      t.regex(config, /ssh_config$/);
      const folder = dirname(config);
      const hanging = ssh(config, 'server', 'ping -n 100 127.0.0.1');
      t.true(await until(() => hasCome(folder)));
      child.kill('SIGKILL');
      t.is((await hanging).code, 255);
      const isGone = await until(() => !existsSync(folder) && processesOf(folder).length === 0);
      t.true(isGone, `${existsSync(folder) ? folder : 'processes'} left: ${processesOf(folder).join(' ')}`);
    }),
  );

const REFUSED: Readonly<Record<string, readonly [(server: Server) => void, RegExp]>> = {
  'a denied key': [(server) => deny(server, SERVICES), /Services is denied/],
  'a denied service': [({ services }) => services.set('RasMan', { state: 4, denied: true }), /RasMan is denied/],
  'a paused service': [({ services }) => services.set('RasMan', { state: 7 }), /RasMan is in state 7/],
  'a failed service': [({ services }) => services.set('RasMan', { state: 1, win32ExitCode: 5 }), /RasMan ended with 5/],
  'words for reg.exe': [
    ({ programs }) => programs.set('reg.exe query HKLM', { stdout: '', exitCode: 0 }),
    /reg\.exe is not one of/,
  ],
};
for (const [what, [change, message]] of Object.entries(REFUSED)) {
  test(`a description with ${what} is refused, not played in part`, async (t) => {
    const server = emptyServer();
    change(server);
    await t.throwsAsync(startStandIns({ server }), { message });
  });
}

test('a test that needs the stand-in passes with the reason where it is not installed, and fails in CI', async (t) => {
  const body = async () => {
    throw new Error('must not run');
  };
  const reason = 'not installed: wine64';
  const here = await t.try(live(body, { reason, mustRun: false }));
  here.discard();
  const inCi = await t.try(live(body, { reason, mustRun: true }));
  inCi.discard();
  t.deepEqual([here.passed, inCi.passed], [true, false]);
  t.regex(inCi.errors.map(String).join(), /not installed: wine64/);
});
