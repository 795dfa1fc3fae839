import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { healthy, SCHANNEL, SERVICES, SSTP_PARAMETERS, SYSTEM_CERTIFICATES } from '../server/healthy.ts';
import { answer, deny, emptyServer, type Server } from '../server/state.ts';
import { live } from './live.ts';
import { type StandIns, startStandIns, whyNot } from './stand-in.ts';

type Context = { standIns: StandIns; english: Server; japanese: Server };
const test = anyTest as TestFn<Context>;

type Outcome = Readonly<{ code: number | null; stdout: Buffer; stderr: Buffer }>;
const ssh = (config: string, host: string, line: string, ...options: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const all = ['-n', '-F', config, '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR', ...options, host, line];
    const child = execFile('ssh', all, { encoding: 'buffer' }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

/** Twice the same server, save for the language; on one of them RasMan has been stopped, and the firewall never ran. */
const describe = (language: 'en' | 'ja'): Server => {
  const server = healthy({ language, alias: language === 'ja' ? 'イーサネット ①髙' : 'Ethernet' });
  if (language === 'en') server.services.set('RasMan', { state: 1 }).set('MpsSvc', { state: 1, win32ExitCode: 1077 });
  return server;
};

test.before(
  live(async (t) => {
    const [english, japanese] = [describe('en'), describe('ja')];
    const started = Date.now();
    t.context = { standIns: await startStandIns({ english, japanese }), english, japanese };
    t.log(`two servers started in ${Date.now() - started} ms`);
  }),
);
test.after.always(live(async (t) => t.context.standIns.stop()));

/** What a command says over SSH, as latin1: one character per byte. */
const ask = async ({ standIns }: Context, host: 'english' | 'japanese', line: string) => {
  const { code, stdout, stderr } = await ssh(standIns.sshConfig, host, line);
  return { code, out: stdout.toString('latin1'), err: stderr.toString('latin1') };
};

test(
  'a value of the described registry is printed by the real reg.exe',
  live(async (t) => {
    const { code, out, err } = await ask(t.context, 'english', `reg.exe query ${SSTP_PARAMETERS} /v ListenerPort`);
    const key = SSTP_PARAMETERS.replace('HKLM', 'HKEY_LOCAL_MACHINE');
    t.deepEqual([code, out, err], [0, `\r\n${key}\r\n    ListenerPort    REG_DWORD    0x0\r\n\r\n`, '']);
  }),
);

/** Wine keeps the values of a key sorted by name, Windows in the order in which they came: that is left out. */
const valuesIn = (bytes: Uint8Array): readonly string[] =>
  Buffer.from(bytes)
    .toString('latin1')
    .split('\r\n')
    .filter((line) => line.startsWith('    '))
    .sort();

const TREES = [
  ...['HTTP', 'RemoteAccess', 'SharedAccess', 'SstpSvc'].map((name) => `${SERVICES}\\${name}`),
  String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class`,
  String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Network`,
  SCHANNEL,
  SYSTEM_CERTIFICATES,
];
for (const tree of TREES) {
  test(
    `below ${tree}, wine holds what is described and nothing of its own`,
    live(async (t) => {
      for (const name of ['english', 'japanese'] as const) {
        const command = `reg.exe query "${tree}" /s`;
        const described = valuesIn(answer(t.context[name], command).stdout);
        t.true(described.length > 0);
        t.deepEqual(valuesIn((await ssh(t.context.standIns.sshConfig, name, command)).stdout), described);
      }
    }),
  );
}

const numbers = (text: string): readonly string[] => [...text.matchAll(/: (\w+) /g)].map(([, number]) => number ?? '');

test(
  'the real service control manager runs the services that are described as running',
  live(async (t) => {
    for (const name of t.context.japanese.services.keys()) {
      const { code, out } = await ask(t.context, 'japanese', `sc.exe query ${name}`);
      t.is(code, 0);
      t.deepEqual(numbers(out).slice(0, 3), [name === 'HTTP' ? '1' : '20', '4', '0'], out);
    }
  }),
);

test(
  'a service that was stopped and one that never ran are told apart',
  live(async (t) => {
    t.deepEqual(numbers((await ask(t.context, 'english', 'sc.exe query RasMan')).out).slice(0, 3), ['20', '1', '0']);
    t.deepEqual(numbers((await ask(t.context, 'english', 'sc.exe query MpsSvc')).out).slice(0, 3), ['20', '1', '1077']);
  }),
);

test(
  'a replaced program prints its recording to the byte, however the call is spaced and spelled',
  live(async (t) => {
    const { stdout, exitCode } = answer(t.context.english, 'netsh.exe http show sslcert');
    const outcome = await ssh(t.context.standIns.sshConfig, 'english', 'NETSH.EXE  http show  SSLCERT ');
    t.deepEqual([outcome.code, outcome.stderr.length], [exitCode, 0]);
    t.deepEqual(outcome.stdout, Buffer.from(stdout));
  }),
);

test(
  'every query of a log is answered by the recording of that log',
  live(async (t) => {
    const query = `wevtutil.exe qe "System" /q:"*[System[(Level<=3) and Provider[@Name='RasSstp']]]" /f:xml`;
    const { code, out } = await ask(t.context, 'english', query);
    t.is(code, 0);
    t.is(out, Buffer.from(answer(t.context.english, query).stdout).toString('latin1'));
  }),
);

test(
  'a call that was not recorded says so and ends with 87',
  live(async (t) => {
    const { code, out, err } = await ask(t.context, 'english', 'netsh.exe http show nothing');
    t.deepEqual([code, out], [87, '']);
    t.regex(err, /^replay: no recording C:\\fixtures\\netsh\\[0-9a-f]{8} of: netsh http show nothing\r\n$/);
  }),
);

test(
  'a Japanese server prints code page 932 in real and in recorded answers, and speaks Japanese',
  live(async (t) => {
    const decoder = new TextDecoder('shift_jis', { fatal: true });
    const said = async (line: string) =>
      decoder.decode((await ssh(t.context.standIns.sshConfig, 'japanese', line)).stdout);
    t.regex(await said(String.raw`reg.exe query HKLM\SYSTEM\CurrentControlSet\Control\Network /s`), /イーサネット ①髙/);
    t.regex(await said('netsh.exe http show sslcert'), /証明書/);
    t.regex(await said(String.raw`reg.exe query HKLM\nothing`), /指定された/);
    t.regex(await said('reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage /v OEMCP'), /932/);
  }),
);

/** Where the outer cmd.exe is not inside quotes, operators must be escaped. */
const forTwoParsers = (line: string): string =>
  line
    .split('"')
    .map((part, at) => (at % 2 === 0 ? part.replace(/[&|<>]/g, '^$&') : part))
    .join('"');

const marked = (command: string, id: number): string =>
  `echo ::!n!:0:${id}::&>&2 echo ::!n!:0:${id}::&(call )&${command}&echo ::!n!:1:${id}:!errorlevel!::&>&2 echo ::!n!:1:${id}::`;

test(
  'a batch passes both cmd.exe with quotes, variables, operators and whole exit codes',
  live(async (t) => {
    const commands = [
      String.raw`reg.exe query !s!\SstpSvc /v Start`,
      String.raw`reg.exe query "!s!\RemoteAccess\Parameters\AccountLockout" /v "ResetTime (mins)"`,
      String.raw`reg.exe query "!s!\SstpSvc" /v "A & B <|>"`,
      'cmd.exe /c exit 1060',
      'missing.exe',
      'echo "a & b | <c>"',
    ];
    const body = `set n=123456789012345678&set "s=${SERVICES}"&${commands.map(marked).join('&')}`;
    const { out, err } = await ask(t.context, 'english', forTwoParsers(`cmd /d /q /v:on /s /c "${body}"`));
    const codes = [...out.matchAll(/^::123456789012345678:1:(\d):(-?\d+)::\r$/gm)].map(([, id, code]) => [id, code]);
    t.deepEqual(
      codes,
      [
        ['0', '0'],
        ['1', '0'],
        ['2', '1'],
        ['3', '1060'],
        ['4', '9009'],
        ['5', '0'],
      ],
      out,
    );
    t.is([...err.matchAll(/^::123456789012345678:[01]:\d::\r$/gm)].length, 2 * commands.length, err);
    t.regex(out, /^ {4}Start {4}REG_DWORD {4}0x3\r$/m);
    t.regex(out, /^ {4}ResetTime \(mins\) {4}REG_DWORD {4}0xb40\r$/m);
    t.regex(out, /^"a & b \| <c>"\r$/m);
  }),
);

test(
  'commands are counted per server',
  live(async (t) => {
    const standIns = await startStandIns({ one: emptyServer(), 'two.example': emptyServer() });
    try {
      await ssh(standIns.sshConfig, 'one', 'echo 1&echo 2');
      await ssh(standIns.sshConfig, 'one', 'exit 3');
      t.deepEqual([await standIns.connections('one'), await standIns.connections('two.example')], [2, 0]);
      t.regex((await ssh(standIns.sshConfig, 'two.example', 'sc.exe query HTTP')).stdout.toString(), /^$/);
    } finally {
      await standIns.stop();
    }
  }),
);

test(
  'a client that does not know the host key is turned away before a command is sent',
  live(async (t) => {
    const { sshConfig } = t.context.standIns;
    const { code, stderr } = await ssh(sshConfig, 'english', 'echo 1', '-o', 'UserKnownHostsFile=/dev/null');
    t.is(code, 255);
    t.regex(stderr.toString(), /host key verification failed/i);
  }),
);

/** The processes that name the folder in their arguments or their environment. */
const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) =>
      ['cmdline', 'environ'].some((file) => {
        try {
          return readFileSync(join('/proc', pid, file), 'latin1').includes(folder);
        } catch {
          return false;
        }
      }),
    );

