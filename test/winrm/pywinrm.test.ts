/** Two clients, one server: what Debian's pywinrm gets, we get, byte for byte. */
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { decode, encode, newNonce } from '../../engine/snap.ts';
import type { WinrmOptions } from '../../engine/transports/winrm.ts';
import { runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import { live } from '../windows/live.ts';
import { ASCII_PASSWORD, ask, credentialsOf, PASSWORD, TRUST_AND_CERTIFICATE, USERS } from './ours.ts';
import { type Asking, pywinrm, whyNoPywinrm } from './pywinrm.ts';
import { type ServerOptions, startServer, type WinrmServer } from './server.ts';
import { CA, CLIENT, SERVER } from './tls.ts';

const here = { reason: whyNoPywinrm(), mustRun: process.env['CI'] === 'true' };
const windows = healthy({ language: 'ja', alias: 'イーサネット 2' });
const COMMANDS = [
  'sc.exe query RemoteAccess',
  'sc.exe query Nonsense',
  'netsh.exe http show sslcert',
  'wevtutil.exe qe System "/q:*[System[(Level <= 3)]]" /c:10 /f:xml',
];

const withServer = async (options: Partial<ServerOptions>, work: (server: WinrmServer) => Promise<void>) => {
  const play = (line: string) => runLine(windows, line);
  const server = await startServer({ play, users: USERS, schemes: ['ntlm'], ...options });
  try {
    await work(server);
  } finally {
    await server.close();
  }
};

type Mode = Readonly<{
  server: Partial<ServerOptions>;
  theirs(port: number): Omit<Asking, 'lines'>;
  ours(port: number): string;
  options?: Partial<WinrmOptions>;
  signedIn: string;
}>;

const MODES: Readonly<Record<string, Mode>> = {
  'sealed NTLM over HTTP': {
    server: {},
    theirs: (port) => ({
      endpoint: `http://127.0.0.1:${port}/wsman`,
      transport: 'ntlm',
      username: 'VPN\\audit',
      password: PASSWORD,
      message_encryption: 'always',
    }),
    ours: (port) => `winrm+http://VPN%5Caudit@127.0.0.1:${port}`,
    signedIn: 'ntlm+integrity audit',
  },
  'NTLM over TLS, bound to the connection': {
    server: { tls: SERVER, binding: { cert: SERVER.cert, hash: 'sha256' } },
    theirs: (port) => ({
      endpoint: `https://localhost:${port}/wsman`,
      transport: 'ntlm',
      username: 'VPN\\audit',
      password: PASSWORD,
      ca: CA,
    }),
    ours: (port) => `winrm://VPN%5Caudit@localhost:${port}`,
    signedIn: 'ntlm+integrity+bound audit',
  },
  'Basic over TLS': {
    server: { tls: SERVER, schemes: ['basic'] },
    theirs: (port) => ({
      endpoint: `https://localhost:${port}/wsman`,
      transport: 'basic',
      username: 'operator',
      password: ASCII_PASSWORD,
      ca: CA,
    }),
    ours: (port) => `winrm://operator@localhost:${port}?auth=basic`,
    options: { credentials: credentialsOf(ASCII_PASSWORD) },
    signedIn: '',
  },
  'a client certificate': {
    server: { tls: { ...SERVER, ca: CA }, schemes: ['certificate'] },
    theirs: (port) => ({
      endpoint: `https://localhost:${port}/wsman`,
      transport: 'certificate',
      ca: CA,
      certificate: CLIENT,
    }),
    ours: (port) => `winrm://localhost:${port}`,
    options: { trust: TRUST_AND_CERTIFICATE },
    signedIn: '',
  },
};

for (const [name, { server: serverOptions, theirs, ours, options, signedIn }] of Object.entries(MODES))
  test.serial(
    `${name}: pywinrm works against the test server, and we get the same bytes from it`,
    live(
      async (t) =>
        withServer(serverOptions, async (server) => {
          const nonce = newNonce();
          const { line = '' } = encode(COMMANDS, nonce);
          const outputs = await pywinrm({ ...theirs(server.port), lines: [...COMMANDS.slice(0, 3), line] });
          if (signedIn) t.deepEqual([...server.signedIn], [signedIn]);
          t.is(server.shells.open(), 0);
          const answers = await ask(ours(server.port), COMMANDS, options);
          t.is(server.shells.open(), 0);
          const batch = outputs[3] ?? t.fail();
          const segments = decode(batch, nonce, COMMANDS.length);
          for (const [at, command] of COMMANDS.entries()) {
            const [answer, segment] = [answers[at], segments[at]];
            t.is(answer?.missing, undefined, command);
            t.true(segment?.complete, command);
            t.deepEqual(
              [answer?.stdout, answer?.stderr, answer?.exitCode],
              [segment?.stdout, segment?.stderr, segment?.exitCode],
            );
            const alone = outputs[at];
            if (alone && at < 3)
              t.deepEqual(
                [answer?.stdout, answer?.stderr, answer?.exitCode],
                [alone.stdout, alone.stderr, alone.exitCode],
              );
          }
        }),
      here,
    ),
  );

test.serial(
  'pywinrm waits through timed-out faults as we do',
  live(async (t) => {
    const slowly = async function* (line: string) {
      await setTimeout(2_500);
      yield* runLine(windows, line);
    };
    await withServer({ play: slowly }, async (server) => {
      const mode = MODES['sealed NTLM over HTTP']?.theirs(server.port) ?? t.fail();
      const [output] = await pywinrm({
        ...mode,
        operation_timeout_sec: 1,
        read_timeout_sec: 10,
        lines: COMMANDS.slice(0, 1),
      });
      t.is(output?.exitCode, 0);
      t.true(server.steps.filter((step) => step === 'Receive').length >= 3);
    });
  }, here),
);

test.serial(
  'the server refuses pywinrm with a wrong password, and without sealing',
  live(async (t) => {
    await withServer({}, async (server) => {
      const mode = MODES['sealed NTLM over HTTP']?.theirs(server.port) ?? t.fail();
      const lines = COMMANDS.slice(0, 1);
      await t.throwsAsync(pywinrm({ ...mode, password: 'wrong', lines }), { message: /credentials were rejected/ });
      await t.throwsAsync(pywinrm({ ...mode, message_encryption: 'never', lines }), { message: /500/ });
      t.is(server.shells.open(), 0);
    });
  }, here),
);
