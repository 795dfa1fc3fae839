/** Everything that can go wrong on the way, at every step: the right reason, in time, and no shell left behind. */
import { createServer } from 'node:net';
import test from 'ava';
import { LIMITS } from '../../engine/limits.ts';
import type { Reason } from '../../engine/model.ts';
import { SEALED_TYPE } from '../../engine/transports/winrm/sealed-body.ts';
import { trustIn } from '../../engine/transports/winrm/trust.ts';
import type { WinrmOptions } from '../../engine/transports/winrm.ts';
import { runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import {
  at,
  changed,
  drip,
  envelope,
  fault,
  first,
  forged,
  half,
  hang,
  page,
  reset,
  unsealed,
} from './misbehaviour.ts';
import { ask, credentialsOf, USERS } from './ours.ts';
import { type Misbehaviour, type ServerOptions, startServer, type WinrmServer } from './server.ts';
import { CA, EXPIRED, FINGERPRINT, OTHER_NAME, SERVER } from './tls.ts';

const windows = healthy();
const play = (line: string) => runLine(windows, line);
const COMMANDS = ['sc.exe query RemoteAccess', 'sc.exe query SstpSvc', 'sc.exe query RasMan'];
/** How long a request may take: no longer than needed where that is what the test waits for. */
const [SHORT_MS, LONG_MS] = [600, 10_000];

type Case = Readonly<{
  name: string;
  misbehave?: Misbehaviour;
  server?: Partial<ServerOptions>;
  ours?: Partial<WinrmOptions>;
  address?(port: number): string;
  reasons: readonly (Reason | undefined)[];
  detail: RegExp;
  /** Shells that only the server's idle time ends, since its answer never told their names. */
  lost?: number;
  commandMs?: number;
}>;
const all = (reason: Reason) => [reason, reason, reason];
const overHttp = (port: number): string => `winrm+http://VPN%5Caudit@127.0.0.1:${port}`;
const basic = (port: number): string => `winrm://audit@localhost:${port}?auth=basic`;
const TLS: Partial<ServerOptions> = { tls: SERVER, schemes: ['basic'] };

const run = async ({ misbehave, server: more, ours, address = overHttp, commandMs = LONG_MS }: Case) => {
  const server = await startServer({ play, users: USERS, schemes: ['ntlm'], ...(misbehave && { misbehave }), ...more });
  try {
    const started = Date.now();
    const answers = await ask(address(server.port), COMMANDS, { commandMs, ...ours });
    return { answers, server, tookMs: Date.now() - started, open: await settled(server) };
  } finally {
    await server.close();
  }
};

/** A request that we gave up may still be on its way to the server. */
const settled = async (server: WinrmServer): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return server.shells.open();
};