test(
  'when the test process is killed, the stand-ins end and leave nothing behind',
  live(async (t) => {
    const program = `
      const { startStandIns } = await import(${JSON.stringify(import.meta.resolve('./stand-in.ts'))});
      const { emptyServer } = await import(${JSON.stringify(import.meta.resolve('../server/state.ts'))});
      const server = emptyServer();
      server.services.set('SstpSvc', { state: 4 });
      console.log((await startStandIns({ server })).sshConfig);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [config] = await child.stdout.setEncoding('utf8').take(1).toArray();
    const folder = dirname(String(config).trim());
    const hanging = ssh(String(config).trim(), 'server', 'ping -n 100 127.0.0.1');
    while (!processesOf(folder).some((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('ping')))
      await setTimeout(50);
    child.kill('SIGKILL');
    t.is((await hanging).code, 255);
    for (let tries = 0; tries < 200 && (existsSync(folder) || processesOf(folder).length > 0); tries++)
      await setTimeout(50);
    t.false(existsSync(folder));
    t.deepEqual(processesOf(folder), []);
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
  test(
    `a description with ${what} is refused, not played in part`,
    live(async (t) => {
      const server = emptyServer();
      change(server);
      await t.throwsAsync(startStandIns({ server }), { message });
    }),
  );
}

test('what is missing on a machine is named together with the remedy', (t) => {
  t.true(whyNot() === undefined || whyNot()?.includes('ci/setup-debian.sh'));
});
