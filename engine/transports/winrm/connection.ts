/** One socket to one server, for as long as it lives: NTLM signs in a connection, not a request. */
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { isIP, type Socket, connect as tcp } from 'node:net';
import { TLSSocket, connect as tls } from 'node:tls';
import { Unknown } from '../../define.ts';
import { LIMITS } from '../../limits.ts';
import { brokenBy, notOpened } from './failures.ts';
import { fingerprintIn, type Trust } from './trust.ts';

/** Where a server listens. Without `tls` the connection is plain HTTP. */
export type Endpoint = Readonly<{
  host: string;
  port: number;
  tls?: Readonly<{
    trust: Trust;
    /** SHA-256 of the one certificate that is accepted, 64 small hexadecimal digits: in place of authorities and names. */
    fingerprint?: string;
  }>;
}>;

export type Reply = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>;

export type Connection = Readonly<{
  /** Posts and waits for the whole answer. Throws Unknown; the connection is then closed. */
  post(body: Uint8Array, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Reply>;
  /** The server's certificate, DER; absent without TLS. */
  certificate?: Buffer;
  isOpen(): boolean;
  close(): void;
}>;

/** Source: the WS-Management service of Windows. */
export const PATH = '/wsman';

/** Opens a connection to a server that is who it should be. A request may take `requestMs`. Throws Unknown. */
export const connect = async (endpoint: Endpoint, requestMs: number, signal: AbortSignal): Promise<Connection> => {
  const socket = await open(endpoint, AbortSignal.any([signal, AbortSignal.timeout(LIMITS.connectSeconds * 1_000)]));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  // The agent asks for a socket when it has none: it gets ours, and no second one.
  agent.createConnection = () => socket;
  // Between requests an error is told by `isOpen` alone.
  socket.on('error', () => undefined);
  let replies = 0;
  const isOpen = (): boolean => !socket.destroyed && socket.readable && socket.writable;
  const { host, port } = endpoint;
  const certificate = socket instanceof TLSSocket ? shownBy(socket).raw : undefined;
  return {
    ...(certificate && { certificate }),
    isOpen,
    close: () => {
      socket.destroy();
      agent.destroy();
    },
    post: async (body, headers, postSignal) => {
      if (!isOpen()) throw new Unknown('truncated', 'the server closed the connection between two requests');
      const late = AbortSignal.timeout(requestMs);
      const options = { agent, host, port, path: PATH, method: 'POST', signal: AbortSignal.any([postSignal, late]) };
      const length = { 'Content-Length': String(body.length), 'User-Agent': 'sstp-audit' };
      try {
        const reply = await exchange(request({ ...options, headers: { ...headers, ...length } }), body);
        replies++;
        return reply;
      } catch (error) {
        socket.destroy();
        if (late.aborted) throw new Unknown('timed-out', `no answer within ${requestMs / 1_000} s`);
        throw error instanceof Unknown ? error : brokenBy(error, replies > 0);
      }
    },
  };
};

const open = (endpoint: Endpoint, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { host, port } = endpoint;
    const where = `${host}:${port}`;
    const socket = endpoint.tls ? openTls(host, port, endpoint.tls) : tcp({ host, port });
    const event = endpoint.tls ? 'secureConnect' : 'connect';
    const fail = (error: Unknown): void => {
      done();
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const broken = (error: Error): void => fail(notOpened(error, where));
    const ended = (): void => fail(new Unknown('refused', `${where}: it closed the connection at once`));
    const stop = (): void =>
      fail(new Unknown('unreachable', `${where}: no connection within ${LIMITS.connectSeconds} s`));
    const ready = (): void => {
      done();
      const mismatch = socket instanceof TLSSocket ? pinMismatch(socket, endpoint.tls?.fingerprint) : undefined;
      if (mismatch) fail(mismatch);
      else resolve(socket);
    };
    const done = (): void => {
      socket.off('error', broken).off('end', ended).off(event, ready);
      signal.removeEventListener('abort', stop);
    };
    socket.on('error', broken).on('end', ended).on(event, ready).setNoDelay(true);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });

/**
 * A pinned certificate stands in place of authorities, names and dates, so OpenSSL's verdict is not asked; the pin is
 * compared before anything is sent. Without a pin the verdict always decides.
 */
const openTls = (host: string, port: number, { trust, fingerprint }: NonNullable<Endpoint['tls']>): TLSSocket =>
  tls({
    host,
    port,
    secureContext: trust.context(),
    rejectUnauthorized: fingerprint === undefined,
    ...(isIP(host) === 0 && { servername: host }),
  });

/** The newer getPeerX509Certificate() gives the certificate once only. */
const shownBy = (socket: TLSSocket): { raw: Buffer; fingerprint256: string } => socket.getPeerCertificate();

const pinMismatch = (socket: TLSSocket, fingerprint: string | undefined): Unknown | undefined => {
  const shown = fingerprintIn(shownBy(socket).fingerprint256);
  if (fingerprint === undefined || shown === fingerprint) return;
  return new Unknown('untrusted', `the server shows another certificate than the pinned one: SHA-256 ${shown}`);
};

const exchange = (sending: ReturnType<typeof request>, body: Uint8Array): Promise<Reply> =>
  new Promise((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (reply) => collect(reply).then(resolve, reject));
    sending.end(body);
  });

const collect = async (reply: IncomingMessage): Promise<Reply> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMITS.envelopeBytes)
      throw new Unknown('truncated', `one envelope of the server is larger than ${LIMITS.envelopeBytes / 1e6} MB`);
    chunks.push(chunk);
  }
  return { status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) };
};
