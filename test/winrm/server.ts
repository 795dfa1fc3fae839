/** A WinRM server on loopback: HTTP or TLS, four ways to sign in, and everything that can go wrong, on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Seal } from '../../engine/transports/winrm/ntlm/seal.ts';
import { isSealedType, readSealed, SEALED_TYPE, writeSealed } from '../../engine/transports/winrm/sealed-body.ts';
import { type Sessions, type SignInOptions, schemeOf, sessionsOf } from './schemes.ts';
import { type Play, type Said, type Shells, shellsOf, understood } from './shells.ts';

export type Exchange = Readonly<{
  /** `Negotiate` and `Authenticate` are the two messages of NTLM; else the last word of the action. */
  step: string;
  /** How often this step was met before, from 0. */
  before: number;
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  /** The id that an answer must repeat. */
  id: string;
  /** Sends an envelope as it should be sent: sealed where the session is. */
  say(said: Said): void;
  /** What an honest server would have said. */
  honest(): Promise<Said>;
}>;

/** What goes wrong: takes the exchange over, or leaves it (`false`). */
export type Misbehaviour = (exchange: Exchange) => Promise<boolean> | boolean;

export type ServerOptions = SignInOptions &
  Readonly<{
    play: Play;
    tls?: Readonly<{ key: string; cert: string; ca?: string }>;
    misbehave?: Misbehaviour;
    /** What happens to a socket before any byte is read. */
    onSocket?(socket: Socket): void;
  }>;

export type WinrmServer = Readonly<{
  port: number;
  shells: Shells;
  /** Steps in the order of arrival. */
  steps: readonly string[];
  connections(): number;
  /** Sign-ins so far: who, and how. */
  signedIn: readonly string[];
  /** How many requests were answered with 401. */
  refused(): number;
  close(): Promise<void>;
}>;

export const startServer = async (options: ServerOptions): Promise<WinrmServer> => {
  const shells = shellsOf(options.play);
  const steps: string[] = [];
  const sessions = sessionsOf(options);
  const sockets = new Set<Socket>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    serve({ request, response, options, shells, steps, sessions }).catch(() => request.socket.destroy());
  };
  const { tls, schemes } = options;
  const server = tls
    ? createTlsServer(
        { ...tls, ...(schemes.includes('certificate') && { requestCert: true, rejectUnauthorized: false }) },
        handle,
      )
    : createServer(handle);
  server.keepAliveTimeout = 120_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    options.onSocket?.(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    shells,
    steps,
    connections: () => sockets.size,
    signedIn: sessions.signedIn,
    refused: sessions.refused,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

type Serving = Readonly<{
  request: IncomingMessage;
  response: ServerResponse;
  options: ServerOptions;
  shells: Shells;
  steps: string[];
  sessions: Sessions;
}>;

const serve = async (serving: Serving): Promise<void> => {
  const { request, response, options, shells, steps, sessions } = serving;
  const { socket } = request;
  const body = await buffer(request);
  const scheme = schemeOf(request.headers.authorization);
  const misbehaved = async (step: string, rest: Pick<Exchange, 'id' | 'say' | 'honest'>): Promise<boolean> => {
    const before = steps.filter((known) => known === step).length;
    steps.push(step);
    return (await options.misbehave?.({ step, before, request, response, socket, ...rest })) ?? false;
  };
  if (scheme.handshake) {
    const none = { id: '', say: () => undefined, honest: () => Promise.reject(new Error('no envelope')) };
    if (await misbehaved(scheme.handshake, none)) return;
  }
  const session = await sessions.signIn(socket, scheme, response);
  if (!session) return;
  if (session.justSignedIn && body.length === 0) {
    response.writeHead(200, { 'Content-Length': 0, ...session.headers }).end();
    return;
  }
  const sealed = isSealedType(request.headers['content-type']);
  if (!sealed && !options.tls) {
    // AllowUnencrypted=false, as every server is set up.
    response.writeHead(500, { 'Content-Length': 0 }).end();
    return;
  }
  const asked = understood(sealed ? opened(body, session.seal) : body);
  const say = ({ status, xml }: Said): void =>
    speak(response, status, xml, sealed ? session.seal : undefined, session.headers);
  const honest = (): Promise<Said> => shells.answer(asked, session.user);
  if (!(await misbehaved(asked.step, { id: asked.id, say, honest }))) say(await honest());
};

const opened = (body: Buffer, seal: Seal | undefined): Buffer => {
  const message = seal?.unwrap(readSealed(body));
  if (!message) throw new Error('a sealed message that cannot be opened');
  return message;
};

/** Sends an envelope, sealed where there is a seal. */
export const speak = (
  response: ServerResponse,
  status: number,
  xml: string,
  seal: Seal | undefined,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const message = Buffer.from(xml);
  const body = seal ? writeSealed(seal.wrap(message), message.length) : message;
  const type = seal ? SEALED_TYPE : 'application/soap+xml;charset=UTF-8';
  response
    .writeHead(status, {
      'Content-Type': type,
      'Content-Length': body.length,
      Server: 'Microsoft-HTTPAPI/2.0',
      ...headers,
    })
    .end(body);
};
