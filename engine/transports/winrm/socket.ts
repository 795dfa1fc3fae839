/** A socket to a server that is who it should be. */
import { isIP, type Socket, connect as tcp } from 'node:net';
import { TLSSocket, connect as tls } from 'node:tls';
import { Unknown } from '../../define.ts';
import { LIMITS } from '../../limits.ts';
import type { Step } from '../transport.ts';
import { notOpened } from './failures.ts';
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

/** Is told of each step of the way when it has been taken, with what there is to say of it. */
export type Note = (step: Step['step'], said: string) => void;

/** Throws Unknown: `unreachable`, `refused` or `untrusted`. */
export const openSocket = (endpoint: Endpoint, outer: AbortSignal, note: Note): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { host, port } = endpoint;
    const where = `${host}:${port}`;
    const signal = AbortSignal.any([outer, AbortSignal.timeout(LIMITS.connectSeconds * 1_000)]);
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
      else {
        if (socket instanceof TLSSocket) note('tls', inWords(socket));
        resolve(socket);
      }
    };
    const done = (): void => {
      socket.off('error', broken).off('end', ended).off(event, ready);
      signal.removeEventListener('abort', stop);
    };
    if (isIP(host) > 0) note('name', host);
    socket.once('lookup', (error, address) => error ?? note('name', address));
    socket.once('connect', () => note('tcp', String(port)));
    socket.on('error', broken).on('end', ended).on(event, ready).setNoDelay(true);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });

/** DER of the certificate that the server showed; undefined without TLS. */
export const certificateOf = (socket: Socket): Buffer | undefined =>
  socket instanceof TLSSocket ? shownBy(socket).raw : undefined;

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

const inWords = (socket: TLSSocket): string =>
  `${socket.getProtocol()}, SHA-256 ${fingerprintIn(shownBy(socket).fingerprint256)}`;

const pinMismatch = (socket: TLSSocket, fingerprint: string | undefined): Unknown | undefined => {
  const shown = fingerprintIn(shownBy(socket).fingerprint256);
  if (fingerprint === undefined || shown === fingerprint) return;
  return new Unknown('untrusted', `the server shows another certificate than the pinned one: SHA-256 ${shown}`);
};
