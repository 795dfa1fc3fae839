/** The OpenSSH client of this machine against what is no SSH server: each fault has its reason, in time. */
import { spawnSync } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import type { Reason } from '../../engine/model.ts';
import { ssh } from '../../engine/transports/ssh.ts';

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
  'hangs up at once': [(socket) => socket.end(), 'refused'],
  'resets the connection': [(socket) => socket.resetAndDestroy(), 'refused'],
  'says nothing': [() => {}, 'timed-out'],
  'greets and says nothing more': [(socket) => socket.write(GREETING), 'timed-out'],
  'greets and hangs up': [(socket) => socket.end(GREETING), 'refused'],
  'greets by drops': [(socket) => void drip(socket), 'timed-out'],
  'is a proxy': [(socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'), 'refused'],
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