const CASES: readonly Case[] = [
  ...(['Negotiate', 'Authenticate', 'Create', 'Command', 'Receive'] as const).flatMap((step): Case[] => [
    {
      name: `a reset at ${step}`,
      misbehave: at(step, reset),
      reasons: all(step === 'Negotiate' ? 'refused' : 'truncated'),
      detail: /closed the connection without an answer|ended in the middle/,
    },
    {
      name: `a server that hangs at ${step}`,
      misbehave: at(step, hang),
      reasons: all('timed-out'),
      detail: /no answer within 0\.6 s/,
      commandMs: SHORT_MS,
    },
    {
      name: `a server that drips at ${step}`,
      misbehave: at(step, drip),
      reasons: all('timed-out'),
      detail: /no answer within 0\.6 s/,
      commandMs: SHORT_MS,
    },
    {
      name: `status 500 without a word at ${step}`,
      misbehave: at(step, page(500, {}, '')),
      reasons: all('unreadable'),
      detail: /failed without saying why/,
    },
    {
      name: `status 503 at ${step}`,
      misbehave: at(step, page(503)),
      reasons: all('refused'),
      detail: /does not run, or is too busy/,
    },
  ]),
  ...(['Create', 'Command', 'Receive'] as const).map(
    (step): Case => ({
      name: `half an answer to ${step}`,
      misbehave: at(step, half),
      reasons: all('truncated'),
      detail: /ended in the middle of the conversation/,
      ...(step === 'Create' && { lost: 1 }),
    }),
  ),
  ...(
    [
      [5, 'AccessDenied', 'denied', /administrator, or the right Invoke.*0x00000005: Access is denied\./],
      [0x803381a5, 'QuotaLimit', 'refused', /MaxShellsPerUser.*0x803381A5/],
      [0x803381a6, 'QuotaLimit', 'refused', /MaxConcurrentOperationsPerUser/],
      [0x803381a8, 'QuotaLimit', 'refused', /load quota/],
      [0x803381ac, 'AccessDenied', 'refused', /no remote shells: its policy Allow Remote Shell Access/],
      [0x80338048, 'EncodingLimit', 'truncated', /MaxEnvelopeSizekb/],
      [0x8033805b, 'InvalidSelectors', 'truncated', /shell is gone/],
      [995, 'InternalError', 'truncated', /ended the command/],
      [0x80338029, 'TimedOut', 'timed-out', /did not do in time/],
      [0x80339999, 'SomethingNew', 'unreadable', /do not know \(0x80339999: Access is denied\.\)/],
      [4_000_000_000, 'QuotaLimit', 'refused', /one of the quotas/],
    ] as const
  ).map(
    ([code, kind, reason, detail]): Case => ({
      name: `the fault ${kind} ${code} at Create`,
      misbehave: at('Create', fault(code, kind, 'Access is denied.')),
      reasons: all(reason),
      detail,
    }),
  ),
  {
    name: 'a shell that is gone when the command comes',
    misbehave: at('Command', fault(0x8033805b, 'InvalidSelectors')),
    reasons: all('truncated'),
    detail: /shell is gone/,
  },
  {
    name: 'a quota that is used up in the middle',
    misbehave: at('Receive', fault(0x803381a6, 'QuotaLimit')),
    reasons: all('refused'),
    detail: /MaxConcurrentOperationsPerUser/,
  },
  {
    name: 'an answer that is not sealed',
    misbehave: at('Create', unsealed),
    reasons: all('untrusted'),
    detail: /not sealed/,
    lost: 1,
  },
  {
    name: 'output that is not sealed',
    misbehave: at('Receive', unsealed),
    reasons: all('untrusted'),
    detail: /not sealed/,
  },
  {
    name: 'an answer whose seal is broken',
    misbehave: at('Command', forged),
    reasons: all('untrusted'),
    detail: /seal of an answer is broken/,
  },
  {
    name: 'a sealed answer that is cut',
    misbehave: at('Command', page(200, { 'Content-Type': SEALED_TYPE }, '--Encrypted Boundary\r\n')),
    reasons: all('unreadable'),
    detail: /no sealed message/,
  },
  {
    name: 'a web page that is not sealed',
    misbehave: at('Create', page(200)),
    reasons: all('untrusted'),
    detail: /not sealed/,
  },
  {
    name: 'an envelope with a DOCTYPE',
    misbehave: at('Create', envelope('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')),
    reasons: all('unreadable'),
    detail: /DOCTYPE/,
  },
  {
    name: 'an envelope with an entity of its own',
    misbehave: at('Create', envelope('<x>&a;</x>')),
    reasons: all('unreadable'),
    detail: /no XML that we read/,
  },
  {
    name: 'an envelope that is too deep',
    misbehave: at('Create', envelope(`${'<x>'.repeat(200)}${'</x>'.repeat(200)}`)),
    reasons: all('unreadable'),
    detail: /too many elements/,
  },
  {
    name: 'an envelope with too many elements',
    misbehave: at('Create', envelope(`<x>${'<y/>'.repeat(10_000)}</x>`)),
    reasons: all('unreadable'),
    detail: /too many elements/,
  },
  {
    name: 'a huge envelope',
    misbehave: at('Receive', envelope(`<x>${'y'.repeat(1_500_000)}</x>`)),
    reasons: all('truncated'),
    detail: /larger than 1 MB/,
  },
  {
    name: 'XML that is no envelope',
    misbehave: at('Create', envelope('<x/>')),
    reasons: all('unreadable'),
    detail: /no SOAP envelope/,
  },
  {
    name: 'an answer to another request',
    misbehave: at(
      'Command',
      changed((xml) => xml.replace(/<a:RelatesTo>[^<]*/, '<a:RelatesTo>uuid:0')),
    ),
    reasons: all('unreadable'),
    detail: /another request/,
  },
  {
    name: 'output that is no base64',
    misbehave: at(
      'Receive',
      changed((xml) => xml.replace(/(<rsp:Stream Name="stdout" CommandId="[^"]*">)../, '$1!?')),
    ),
    reasons: all('unreadable'),
    detail: /not base64/,
  },
  {
    name: 'output that is no base64 after all, behind blanks that fill the envelope',
    misbehave: at(
      'Receive',
      changed((xml) => xml.replace(/(<rsp:Stream Name="stdout" CommandId="[^"]*">)../, `$1${' '.repeat(900_000)}!`)),
    ),
    reasons: all('unreadable'),
    detail: /not base64/,
  },
  {
    name: 'a proxy page in the way, over TLS',
    misbehave: at('Create', page(200)),
    server: TLS,
    address: basic,
    reasons: all('unreachable'),
    detail: /something else than WinRM answered.*status 200, text\/html/,
  },
  {
    name: 'a proxy that wants a sign-in of its own',
    misbehave: at('Create', page(407)),
    server: TLS,
    address: basic,
    reasons: all('unreachable'),
    detail: /a proxy stands in the way/,
  },
  {
    name: 'a web server without WinRM',
    misbehave: at('Create', page(404)),
    server: TLS,
    address: basic,
    reasons: all('refused'),
    detail: /no WinRM listener/,
  },
  {
    name: 'a server that forbids',
    misbehave: at('Create', page(403)),
    server: TLS,
    address: basic,
    reasons: all('refused'),
    detail: /does not let this account in/,
  },
  {
    name: 'a server that says 401 for ever in mid-conversation',
    misbehave: first(at('Receive', page(401), { always: true }), at('Delete', page(401), { always: true })),
    reasons: all('refused'),
    detail: /forgot in mid-conversation/,
    lost: 1,
  },
  {
    name: 'a wrong password',
    ours: { credentials: credentialsOf('wrong') },
    reasons: all('refused'),
    detail: /rejected the user name or the password/,
  },
  {
    name: 'a wrong password, for Basic',
    server: TLS,
    address: basic,
    ours: { credentials: credentialsOf('wrong') },
    reasons: all('refused'),
    detail: /rejected the user name or the password/,
  },
  {
    name: 'a server without NTLM',
    server: { tls: SERVER, schemes: ['basic'] },
    address: (port) => `winrm://audit@localhost:${port}`,
    reasons: all('refused'),
    detail: /it offers basic/,
  },
  {
    name: 'a server without Basic',
    server: { tls: SERVER },
    address: basic,
    reasons: all('refused'),
    detail: /it offers negotiate/,
  },
  {
    name: 'a certificate of an authority that is not trusted',
    server: TLS,
    address: basic,
    ours: { trust: trustIn({}) },
    reasons: all('untrusted'),
    detail: /no certificate authority that is trusted here/,
  },
  {
    name: 'a certificate for another name',
    server: { ...TLS, tls: OTHER_NAME },
    address: basic,
    reasons: all('untrusted'),
    detail: /for another name/,
  },
  {
    name: 'an expired certificate',
    server: { ...TLS, tls: EXPIRED },
    address: basic,
    reasons: all('untrusted'),
    detail: /has expired/,
  },
  {
    name: 'another certificate than the pinned one',
    server: { ...TLS, tls: OTHER_NAME },
    address: (port) => `${basic(port)}&fingerprint=${FINGERPRINT}`,
    reasons: all('untrusted'),
    detail: /another certificate than the pinned one/,
  },
  {
    name: 'TLS where the server speaks plain HTTP',
    address: basic,
    reasons: all('refused'),
    detail: /does not agree to a TLS connection/,
  },
  {
    name: 'plain HTTP where the server speaks TLS',
    server: { tls: SERVER },
    reasons: all('refused'),
    detail: /without an answer/,
  },
  {
    name: 'a server that takes certificates when we have one that it does not know',
    server: { tls: SERVER, schemes: ['certificate'] },
    address: (port) => `winrm://localhost:${port}?auth=certificate`,
    ours: { trust: trustIn({ ca: CA, certificate: SERVER }) },
    reasons: all('refused'),
    detail: /maps our certificate to no account/,
  },
];

for (const one of CASES)
  test.serial(`${one.name} is ${[...new Set(one.reasons)].join(' or ')}, in time, and leaves no shell`, async (t) => {
    const { answers, tookMs, open } = await run(one);
    t.deepEqual(
      answers.map(({ missing }) => missing?.reason),
      one.reasons,
      answers[0]?.missing?.detail,
    );
    t.regex(answers[0]?.missing?.detail ?? '', one.detail);
    t.true(answers.every(({ exitCode }) => exitCode === null));
    t.is(open, one.lost ?? 0);
    // What it waits for, the farewell, and a little more on a busy machine.
    t.true(tookMs < SHORT_MS + LIMITS.farewellMs + 3_000, `${tookMs} ms`);
  });

test('a server that has no output, and says so at once each time, is not hammered', async (t) => {
  const misbehave = at('Receive', fault(0x80338029, 'TimedOut'), { always: true });
  const { answers, server } = await run({ name: '', misbehave, reasons: [], detail: /./, commandMs: 1_000 });
  t.is(answers[0]?.missing?.reason, 'timed-out');
  t.true(server.steps.filter((step) => step === 'Receive').length <= 6, server.steps.join(' '));
});

test('nothing listens', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  const address = await new Promise<number>((resolve) =>
    listener.once('listening', () => {
      const at = listener.address();
      listener.close(() => resolve(at && typeof at === 'object' ? at.port : 0));
    }),
  );
  const [answer] = await ask(overHttp(address), COMMANDS);
  t.is(answer?.missing?.reason, 'refused');
  t.regex(answer?.missing?.detail ?? '', /nothing listens there/);
});

test('a name that nobody knows is unreachable', async (t) => {
  const [answer] = await ask('winrm+http://audit@no-such-server.invalid', COMMANDS);
  t.is(answer?.missing?.reason, 'unreachable');
});
