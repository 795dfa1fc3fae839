/** A pretended SSTP server on loopback: a good one, or one that goes wrong in the way that its mode names. */
import net, { type Server, type Socket } from 'node:net';
import tls, { type TLSSocket, type TlsOptions } from 'node:tls';
import { issuing, type Made, privateKeyOf, vpn } from '../server/pki.ts';
import { type Listening, listening } from './listening.ts';
import { type Behaviour, MODES, type Mode } from './modes.ts';
import { ack, CONTINUES } from './says.ts';

/** What a server saw of its callers. */
export type Witness = {
  connections: number;
  /** What callers named in TLS. */
  serverNames: (string | null)[];
  /** Heads of the HTTP requests, as they came. */
  requests: string[];
  /** Types of the SSTP messages, in order. */
  messages: number[];
};

export type Rras = Listening & Readonly<{ saw: Witness; aborts(): number }>;

export type RrasOptions = Readonly<{
  mode?: Mode;
  host?: string;
  port?: number;
  /** The certificates that are sent, the server's own first. */
  chain?: readonly Made[];
  key?: Parameters<typeof privateKeyOf>[0];
  tls?: TlsOptions;
  /** The OCSP answer that is sent along to whoever asks for it. */
  stapled?: Uint8Array;
}>;

const CALL_CONNECT_REQUEST = 1;
export const CALL_ABORT = 5;

export const pem = (der: Uint8Array, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

/** Reads SSTP packets as they become whole. */
const packets = (see: (packet: Buffer) => void) => {
  let waiting = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const length = waiting.length < 4 ? Number.POSITIVE_INFINITY : waiting.readUInt16BE(2) & 0xfff;
      if (waiting.length < length) return;
      see(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
    }
  };
};

/** Answers inside TLS: HTTP, then SSTP. */
const serve = (stream: TLSSocket, { http, sstp, afterAbort }: Behaviour, saw: Witness): void => {
  let head = '';
  const hear = packets((packet) => {
    const message = packet.readUInt16BE(4);
    saw.messages.push(message);
    if (message === CALL_CONNECT_REQUEST) sstp ? sstp(stream) : stream.write(ack(3));
    if (message === CALL_ABORT) afterAbort ? afterAbort(stream) : stream.end();
  });
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    if (head.includes('\r\n\r\n')) return hear(chunk);
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    saw.requests.push(head);
    const isSstp = /^SSTP_DUPLEX_POST \/sra_\{BA195980-CD49-458b-9E23-C84EE0ADCD75\}\/ HTTP\/1\.1\r\n/.test(head);
    if (!isSstp) stream.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    else if (http) http(stream);
    else stream.write(CONTINUES);
  });
};

const tlsServer = (options: RrasOptions, behaviour: Behaviour, saw: Witness): Server => {
  const { chain = [vpn, issuing], key = 'rsa2048' } = options;
  const server = tls.createServer({
    cert: chain.map(({ der }) => pem(der)).join(''),
    key: pem(privateKeyOf(key), 'PRIVATE KEY'),
    ...behaviour.tls,
    ...options.tls,
  });
  const { stapled } = options;
  if (stapled) server.on('OCSPRequest', (_own, _issuer, answer) => answer(null, Buffer.from(stapled)));
  server.on('secureConnection', (stream) => {
    saw.serverNames.push(stream.servername || null);
    serve(stream, behaviour, saw);
  });
  return server;
};

/** Stands before the TLS server and hands its bytes on in its own way. */
const before = (inner: Listening, relay: NonNullable<Behaviour['relay']>): Server =>
  net.createServer((socket) => {
    const behind = net.connect({ host: inner.host, port: inner.port, noDelay: true });
    behind.on('error', () => {});
    socket.pipe(behind);
    behind.on('data', (chunk) => relay(socket, chunk));
    socket.on('close', () => behind.destroy());
  });

export const startRras = async (options: RrasOptions = {}): Promise<Rras> => {
  const { mode = 'healthy', host, port } = options;
  const behaviour: Behaviour = MODES[mode];
  const saw: Witness = { connections: 0, serverNames: [], requests: [], messages: [] };
  const { raw, relay } = behaviour;
  const inner = relay && (await listening(tlsServer(options, behaviour, saw)));
  const server = raw
    ? net.createServer({ allowHalfOpen: true }, (socket) => raw(socket))
    : inner
      ? before(inner, relay)
      : tlsServer(options, behaviour, saw);
  server.on('connection', (_socket: Socket) => saw.connections++);
  const outer = await listening(server, host, port);
  return {
    ...outer,
    saw,
    aborts: () => saw.messages.filter((message) => message === CALL_ABORT).length,
    close: async () => {
      await outer.close();
      await inner?.close();
    },
  };
};
