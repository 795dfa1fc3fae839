/** A healthy SSTP server as it looks from outside. Tests take it and break one thing. */
import type { BindingHash, VersionOffer } from '../../engine/probe/seen.ts';
import { BINDING_HASHES, TLS_VERSIONS } from '../../engine/probe/seen.ts';
import { crlOf } from '../server/crl.ts';
import { issuing, leaf, root, vpn } from '../server/pki.ts';
import type { Outside } from './outside.ts';

export const FOUR = '192.0.2.7';
export const SIX = '2001:db8::7';

/** The answer of HTTP.sys to an SSTP request. */
export const headOf = (status: number, reason = '', version = '1.1'): string =>
  `HTTP/${version} ${status}${reason && ` ${reason}`}\r\nContent-Length: 18446744073709551615\r\nServer: Microsoft-HTTPAPI/2.0\r\n\r\n`;

/** CALL_CONNECT_ACK. */
export const acknowledging = (...hashes: readonly BindingHash[]): Uint8Array =>
  Uint8Array.of(
    ...[0x10, 1, 0, 48, 0, 2, 0, 1],
    ...[0, 4, 0, 40, 0, 0, 0, hashes.reduce((mask, hash) => mask | BINDING_HASHES[hash], 0)],
    ...Array.from({ length: 32 }, (_, at) => at),
  );

/** A control packet with a Status Info attribute: 3 = Nak, 5 = Abort, 6 = Disconnect. */
export const refusing = (message: 3 | 5 | 6, status: number): Uint8Array =>
  Uint8Array.of(...[0x10, 1, 0, 20, 0, message, 0, 1], ...[0, 2, 0, 12, 0, 0, 0, 1, 0, 0, 0, status]);

const SUITES: Readonly<Record<(typeof TLS_VERSIONS)[number], readonly number[]>> = {
  'SSL 3.0': [],
  'TLS 1.0': [],
  'TLS 1.1': [],
  'TLS 1.2': [0xc030, 0xc02f],
  'TLS 1.3': [0x1302, 0x1301],
};

/** What is offered, version by version; other suites for some of them. */
export const offering = (suites: Partial<typeof SUITES> = {}): readonly VersionOffer[] =>
  TLS_VERSIONS.map((version) => ({ version, suites: { ...SUITES, ...suites }[version] }));

const [issuingCrl, rootCrl] = await Promise.all([crlOf(issuing), crlOf(root)]);

export const ISSUING_CRL = 'http://crl.example.com/issuing.crl';
export const ROOT_CRL = 'http://crl.example.com/root.crl';

/** A certificate whose revocation is told by its list alone. */
export const listed = await leaf({ ocsp: [] });

/** A server on which every check of the profile `reach` passes. */
export const healthyOutside = (): Outside => ({
  endpoint: { host: 'vpn.example.com', port: 443, serverName: 'vpn.example.com' },
  addresses: [FOUR, SIX],
  broken: new Map(),
  served: new Map([['*', [vpn, issuing]]]),
  stapled: new Map(),
  protocol: 'TLS 1.3',
  head: headOf(200),
  packet: acknowledging('SHA-1', 'SHA-256'),
  versions: offering(),
  urls: new Map([
    [ISSUING_CRL, { body: issuingCrl }],
    [ROOT_CRL, { body: rootCrl }],
  ]),
  roots: [root],
  unanswered: new Map(),
});
