/** The OpenSSH client of this machine against what is no SSH server: each fault has its reason, in time. */
import { spawnSync } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import type { Reason } from '../../engine/model.ts';
import { ssh } from '../../engine/transports/ssh.ts';
import { blame } from '../../engine/transports/ssh-sayings.ts';

const COMMANDS = ['sc.exe query A', 'sc.exe query B'];
const missing = spawnSync('ssh', ['-V']).error !== undefined;
const GREETING = 'SSH-2.0-OpenSSH_for_Windows_8.1\r\n';

const listening = (answer: (socket: Socket) => void): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      answer(socket);
    }).listen(0, '127.0.0.1', () => resolve(server));
  });

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

const drip = async (socket: Socket): Promise<void> => {
  for (const character of GREETING.repeat(9)) {
    await setTimeout(300);
    if (socket.destroyed) return;
    socket.write(character);
  }
};

const FAULTS: Readonly<Record<string, readonly [answer: (socket: Socket) => void, reason: Reason]>> = {
  'hangs up at once': [(socket) => socket.end(), 'unreachable'],
  'resets the connection': [(socket) => socket.resetAndDestroy(), 'unreachable'],
  'says nothing': [() => {}, 'timed-out'],
  'greets and says nothing more': [(socket) => socket.write(GREETING), 'timed-out'],
  'greets and hangs up': [(socket) => socket.end(GREETING), 'refused'],
  'greets by drops': [(socket) => void drip(socket), 'timed-out'],
  'is a proxy': [(socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'), 'unreachable'],
  'speaks SSH 1': [(socket) => socket.end('SSH-1.5-ancient\r\n'), 'unreadable'],
  'greets and goes on with garbage': [(socket) => socket.write(`${GREETING}${'garbage '.repeat(999)}`), 'unreadable'],
};

for (const [name, [answer, reason]] of Object.entries(FAULTS))
  test(`a server that ${name} is ${reason}, for every question, in time`, async (t) => {
    if (missing) {
      t.log('NOT TESTED: ssh is not installed');
      return process.env['CI'] === 'true' ? t.fail() : t.pass();
    }
    const server = await listening(answer);
    const started = Date.now();
    const transport = ssh(new URL(`ssh://127.0.0.1:${portOf(server)}`), { commandMs: 2_000 });
    const answers = await transport.exchange(COMMANDS, { signal: new AbortController().signal });
    server.close();
    t.deepEqual(
      answers.map(({ missing: why }) => why?.reason),
      [reason, reason],
      answers[0]?.missing?.detail,
    );
    t.true(Date.now() - started < 10_000);
  });

for (const said of [
  'ssh: connect to host vpn01 port 22: Connection reset by peer',
  'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 192.0.2.1 port 22',
  'banner exchange: Connection to 192.0.2.1 port 22: Connection reset by peer',
  'banner exchange: Connection to UNKNOWN port -1: Broken pipe',
])
  test(`a server that hangs up before a word of SSH is unreachable, whenever it is noticed: ${said}`, (t) => {
    t.is(blame({ stdout: Buffer.alloc(0), stderr: Buffer.from(`${said}\r\n`), exitCode: 255 }).reason, 'unreachable');
  });

const DROPPED =
  'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n';
for (const [said, reason] of [
  ['ssh: Could not resolve hostname bastion: Name or service not known', 'unreachable'],
  ['ssh: connect to host bastion port 22: Connection timed out', 'unreachable'],
  ['ssh: connect to host bastion port 22: Connection refused', 'refused'],
  ['Host key verification failed.', 'untrusted'],
  ['hop@bastion: Permission denied (publickey).', 'refused'],
  [
    'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\nDisconnected from 10.0.0.1 port 22',
    'refused',
  ],
  ['channel 0: open failed: connect failed: No route to host\nstdio forwarding failed', 'unreachable'],
] as const)
  test(`behind a jump host that says ${said} a server is ${reason}: only what was no sign-in is tried again`, (t) => {
    const stderr = Buffer.from(`${said}\r\n${DROPPED}`);
    t.is(blame({ stdout: Buffer.alloc(0), stderr, exitCode: 255 }).reason, reason);
  });

test('an account of this machine that has no name is told, and no server is blamed', (t) => {
  const stderr = Buffer.from('No user exists for uid 12345\r\n');
  t.regex(blame({ stdout: Buffer.alloc(0), stderr, exitCode: 255 }).detail, /of this machine .* \/etc\/passwd .*12345/);
});
