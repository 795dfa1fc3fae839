/** One socket to one server, for as long as it lives: NTLM signs in a connection, not a request. */
import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Unknown } from '../../define.ts';
import { LIMITS } from '../../limits.ts';
import { brokenBy } from './failures.ts';
import { certificateOf, type Endpoint, type Note, openSocket } from './socket.ts';

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

/** A request may take `requestMs`. Throws Unknown. */
export const connect = async (
  endpoint: Endpoint,
  requestMs: number,
  signal: AbortSignal,
  note: Note,
): Promise<Connection> => {
  const socket = await openSocket(endpoint, signal, note);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  // The agent asks for a socket when it has none: it gets ours, and no second one.
  agent.createConnection = () => socket;
  // Between requests an error is told by `isOpen` alone.
  socket.on('error', () => undefined);
  let replies = 0;
  const isOpen = (): boolean => !socket.destroyed && socket.readable && socket.writable;
  const { host, port } = endpoint;
  const certificate = certificateOf(socket);
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
        const reply = await exchange(http.request({ ...options, headers: { ...headers, ...length } }), body);
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

const exchange = (sending: ClientRequest, body: Uint8Array): Promise<Reply> =>
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
