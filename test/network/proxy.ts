/** A pretended HTTP proxy on loopback that understands CONNECT, or goes wrong in the way that its mode names. */
import net, { type Socket } from 'node:net';
import { flood, type Listening, listening } from './listening.ts';
import { refuses } from './says.ts';

const connected = (version: string) => (socket: Socket, target: string) => {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? [];
  const behind = net.connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) });
  behind.on('error', () => socket.end(refuses(502, 'Bad Gateway')));
  behind.on('connect', () => {
    socket.write(`HTTP/${version} 200 Connection established\r\nVia: test\r\n\r\n`);
    socket.pipe(behind).pipe(socket);
  });
  socket.on('close', () => behind.destroy());
};

const PROXIES = {
  healthy: connected('1.1'),
  'http-1.0': connected('1.0'),
  'proxy-407': (socket) =>
    void socket.end(refuses(407, 'Proxy Authentication Required', 'Proxy-Authenticate: Negotiate')),
  'proxy-403': (socket) => void socket.end(refuses(403, 'Forbidden')),
  'proxy-silent': () => {},
  'proxy-close': (socket) => void socket.end(),
  'proxy-reset': (socket) => void socket.resetAndDestroy(),
  'proxy-garbage': (socket) => void socket.write(Buffer.alloc(64, 0x9c)),
  'proxy-endless': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, Buffer.from('X-Padding: 0123456789\r\n'.repeat(500)));
  },
} as const satisfies Record<string, (socket: Socket, target: string) => void>;
export type ProxyMode = keyof typeof PROXIES;

export type Proxy = Listening & Readonly<{ asked: readonly string[] }>;

/** `asked` holds the targets that callers wanted. */
export const startProxy = async (mode: ProxyMode): Promise<Proxy> => {
  const asked: string[] = [];
  const behave: (socket: Socket, target: string) => void = PROXIES[mode];
  const server = net.createServer((socket) =>
    socket.once('data', (head) => {
      const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head.toString('latin1'))?.[1];
      if (target === undefined) return void socket.end(refuses(405, 'Method Not Allowed'));
      asked.push(target);
      behave(socket, target);
    }),
  );
  return { ...(await listening(server)), asked };
};
