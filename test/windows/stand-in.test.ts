import anyTest, { type TestFn } from 'ava';
import { healthy, SCHANNEL, SERVICES, SSTP_PARAMETERS, SYSTEM_CERTIFICATES } from '../server/healthy.ts';
import { answer, type Server } from '../server/state.ts';
import { live } from './live.ts';
import { ssh } from './ssh.ts';
import { type StandIns, startStandIns } from './stand-in.ts';

type Context = { standIns: StandIns; english: Server; japanese: Server };
const test = anyTest as TestFn<Context>;

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
test.after.always(live(async (t) => t.context.standIns?.stop()));

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

test(
  'a key or value that does not exist leaves stdout empty; an empty key is named by /s',
  live(async (t) => {
    for (const what of [String.raw`HKLM\SOFTWARE\Nothing`, `${SSTP_PARAMETERS} /v Nothing`]) {
      const { code, out, err } = await ask(t.context, 'english', `reg.exe query ${what}`);
      t.deepEqual([code, out], [1, '']);
      t.regex(err, /Unable to find/);
    }
    const { stdout } = answer(t.context.english, `reg.exe query ${SCHANNEL}\\Hashes /s`);
    const { out } = await ask(t.context, 'english', `reg.exe query ${SCHANNEL}\\Hashes /s`);
    t.is(out, Buffer.from(stdout).toString('latin1'));
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
    for (const [name, { type = 0x20 }] of t.context.japanese.services) {
      const { code, out } = await ask(t.context, 'japanese', `sc.exe query ${name}`);
      t.is(code, 0);
      t.deepEqual(numbers(out).slice(0, 3), [type.toString(16), '4', '0'], out);
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
    const said = async (line: string) => {
      const { stdout, stderr } = await ssh(t.context.standIns.sshConfig, 'japanese', line);
      return decoder.decode(Buffer.concat([stdout, stderr]));
    };
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
  `echo !n!0:${id}::&>&2 echo !n!0:${id}::&(call )&${command}&echo !n!1:${id}:!errorlevel!::&>&2 echo !n!1:${id}::`;

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
    const body = `set n=::123456789012345678:&set "s=${SERVICES}"&${commands.map(marked).join('&')}`;
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
