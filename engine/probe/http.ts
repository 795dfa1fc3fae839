/** The HTTP request that opens SSTP, and the head of its answer. Source: [MS-SSTP] 3.2.4.1. */
import type { HttpSeen } from './seen.ts';

const PATH = '/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/';
/** ULONGLONG_MAX: the body never ends. */
const ENDLESS = '18446744073709551615';

/** An answer head of HTTP.sys has some 200 bytes; a proxy adds a little. */
export const LONGEST_HEAD = 16_384;

/** `correlation` is a GUID without braces. */
export const duplexPost = (host: string, correlation: string): string =>
  [
    `SSTP_DUPLEX_POST ${PATH} HTTP/1.1`,
    `Host: ${host}`,
    `SSTPCORRELATIONID: {${correlation}}`,
    `Content-Length: ${ENDLESS}`,
    '',
    '',
  ].join('\r\n');

/** Where the head ends (after its empty line), or undefined while it does not. */
export const headEnd = (bytes: Buffer): number | undefined => {
  const at = bytes.indexOf('\r\n\r\n');
  return at < 0 ? undefined : at + 4;
};

/** Reads a head; undefined when it is not HTTP. Windows leaves the reason phrase out at times. */
export const readHead = (head: Uint8Array): HttpSeen | undefined => {
  const [first = '', ...lines] = Buffer.from(head).toString('latin1').trimEnd().split('\r\n');
  const [, version, status, reason = ''] = /^HTTP\/(\d\.\d) (\d{3})(?: (.*))?$/.exec(first) ?? [];
  if (version === undefined) return;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name !== undefined) headers[name.toLowerCase()] ??= value;
  }
  return { version, status: Number(status), reason, headers };
};
