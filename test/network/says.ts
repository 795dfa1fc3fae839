/** What SSTP servers say, byte for byte. Source: [MS-SSTP] 2.2. */
import { randomBytes } from 'node:crypto';

export const CONTINUES = [
  'HTTP/1.1 200',
  'Content-Length: 18446744073709551615',
  'Server: Microsoft-HTTPAPI/2.0',
  'Date: Sun, 01 Nov 2026 00:00:00 GMT',
  '',
  '',
].join('\r\n');

export const refuses = (status: number, reason: string, ...headers: readonly string[]): string =>
  [`HTTP/1.1 ${status} ${reason}`, 'Content-Length: 0', 'Connection: close', ...headers, '', ''].join('\r\n');

/** Call Connect Ack; `hashes` is the bitmask of the crypto binding: 1 = SHA-1, 2 = SHA-256. */
export const ack = (hashes: number): Buffer =>
  Buffer.concat([Buffer.from([0x10, 1, 0, 48, 0, 2, 0, 1, 0, 4, 0, 40, 0, 0, 0, hashes]), randomBytes(32)]);

/** A control packet with one Status Info attribute. */
const withStatus = (message: number, attribute: number, status: number): Buffer =>
  Buffer.from([0x10, 1, 0, 20, 0, message, 0, 1, 0, 2, 0, 12, 0, 0, 0, attribute, 0, 0, 0, status]);

export const nak = (status: number): Buffer => withStatus(3, 1, status);
export const abort = (status: number): Buffer => withStatus(5, 0, status);
export const disconnect = (): Buffer => Buffer.from([0x10, 1, 0, 8, 0, 6, 0, 0]);
export const echo = (): Buffer => Buffer.from([0x10, 1, 0, 8, 0, 8, 0, 0]);

/** A TLS record. */
export const record = (type: number, ...content: readonly number[]): Buffer =>
  Buffer.from([type, 3, 3, content.length >> 8, content.length & 0xff, ...content]);
export const alert = (number: number, level = 2): Buffer => record(0x15, level, number);

/** A ServerHello with a session id of no bytes; TLS 1.3 is named in an extension only. */
export const serverHello = (version: number, suite: number): Buffer => {
  const is13 = version === 0x304;
  const extensions = is13 ? [0, 6, 0, 43, 0, 2, 3, 4] : [];
  const code = is13 ? [3, 3] : [version >> 8, version & 0xff];
  const body = [...code, ...Array.from({ length: 32 }, () => 7), 0, suite >> 8, suite & 0xff, 0, ...extensions];
  return record(0x16, 2, 0, 0, body.length, ...body);
};
