/** The ways in which a server goes wrong, or is merely unusual. A mode is named after the stage in which it shows. */
import type { Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { drip, flood } from './listening.ts';
import * as says from './says.ts';

export type Behaviour = Readonly<{
  /** In place of TLS. */
  raw?(socket: Socket): void;
  /** Hands bytes of the TLS server on to the caller. */
  relay?(socket: Socket, chunk: Buffer): void;
  tls?: TlsOptions;
  /** In place of the HTTP answer. */
  http?(stream: TLSSocket): void;
  /** In place of the Call Connect Ack. */
  sstp?(stream: TLSSocket): void;
  /** In place of hanging up. */
  afterAbort?(stream: TLSSocket): void;
}>;

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Says something as soon as the caller has. */
const answering =
  (...words: readonly (string | Uint8Array)[]) =>
  (socket: Socket): void =>
    void socket.once('data', () => {
      for (const word of words) socket.write(word);
    });
const saying =
  (...words: readonly (string | Uint8Array)[]) =>
  (stream: Socket): void => {
    for (const word of words) stream.write(word);
  };
const ending =
  (word: string | Uint8Array) =>
  (stream: Socket): void =>
    void stream.end(word);
const silence = (): void => {};
const hangUp = (stream: Socket): void => void stream.end();

/** A reset of the connection below TLS. */
const reset = (stream: TLSSocket): void => {
  const { _parent } = stream as TLSSocket & { _parent?: Socket };
  (_parent ?? stream).resetAndDestroy();
};

const PAGE = '<!DOCTYPE html><html><body>It works!</body></html>';
/** HelloRequest, which a client ignores for as long as it is sent. */
const HELLO_REQUESTS = Buffer.concat(Array.from({ length: 2_000 }, () => says.record(0x16, 0, 0, 0, 0)));
const HEADER_LINES = bytes('X-Padding: 0123456789\r\n'.repeat(500));

export const MODES = {
  healthy: {},
  'sha1-only': { sstp: saying(says.ack(1)) },
  'sha256-only': { sstp: saying(says.ack(2)) },
  'tls-1.3-only': { tls: { minVersion: 'TLSv1.3' } },
  'tls-1.2-only': { tls: { maxVersion: 'TLSv1.2' } },
  'tls-1.0-only': { tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } },

  'tcp-reset': { raw: (socket) => void socket.resetAndDestroy() },
  'tcp-close': { raw: (socket) => void socket.end() },
  'tls-silent': { raw: (socket) => void socket.resume() },
  'tls-reset': { raw: (socket) => void socket.once('data', () => socket.resetAndDestroy()) },
  'tls-close': { raw: (socket) => void socket.once('data', () => socket.end()) },
  'tls-plain-http': { raw: (socket) => void socket.once('data', () => socket.end(says.refuses(400, 'Bad Request'))) },
  'tls-banner': { raw: saying('SSH-2.0-OpenSSH_9.2\r\n') },
  'tls-garbage': { raw: answering(Buffer.alloc(300, 0x9c)) },
  'tls-alert-40': { raw: answering(says.alert(40)) },
  'tls-alert-70': { raw: answering(says.alert(70)) },
  'tls-alert-80-close': { raw: (socket) => void socket.once('data', () => socket.end(says.alert(80))) },
  'tls-warning-then-alert': { raw: answering(says.alert(112, 1), says.alert(40)) },
  'tls-alert-reset': {
    raw: (socket) => void socket.once('data', () => socket.write(says.alert(70), () => socket.resetAndDestroy())),
  },
  'tls-ssl3': { raw: answering(says.serverHello(0x300, 0x0a)) },
  'tls-half': { raw: answering(says.serverHello(0x303, 0x2f).subarray(0, 20)) },
  'tls-half-close': {
    raw: (socket) => void socket.once('data', () => socket.end(says.serverHello(0x303, 0x2f).subarray(0, 20))),
  },
  'tls-nonsense': { raw: answering(says.serverHello(0x303, 0x2f), says.record(0x16, 11, 0, 0, 3, 9, 9, 9)) },
  'tls-flood': { raw: (socket) => void socket.once('data', () => flood(socket, HELLO_REQUESTS)) },
  'tls-endless-record': {
    raw: (socket) =>
      void socket.once('data', () => {
        socket.write(Buffer.from([0x16, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff]));
        flood(socket, Buffer.alloc(65_536, 0x16));
      }),
  },
  'tls-bytewise': {
    relay: (socket, chunk) => {
      for (const byte of chunk) socket.write(Buffer.of(byte));
    },
  },
  'tls-too-slow': { relay: (socket, chunk) => drip(socket, chunk, 20) },

  /** As SSTP itself refuses: no port is free. */
  'http-401': { http: ending(says.refuses(401, 'Unauthorized')) },
  'http-404': { http: ending(says.refuses(404, 'Not Found')) },
  'http-407': { http: ending(says.refuses(407, 'Proxy Authentication Required', 'Proxy-Authenticate: Negotiate')) },
  'http-503': { http: ending(says.refuses(503, 'Service Unavailable')) },
  'http-302': { http: ending(says.refuses(302, 'Found', 'Location: https://portal.example.com/')) },
  'http-1.0': { http: ending('HTTP/1.0 200 OK\r\n\r\n') },
  'http-reason': { http: saying(says.CONTINUES.replace('200', '200 OK')) },
  'http-page': { http: ending(`HTTP/1.1 200 OK\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`) },
  'http-silent': { http: silence },
  'http-close': { http: hangUp },
  'http-reset': { http: reset },
  'http-half': { http: ending('HTTP/1.1 200 OK\r\nContent-') },
  'http-garbage': { http: saying(Buffer.alloc(64, 0x9c)) },
  'http-endless': {
    http: (stream) => {
      stream.write('HTTP/1.1 200 OK\r\n');
      flood(stream, HEADER_LINES);
    },
  },
  'http-endless-line': {
    http: (stream) => {
      stream.write('HTTP/1.1 200 ');
      flood(stream, Buffer.alloc(16_384, 0x41));
    },
  },
  'http-bytewise': {
    http: (stream) => {
      for (const byte of bytes(says.CONTINUES)) stream.write(Buffer.of(byte));
    },
  },
  'http-too-slow': { http: (stream) => drip(stream, bytes(says.CONTINUES), 20) },

  'sstp-nak': { sstp: saying(says.nak(4)) },
  'sstp-nak-bare': { sstp: saying(Buffer.from([0x10, 1, 0, 8, 0, 3, 0, 0])) },
  'sstp-abort': { sstp: ending(says.abort(7)) },
  'sstp-disconnect': { sstp: saying(says.disconnect()) },
  'sstp-silent': { sstp: silence },
  'sstp-close': { sstp: hangUp },
  'sstp-reset': { sstp: reset },
  'sstp-garbage': { sstp: saying(Buffer.alloc(64, 0x9c)) },
  'sstp-version': { sstp: saying(Buffer.from([0x20, 1, 0, 8, 0, 2, 0, 0])) },
  'sstp-oversized': {
    sstp: saying(Buffer.concat([Buffer.from([0x10, 1, 0x0f, 0xff, 0, 2, 0xff, 0xff]), Buffer.alloc(4_087)])),
  },
  'sstp-truncated': { sstp: saying(says.ack(3).subarray(0, 30)) },
  'sstp-truncated-close': { sstp: ending(says.ack(3).subarray(0, 30)) },
  'sstp-no-binding': { sstp: saying(Buffer.from([0x10, 1, 0, 8, 0, 2, 0, 0])) },
  'sstp-no-hash': { sstp: saying(says.ack(0)) },
  'sstp-data': { sstp: saying(Buffer.from([0x10, 0, 0, 8, 0xff, 3, 0xc0, 0x21])) },
  'sstp-echo': { sstp: saying(says.echo()) },
  'sstp-bytewise': {
    sstp: (stream) => {
      for (const byte of says.ack(3)) stream.write(Buffer.of(byte));
    },
  },
  'sstp-too-slow': { sstp: (stream) => drip(stream, says.ack(3), 50) },
  'sstp-flood': {
    sstp: (stream) => {
      stream.write(says.ack(3));
      flood(stream, says.echo());
    },
  },
  'sstp-keeps-open': { tls: { allowHalfOpen: true }, afterAbort: silence },
  'sstp-answers-abort': { afterAbort: (stream) => void stream.end(says.abort(0)) },
} as const satisfies Record<string, Behaviour>;

export type Mode = keyof typeof MODES;
