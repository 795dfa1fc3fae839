/** Our way in against the test server: every way to sign in, and byte for byte what the server printed. */
import test from 'ava';
import { Mistake } from '../../engine/mistake.ts';
import { trustIn } from '../../engine/transports/winrm/trust.ts';
import { type WinrmOptions, winrm } from '../../engine/transports/winrm.ts';
import { runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import { answer } from '../server/state.ts';
import { ask, credentialsOf, options, TRUST_AND_CERTIFICATE, USERS } from './ours.ts';
import { type ServerOptions, startServer, type WinrmServer } from './server.ts';
import { CA, FINGERPRINT, OTHER_FINGERPRINT, OTHER_NAME, SERVER, STRONG_SERVER } from './tls.ts';

const windows = healthy({ language: 'ja', alias: 'イーサネット 2' });
const play = (line: string) => runLine(windows, line);
const COMMANDS = [
  'sc.exe query RemoteAccess',
  'sc.exe query Nonsense',
  'netsh.exe http show sslcert',
  String.raw`reg.exe query "HKLM\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters" /s`,
  'wevtutil.exe qe System "/q:*[System[(Level <= 3)]]" /c:10 /f:xml',
];

const withServer = async <T>(more: Partial<ServerOptions>, work: (server: WinrmServer) => Promise<T>): Promise<T> => {
  const server = await startServer({ play, users: USERS, schemes: ['ntlm'], ...more });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
};

type Way = Readonly<{
  server: Partial<ServerOptions>;
  address(port: number): string;
  ours?: Partial<WinrmOptions>;
  requests: number;
  signedIn: string;
}>;
const tls = SERVER;

const WAYS: Readonly<Record<string, Way>> = {
  'NTLM, sealed, over HTTP': {
    server: {},
    address: (port) => `winrm+http://VPN%5Caudit@127.0.0.1:${port}`,
    requests: 6,
    signedIn: 'ntlm+integrity audit',
  },
  'NTLM with a server that tells no time': {
    server: { withoutTime: true },
    address: (port) => `winrm+http://audit@127.0.0.1:${port}`,
    requests: 6,
    signedIn: 'ntlm audit',
  },
  'NTLM over TLS, bound to the connection': {
    server: { tls, binding: { cert: SERVER.cert, hash: 'sha256' } },
    address: (port) => `winrm://VPN%5Caudit@127.0.0.1:${port}`,
    requests: 6,
    signedIn: 'ntlm+integrity+bound audit',
  },
  'NTLM over TLS, bound by a certificate with SHA-384': {
    server: { tls: STRONG_SERVER, binding: { cert: STRONG_SERVER.cert, hash: 'sha384' } },
    address: (port) => `winrm://audit@localhost:${port}?auth=ntlm`,
    requests: 6,
    signedIn: 'ntlm+integrity+bound audit',
  },
  'Basic over TLS': {
    server: { tls, schemes: ['basic'] },
    address: (port) => `winrm://audit@localhost:${port}?auth=basic`,
    requests: 4,
    signedIn: '',
  },
  'a client certificate': {
    server: { tls: { ...tls, ca: CA }, schemes: ['certificate'] },
    address: (port) => `winrm://localhost:${port}`,
    ours: { trust: TRUST_AND_CERTIFICATE },
    requests: 4,
    signedIn: '',
  },
  'a pinned certificate, without any authority': {
    server: { tls: OTHER_NAME, schemes: ['basic'] },
    address: (port) => `winrm://audit@127.0.0.1:${port}?auth=basic&fingerprint=${OTHER_FINGERPRINT}`,
    requests: 4,
    signedIn: '',
  },
};

for (const [name, { server: serverOptions, address, ours, requests, signedIn }] of Object.entries(WAYS))
  test(`${name}: ${requests} requests on one connection bring every byte, and no shell is left`, (t) =>
    withServer(serverOptions, async (server) => {
      const answers = await ask(address(server.port), COMMANDS, ours);
      for (const [at, command] of COMMANDS.entries()) {
        const printed = answer(windows, command);
        const { stdout, stderr, exitCode, missing } = answers[at] ?? t.fail('no answer');
        t.is(missing, undefined, command);
        t.deepEqual(
          [stdout, stderr, exitCode],
          [Buffer.from(printed.stdout), Buffer.from(printed.stderr), printed.exitCode],
        );
      }
      const steps = [
        ...(requests === 6 ? ['Negotiate', 'Authenticate'] : []),
        'Create',
        'Command',
        'Receive',
        'Delete',
      ];
      t.deepEqual(server.steps, steps);
      t.is(server.connections(), 1);
      t.is(server.shells.open(), 0);
      t.deepEqual(server.signedIn, signedIn ? [signedIn] : []);
    }));

test('several lines and several exchanges share one shell and one sign-in', (t) =>
  withServer({}, async (server) => {
    const transport = winrm(new URL(`winrm+http://audit@127.0.0.1:${server.port}`), options());
    const many = Array.from({ length: 120 }, (_, at) => `sc.exe query NameOfSomeServiceThatDoesNotExist${at}`);
    const { signal } = new AbortController();
    const exchanges = await Promise.all([
      transport.exchange(many, { signal }),
      transport.exchange(COMMANDS, { signal }),
    ]);
    await transport.close();
    await transport.close();
    t.true(exchanges.flat().every(({ missing }) => !missing));
    t.true(server.shells.lines.length > 2);
    t.is(server.steps.filter((step) => step === 'Create').length, 1);
    t.is(server.steps.filter((step) => step === 'Delete').length, 1);
    t.is(server.connections(), 1);
    t.is(server.shells.open(), 0);
  }));

test('a long answer comes in many pieces, whole', (t) => {
  const long = Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at * 31) % 251));
  async function* flood(line: string) {
    for (const printed of runLine(windows, line))
      yield printed.stdout.includes('SERVICE_NAME') ? { ...printed, stdout: long } : printed;
  }
  return withServer({ play: flood }, async (server) => {
    const [first, second] = await ask(`winrm+http://audit@127.0.0.1:${server.port}`, COMMANDS);
    t.true(long.equals(Buffer.from(first?.stdout ?? [])));
    t.is(second?.missing, undefined);
    t.true(server.steps.filter((step) => step === 'Receive').length > 10);
  });
});

