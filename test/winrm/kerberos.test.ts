/** Kerberos over TLS: against a real KDC, and against a pretended curl for what a KDC does not say on demand. */
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import type { WinrmOptions } from '../../engine/transports/winrm.ts';
import { runLine } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';
import { answer } from '../server/state.ts';
import { live } from '../windows/live.ts';
import { type Domain, startDomain, whyNoKerberos } from './kdc.ts';
import { ask } from './ours.ts';
import { type ServerOptions, startServer, type WinrmServer } from './server.ts';
import { SERVER } from './tls.ts';

const windows = healthy();
const COMMANDS = ['sc.exe query RemoteAccess', 'netsh.exe http show sslcert', 'sc.exe query RasMan'];
const here = { reason: whyNoKerberos(), mustRun: process.env['CI'] === 'true' };

let domain: Domain;
test.before(async () => {
  if (!here.reason) domain = await startDomain();
});
test.after.always(async () => domain?.stop());

type Asking = Partial<WinrmOptions> & { host?: string };
const withServer = async <T>(
  options: Partial<ServerOptions>,
  { host = 'localhost', ...ours }: Asking,
  check: (answers: Awaited<ReturnType<typeof ask>>, server: WinrmServer) => T,
): Promise<T> => {
  const play = (line: string) => runLine(windows, line);
  const server = await startServer({ play, tls: SERVER, schemes: ['kerberos'], ...options });
  try {
    return check(await ask(`winrm://${host}:${server.port}`, COMMANDS, ours), server);
  } finally {
    await server.close();
  }
};

for (const [name, forgetful, refused] of [
  ['a ticket signs the connection in', false, 0],
  ['a server that wants a ticket with every request gets one', true, 3],
] as const)
  test.serial(
    `${name}: four requests bring every byte, and no shell is left`,
    live(
      async (t) =>
        withServer({ kerberos: domain.accept, forgetful }, { env: domain.env }, (answers, server) => {
          for (const [at, command] of COMMANDS.entries()) {
            const { stdout, exitCode } = answer(windows, command);
            t.is(answers[at]?.missing, undefined, answers[at]?.missing?.detail);
            t.deepEqual([answers[at]?.stdout, answers[at]?.exitCode], [Buffer.from(stdout), exitCode]);
          }
          t.deepEqual(server.steps, ['Create', 'Command', 'Receive', 'Delete']);
          t.is(server.refused(), refused);
          t.true(server.signedIn.every((who) => who === 'kerberos audit@VPN.TEST') && server.signedIn.length > 0);
          t.is(server.shells.open(), 0);
        }),
      here,
    ),
  );

const refusals: readonly (readonly [string, () => Promise<Asking>, RegExp])[] = [
  ['no tickets', async () => ({ env: domain.withoutTickets }), /there are no tickets: sign in with kinit/],
  [
    'a name that the domain does not know',
    async () => ({ env: domain.env, host: '127.0.0.1' }),
    /knows no server by this name/,
  ],
  [
    'tickets that have expired',
    async () => {
      const env = await domain.signedInFor(1);
      await setTimeout(2_500);
      return { env };
    },
    /tickets have expired/,
  ],
];
for (const [name, asking, detail] of refusals)
  test.serial(
    `${name}: refused, with what to do`,
    live(
      async (t) =>
        withServer({ kerberos: domain.accept }, await asking(), ([answered], server) => {
          t.is(answered?.missing?.reason, 'refused');
          t.regex(answered?.missing?.detail ?? '', detail);
          t.deepEqual(server.steps, []);
        }),
      here,
    ),
  );

test.serial(
  'a server with another key, or another clock, does not accept the ticket',
  live(
    async (t) =>
      withServer({ kerberos: async () => undefined }, { env: domain.env }, ([answered]) => {
        t.is(answered?.missing?.reason, 'refused');
        t.regex(answered?.missing?.detail ?? '', /does not accept the Kerberos ticket: its clock may be wrong/);
      }),
    here,
  ),
);

/** A program named curl that says this, and sends nothing. */
const pretend = async (script: string): Promise<{ curl: string; folder: string }> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-curl-'));
  const curl = path.join(folder, 'curl');
  await writeFile(curl, `#!/bin/bash\nprintf '%s\\n' "$@" > '${folder}/argv'; echo $$ > '${folder}/pid'\n${script}\n`);
  await chmod(curl, 0o755);
  return { curl, folder };
};

for (const [said, reason, detail] of [
  [
    '* gss_init_sec_context() failed: Clock skew too great. ',
    'refused',
    /clocks of this machine and of the domain differ/,
  ],
  ['* gss_init_sec_context() failed: Cannot contact any KDC for realm CORP. ', 'unreachable', /no domain controller/],
  [
    '* gss_init_sec_context() failed: Server krbtgt/OTHER.TEST@VPN.TEST not found in Kerberos database. ',
    'refused',
    /realm of these tickets does not trust/,
  ],
  ['* InitializeSecurityContext failed: SEC_E_TARGET_UNKNOWN (0x80090303)', 'refused', /no server by this name/],
  ["curl: option --negotiate: the installed libcurl version doesn't support this", 'refused', /built without Kerberos/],
  [
    '* something failed that nobody has seen before',
    'refused',
    /no Kerberos ticket for this server \(something failed/,
  ],
  ['', 'refused', /no Kerberos ticket for this server$/],
] as const)
  test.serial(`curl says "${said}": ${reason}`, async (t) => {
    const { curl } = await pretend(`echo ${JSON.stringify(said)} >&2`);
    await withServer({}, { curl }, ([answered]) => {
      t.is(answered?.missing?.reason, reason);
      t.regex(answered?.missing?.detail ?? '', detail);
    });
  });

test.serial('without curl there is no ticket, and that is said', async (t) => {
  await withServer({}, { curl: '/nonexistent/curl' }, ([answered]) => {
    t.is(answered?.missing?.reason, 'unreachable');
    t.regex(answered?.missing?.detail ?? '', /cannot be started/);
  });
});

test.serial('a curl that hangs is ended with the deadline, and is given no secret', async (t) => {
  const { curl, folder } = await pretend('exec sleep 60');
  process.env['SSTP_AUDIT_PASSWORD'] = 'never';
  const server = await startServer({ play: () => [], tls: SERVER, schemes: ['kerberos'] });
  const answers = await ask(`winrm://localhost:${server.port}`, COMMANDS, { curl, signal: AbortSignal.timeout(500) });
  delete process.env['SSTP_AUDIT_PASSWORD'];
  await server.close();
  t.is(answers[0]?.missing?.reason, 'timed-out');
  const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
  await setTimeout(100);
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  const argv = await readFile(path.join(folder, 'argv'), 'utf8');
  t.regex(argv, /^-u\n:\nhttp:\/\/localhost\/$/m);
});
