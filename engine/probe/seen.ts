/** What the probe saw from outside: types only. Every text and byte in here came from whoever answered. */

/**
 * Where clients dial. `serverName` is what TLS (SNI) and HTTP (Host) name; `proxy` is `host:port` of an HTTP proxy; `rootsGiven`:
 * the operator says which roots clients trust, else those of this machine stand for them.
 */
export type Endpoint = Readonly<{ host: string; port: number; serverName: string; proxy?: string; rootsGiven?: true }>;

/** The stages of one connection, in the order in which they are reached. */
export const STAGES = ['proxy', 'tcp', 'tls', 'http', 'sstp'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * How a stage went wrong.
 * refused, reset: the other side said so; closed: it ended the connection; timed-out: our deadline passed in silence;
 * unreachable: this machine has no route; alert: a TLS alert, with its number; garbage: bytes that are not the protocol;
 * too-large: more than the limit; declined: an answer in the protocol that says no.
 */
export type Trouble = Readonly<{
  kind: 'refused' | 'reset' | 'closed' | 'timed-out' | 'unreachable' | 'alert' | 'garbage' | 'too-large' | 'declined';
  detail: string;
  alert?: number;
}>;

/** One stage; without `trouble` it went well. */
export type Step = Readonly<{ stage: Stage; tookMs: number; trouble?: Trouble }>;

/**
 * What TLS agreed on. `certificates` are DER as sent, the server's own first; `stapled` is the OCSP answer that came along.
 */
export type TlsSeen = Readonly<{
  protocol: string;
  cipher: string;
  group?: string;
  certificates: readonly Uint8Array<ArrayBuffer>[];
  stapled?: Uint8Array<ArrayBuffer>;
}>;

/** The head of an HTTP answer. Header names in lower case; of repeated headers the first counts. */
export type HttpSeen = Readonly<{
  version: string;
  status: number;
  reason: string;
  headers: Readonly<Record<string, string>>;
}>;

/** The hashes that the server offers for the crypto binding. */
export const BINDING_HASHES = { 'SHA-1': 1, 'SHA-256': 2 } as const;
export type BindingHash = keyof typeof BINDING_HASHES;

/** The first SSTP message of the server. `status` is the 32-bit status of a Status Info attribute. Source: [MS-SSTP] 2.2. */
export type SstpSeen = Readonly<
  | { message: 'CALL_CONNECT_ACK'; hashes: readonly BindingHash[] }
  | { message: 'CALL_CONNECT_NAK' | 'CALL_ABORT' | 'CALL_DISCONNECT'; status?: number }
>;

/** One connection to one address, as far as it got. */
export type Handshake = Readonly<{
  address: string;
  port: number;
  /** The last may have trouble; stages after it were not reached. */
  steps: readonly Step[];
  tls?: TlsSeen;
  http?: HttpSeen;
  sstp?: SstpSeen;
  /** Whether Call Abort was sent before leaving, so that the server frees its port at once. */
  abortSent: boolean;
}>;

/** The addresses of a name. `missing` says that there are none (the name does not exist). */
export type Resolved = Readonly<{ name: string; addresses: readonly string[]; missing?: string }>;

/** What an http URL gave: the body of a 200 answer, or why there is none. `forbidden`: an address that is never asked. */
export type Fetched = Readonly<
  { url: string } & (
    | { body: Uint8Array<ArrayBuffer> }
    | { trouble: Readonly<{ kind: Trouble['kind'] | 'forbidden' | 'not-found'; detail: string }> }
  )
>;

/** A root as DER. `isOwn`: this machine trusts it by itself, and it is none of the public ones that come with Node. */
export type TrustedRoot = Readonly<{ der: Uint8Array<ArrayBuffer>; isOwn?: true }>;

export const TLS_VERSIONS = ['SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** One protocol version: the suites that the server accepted, by number, in its order of preference. */
export type VersionOffer = Readonly<{
  version: TlsVersion;
  suites: readonly number[];
  /** Why the list is not known to be whole: the version is then neither offered nor not offered. */
  trouble?: Trouble;
}>;

/** The view from outside, bound to the endpoint of a target. Each question is asked once; what cannot be asked throws Unknown. */
export type Probe = Readonly<{
  endpoint: Endpoint;
  resolve(name: string): Promise<Resolved>;
  /** One connection. `until: 'tls'` stops before HTTP; `until: 'sstp'` goes on to the Call Connect answer. */
  handshake(address: string, until: 'tls' | 'sstp'): Promise<Handshake>;
  /** Versions and suites by hand-made ClientHellos. */
  versions(address: string): Promise<readonly VersionOffer[]>;
  /** A CRL, an issuer's certificate or an OCSP answer over http; `request` is posted when given. */
  fetch(url: string, request?: Uint8Array<ArrayBuffer>): Promise<Fetched>;
  /** The trusted roots whose encoded subject name is this (upper-case hexadecimal). */
  trustedRoots(subjectId: string): Promise<readonly TrustedRoot[]>;
}>;