test('the console of the shell has the code page of the server, and nobody reads its standard input', (t) =>
  withServer({}, async (server) => {
    await ask(`winrm+http://audit@127.0.0.1:${server.port}`, COMMANDS);
    t.deepEqual(server.shells.created, [new Map([['WINRS_NOPROFILE', 'TRUE']])]);
    t.regex(server.shells.lines[0] ?? '', /^cmd\.exe \/d \/q \/v:on \/s \/c "set n=::\d{18}:&/);
  }));

for (const [address, message] of [
  ['winrm://audit:secret@vpn01', /holds no password/],
  ['winrm+http://audit:secret@vpn01', /holds no password/],
  ['winrm+http://audit@vpn01?auth=basic', /only sealed NTLM/],
  ['winrm+http://vpn01', /only sealed NTLM/],
  ['winrm://audit@vpn01?auth=certificate', /no client certificate/],
  ['winrm://vpn01?auth=basic', /needs a user/],
  ['winrm://audit@vpn01?auth=credssp', /no way to sign in/],
  ['winrm://audit@vpn01?insecure=true', /no setting/],
  ['winrm://audit@vpn01?fingerprint=abc', /64 hexadecimal digits/],
  [`winrm+http://audit@vpn01?fingerprint=${FINGERPRINT}`, /64 hexadecimal digits/],
  ['winrm://audit@vpn01/wsman', /no host/],
  ['winrm://-x', /no host/],
] as const)
  test(`${address.replace('secret', '…').replace(/[0-9a-f]{64}/, '…')} is a mistake that repeats no password`, (t) => {
    const error = t.throws(() => winrm(new URL(address), options()), { instanceOf: Mistake, message });
    t.false(`${error?.message} ${error?.hint}`.includes('secret'));
  });

const steps = async (address: string, more: Partial<WinrmOptions> = {}) => {
  const transport = winrm(new URL(address), options(more));
  const taken = await transport.steps?.({ signal: new AbortController().signal });
  await transport.close();
  return taken ?? [];
};

test('the steps of the way are told one by one, and the shell of the look is deleted', (t) =>
  withServer({ tls: SERVER, schemes: ['basic'] }, async (server) => {
    const taken = await steps(`winrm://audit@localhost:${server.port}?auth=basic`);
    t.deepEqual(
      taken.map(({ step, said, missing }) => [step, said, missing]),
      [
        ['name', '127.0.0.1', undefined],
        ['tcp', String(server.port), undefined],
        ['tls', `TLSv1.3, SHA-256 ${FINGERPRINT}`, undefined],
        ['sign-in', 'basic audit', undefined],
        ['shell', 'cmd.exe', undefined],
        ['exchange', 'OEMCP 932', undefined],
      ],
    );
    t.is(server.shells.open(), 0);
  }));

test('the way ends at the step that fails, with the reason', (t) =>
  withServer({ tls: SERVER, schemes: ['basic'] }, async (server) => {
    const failing = async (address: string, more?: Partial<WinrmOptions>) =>
      (await steps(address, more)).map(({ step, missing }) => [step, missing?.reason]).filter(([, reason]) => reason);
    const address = `winrm://audit@localhost:${server.port}?auth=basic`;
    t.deepEqual(await failing(address, { credentials: credentialsOf('wrong') }), [['sign-in', 'refused']]);
    t.deepEqual(await failing(address, { trust: trustIn({}) }), [['tls', 'untrusted']]);
    t.deepEqual(await failing('winrm://audit@no-such-server.invalid'), [['name', 'unreachable']]);
    await server.close();
    t.deepEqual(await failing(address), [['tcp', 'refused']]);
  }));
