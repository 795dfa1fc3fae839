/** TLS with whatever the server offers and whoever it says it is: what comes of it is judged elsewhere. */
import { constants } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls, { type SecureContext, type TLSSocket } from 'node:tls';
import { alertTrouble } from './alerts.ts';
import type { Line } from './dial.ts';
import { alertIn, looksLikeTls, serverWordsIn } from './hello.ts';
import { awaited, type Patience, seconds } from './patience.ts';
import type { TlsSeen, Trouble } from './seen.ts';
import { alertInWords, garbage, troubleOf, type Went } from './trouble.ts';

export type Secured = Readonly<{ stream: TLSSocket; seen: TlsSeen }>;

/** OpenSSL sends and reads through this, so that every byte passes the ear of the line first. */
const tap = (socket: Socket, waiting: Buffer): Duplex => {
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  if (waiting.length > 0) stream.push(waiting);
  socket.on('data', (chunk) => {
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => stream.destroy());
  stream.on('error', () => {});
  return stream;
};

/** What OpenSSL still has of the suites that some Windows offers: with any other, we would get in where clients do not. */
const CIPHERS =
  'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ALL:!aNULL:!PSK:!SRP:!CHACHA20:!ARIA:!CAMELLIA:!AESCCM:!SEED:!IDEA:@SECLEVEL=0';
/**
 * The curves that Windows offers by itself. Source: learn.microsoft.com, "TLS Elliptic Curves in Windows 10 version 1607 and
 * later". A hello with post-quantum keys would not fit into one packet.
 */
const GROUPS = 'X25519:P-256:P-384';
/** Signatures that Windows offers (belief): none by Ed25519, Ed448 or brainpool curves. */
const SIGNATURES = [
  ...['RSA-PSS', 'RSA'].flatMap((key) => ['SHA256', 'SHA384', 'SHA512'].map((hash) => `${key}+${hash}`)),
  ...['SHA256', 'SHA384', 'SHA512', 'SHA1'].map((hash) => `ECDSA+${hash}`),
  ...['RSA+SHA1', 'DSA+SHA1'],
].join(':');

let context: SecureContext | undefined;

/** What all connections offer; made once, since it takes a while and some memory. */
const offered = (): SecureContext => {
  context ??= tls.createSecureContext({
    // Without authorities of our own nothing completes the chain: what is seen is what was sent.
    ca: [],
    minVersion: 'TLSv1',
    ciphers: CIPHERS,
    ecdhCurve: GROUPS,
    sigalgs: SIGNATURES,
    // Servers of 2008 that were never updated do not know RFC 5746.
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  });
  return context;
};

/** Starts TLS. `serverName` is sent unless it is an address. */
export const secure = (line: Line, serverName: string, patience: Patience): Promise<Went<Secured>> =>
  awaited<Secured>(
    (report) => {
      const stream = tls.connect({
        socket: tap(line.socket, line.ear.kept().subarray(line.from)),
        ...(!isIP(serverName) && { servername: serverName }),
        rejectUnauthorized: false,
        // An answer that comes along may spare a client the way to the responder.
        requestOCSP: true,
        secureContext: offered(),
      });
      let stapled: Buffer | undefined;
      stream.on('OCSPResponse', (answer: Buffer | null) => {
        stapled = answer ?? undefined;
      });
      stream.on('secureConnect', () => report({ value: agreed(stream, stapled) }));
      stream.on('error', (error) => report({ trouble: whyNot(error, line) }));
      stream.on('close', () => report({ trouble: whyNot(undefined, line) }));
      return () => {};
    },
    patience,
    () => `no agreement within ${seconds(patience)}, ${line.ear.kept().length - line.from} bytes came`,
  );

/** OpenSSL takes no more than 100,000 bytes of certificates. */
const agreed = (stream: TLSSocket, stapled: Buffer | undefined): Secured => {
  const certificates: Uint8Array<ArrayBuffer>[] = [];
  // Node hands out the certificates in the order in which they were sent, as if each were the issuer of the one before.
  for (let next = stream.getPeerX509Certificate(); next; next = next.issuerCertificate)
    certificates.push(new Uint8Array(next.raw));
  const key = stream.getEphemeralKeyInfo();
  const group = key && 'name' in key ? key.name : undefined;
  const seen = {
    protocol: (stream.getProtocol() ?? '').replace('TLSv', 'TLS ').replace(/ 1$/, ' 1.0'),
    cipher: stream.getCipher().standardName,
    ...(group && { group }),
    certificates,
    ...(stapled && { stapled: new Uint8Array(stapled) }),
  };
  return { stream, seen };
};

const CLOSED: Trouble = { kind: 'closed', detail: 'the connection was closed' };

/** Why TLS was not agreed on, from the bytes that came rather than from the names of OpenSSL's errors, which change. */
const whyNot = (error: NodeJS.ErrnoException | undefined, { ear, from }: Line): Trouble => {
  const raw = ear.kept().subarray(from);
  return saidBy(raw, error?.message ?? '') ?? ear.ended(from) ?? (error ? troubleOf(error) : CLOSED);
};

/** What the server said itself: something else than TLS, an alert, or a version that is not offered. */
const saidBy = (raw: Buffer, message: string): Trouble | undefined => {
  if (!looksLikeTls(raw)) return garbage('the server does not speak TLS', raw);
  // Where the alert itself travelled encrypted, OpenSSL still tells its number.
  const alert = alertIn(raw) ?? alertInWords(message);
  if (alert !== undefined) return alertTrouble(alert);
  const words = serverWordsIn(raw);
  if (!words || !('version' in words) || (words.version !== undefined && words.version !== 'SSL 3.0')) return;
  return { kind: 'declined', detail: `the server chose ${words.version ?? 'a version that does not exist'}` };
};
