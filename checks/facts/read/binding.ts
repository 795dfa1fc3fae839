import { Unknown } from '../../../engine/define.ts';
import { spelledAddress } from './address.ts';
import type { Protocol } from './tls-defaults.ts';

/** What a binding is for: an address, a host name (SNI), or every name that the central certificate store serves. */
export type Endpoint = Readonly<{
  kind: 'address' | 'host' | 'central';
  /** `0.0.0.0:443`, `[::]:443`, `www.example.com:443`, or the bare port of the central certificate store. */
  endpoint: string;
  port: number;
}>;

/** Settings of a binding that keep clients out, or may do so, by the names that netsh.exe gives them: bits of DefaultFlags. */
export const FLAGS = {
  'Negotiate Client Certificate': 0x2,
  'Reject Connections': 0x8,
  'Disable TLS1.2': 0x1000,
} as const;
export type Flag = keyof typeof FLAGS;

/**
 * HTTP.sys then asks clients for a certificate. TLS leaves it to both sides whether one that has none may go on (RFC 5246,
 * 7.4.6), and nobody tells what HTTP.sys and clients of SSTP do.
 */
const ASKING: Flag = 'Negotiate Client Certificate';
const ASKED = `${ASKING} is on, and whether clients of SSTP, which have no certificate, get on is not known`;

/** What settings do to clients: those that keep them out, or, where there are none, what may do so, in words. */
export const effectOf = (flags: readonly Flag[]): Readonly<{ barring: readonly Flag[]; doubt?: string }> => {
  const barring = flags.filter((flag) => flag !== ASKING);
  return { barring, ...(barring.length < flags.length && { doubt: ASKED }) };
};

/**
 * A setting of a binding that withholds protocols from its clients: its bit in DefaultFlags, and what its name holds in every
 * language (belief).
 */
type Withholding = Readonly<{ bit: number; named: RegExp; protocols: readonly Protocol[] }>;

/**
 * Sources: learn.microsoft.com, "netsh http" (disabletls13, disabletls12, disablelegacytls), and "TLS version enforcement
 * capabilities now available per certificate binding on Windows Server 2019".
 */
const WITHHOLDING: readonly Withholding[] = [
  { bit: 0x40, named: /TLS1\.3/, protocols: ['TLS 1.3'] },
  { bit: FLAGS['Disable TLS1.2'], named: /TLS1\.2/, protocols: ['TLS 1.2'] },
  { bit: 0x400, named: /TLS(?!1\.)/, protocols: ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1'] },
];

/** The setting that withholds older protocols is the only one for TLS 1.1, and withholds all but modern suites, too. */
export const leavesModernOnly = (withheld: readonly string[]): boolean => withheld.includes('TLS 1.1');

/** A certificate bound in HTTP.sys. */
export type Binding = Readonly<
  Endpoint & {
    /** SHA-1 of the certificate, 40 upper-case digits (64, SHA-256, in newer builds); absent where none is named. */
    hash?: string;
    /** `{…}`, lower case. */
    applicationId?: string;
    /** `MY` where the binding names none: so does HTTP.sys. */
    store: string;
    flags: readonly Flag[];
    /** Protocols that its clients are not offered, whatever Schannel offers; mostly absent. */
    withheld?: readonly Protocol[];
  }
>;

export const withheldBy = (isSet: (setting: Withholding) => boolean): Pick<Binding, 'withheld'> => {
  const withheld = WITHHOLDING.filter(isSet).flatMap(({ protocols }) => protocols);
  return withheld.length > 0 ? { withheld } : {};
};

/** A binding that cannot be read, and is none of SSTP's own. The port is absent where not even that could be read. */
export type OddBinding = Readonly<{ endpoint: string; port?: number; detail: string }>;

/** What one source lists. */
export type Listed = Readonly<{ whole: readonly Binding[]; odd: readonly OddBinding[] }>;

/** The addresses that SSTP uses, as netsh.exe and the registry spell them. */
export const WILDCARDS = { IPv4: '0.0.0.0', IPv6: '[::]' } as const;

export const DEFAULT_STORE = 'MY';

const ADDRESS = /^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+(?:%[\w.-]*)?\]):(\d{1,5})$/i;
const HOST = /^(.*\S):(\d{1,5})$/;

/** A TCP port in decimal digits, or `undefined`. */
export const portOf = (text: string): number | undefined => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
};

/** An address with its port, or `undefined`. An IPv6 address comes out in its shortest form, however it is spelled. */
export const addressEndpointOf = (text: string): Endpoint | undefined => {
  const [, address = '', digits = ''] = ADDRESS.exec(text) ?? [];
  const port = portOf(digits);
  if (!port) return;
  const spelled = spelledAddress(address);
  if (address.startsWith('[') && spelled.startsWith('[')) return;
  return { kind: 'address', endpoint: `${spelled.includes(':') ? `[${spelled}]` : spelled}:${port}`, port };
};

/** Whatever stands before a port, taken for a host name: HTTP.sys takes names in every script. */
export const hostEndpointOf = (text: string): Endpoint | undefined => {
  const [, , digits = ''] = HOST.exec(text) ?? [];
  const port = portOf(digits);
  return port ? { kind: 'host', endpoint: text.toLowerCase(), port } : undefined;
};

/** Whether an endpoint is one that SSTP uses, on whatever port. */
export const isOwn = (endpoint: string | undefined): boolean =>
  Object.values(WILDCARDS).some((address) => endpoint?.startsWith(`${address}:`));

/**
 * Tells bindings that could be read from those that could not. Throws Unknown `unreadable` where one of SSTP's own is there
 * twice, as in two spellings of its address: which of them counts is not known.
 */
export const listed = (found: readonly (Binding | OddBinding)[]): Listed => {
  const whole = found.flatMap((it) => ('detail' in it ? [] : [it]));
  const own = whole.filter(({ endpoint }) => isOwn(endpoint)).map(({ endpoint }) => endpoint);
  const twice = own.find((endpoint, at) => own.indexOf(endpoint) !== at);
  if (twice !== undefined) throw new Unknown('unreadable', `${twice} is bound twice`);
  return { whole, odd: found.flatMap((it) => ('detail' in it ? [it] : [])) };
};
