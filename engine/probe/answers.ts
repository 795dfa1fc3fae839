/** Answers of the probe as the bytes that evidence keeps, and read again: JSON, with bytes in base64. */
import { headEnd, readHead } from './http.ts';
import type { Fetched, Handshake, Resolved, Step, TlsSeen, TrustedRoot, VersionOffer } from './seen.ts';
import { packetLength, readPacket } from './sstp.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A handshake as it was heard: `received` is every byte that came back in the clear or inside TLS. */
export type Heard = Readonly<
  Omit<Handshake, 'http' | 'sstp'> & {
    received: Readonly<{
      /** Before TLS was agreed on, when it never was: what came in place of it. */
      raw?: Uint8Array;
      /** Inside TLS: the HTTP head, then SSTP packets. */
      inside?: Uint8Array;
    }>;
  }
>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'base64'));
const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 1)}\n`);
/** Answers are written by us and sealed: what is not as we write it throws, and the reading is `unreadable`. */
const parse = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString('utf8')) as T;

export const writeResolved = (resolved: Resolved): Uint8Array => json(resolved);
export const readResolved = (bytes: Uint8Array): Resolved => parse(bytes);

export const writeVersions = (offers: readonly VersionOffer[]): Uint8Array => json(offers);
export const readVersions = (bytes: Uint8Array): readonly VersionOffer[] => parse(bytes);

type WrittenRoot = string | Readonly<{ der: string; isOwn: true }>;

export const writeRoots = (roots: readonly TrustedRoot[]): Uint8Array =>
  json(roots.map(({ der, isOwn }): WrittenRoot => (isOwn ? { der: base64(der), isOwn } : base64(der))));
export const readRoots = (bytes: Uint8Array): readonly TrustedRoot[] =>
  parse<readonly WrittenRoot[]>(bytes).map((root) =>
    typeof root === 'string' ? { der: bytesOf(root) } : { ...root, der: bytesOf(root.der) },
  );

export const writeFetched = (fetched: Fetched): Uint8Array =>
  json('body' in fetched ? { ...fetched, body: base64(fetched.body) } : fetched);
export const readFetched = (bytes: Uint8Array): Fetched => {
  const fetched = parse<{ url: string; body: string } | Exclude<Fetched, { body: Bytes }>>(bytes);
  return 'body' in fetched ? { ...fetched, body: bytesOf(fetched.body) } : fetched;
};

type WrittenTls = Omit<TlsSeen, 'certificates' | 'stapled'> &
  Readonly<{ certificates: readonly string[]; stapled?: string }>;

const writeTls = ({ certificates, stapled, ...rest }: TlsSeen): WrittenTls => ({
  ...rest,
  certificates: certificates.map(base64),
  ...(stapled && { stapled: base64(stapled) }),
});
const readTls = ({ certificates, stapled, ...rest }: WrittenTls): TlsSeen => ({
  ...rest,
  certificates: certificates.map(bytesOf),
  ...(stapled !== undefined && { stapled: bytesOf(stapled) }),
});

type WrittenHeard = Readonly<{
  address: string;
  port: number;
  steps: readonly Step[];
  tls?: WrittenTls;
  abortSent: boolean;
  received: Readonly<{ raw?: string; inside?: string }>;
}>;

export const writeHeard = ({ tls, received: { raw, inside }, ...rest }: Heard): Uint8Array => {
  const written: WrittenHeard = {
    ...rest,
    ...(tls && { tls: writeTls(tls) }),
    received: { ...(raw && { raw: base64(raw) }), ...(inside && { inside: base64(inside) }) },
  };
  return json(written);
};

/** What the received bytes say is read anew each time, from the bytes themselves. */
export const readHandshake = (bytes: Uint8Array): Handshake => {
  const { received, tls, ...rest } = parse<WrittenHeard>(bytes);
  const inside = Buffer.from(received.inside ?? '', 'base64');
  const end = headEnd(inside);
  const http = end === undefined ? undefined : readHead(inside.subarray(0, end));
  const packets = inside.subarray(end ?? inside.length);
  const length = packetLength(packets);
  const packet = length !== undefined && packets.length >= length ? readPacket(packets.subarray(0, length)) : undefined;
  return {
    ...rest,
    ...(tls && { tls: readTls(tls) }),
    ...(http && { http }),
    ...(typeof packet === 'object' && { sstp: packet }),
  };
};
