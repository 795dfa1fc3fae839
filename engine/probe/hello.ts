/**
 * The first words of TLS, made and read by hand: OpenSSL can no longer offer what an old server may accept.
 * Sources: RFC 6101, 5246, 8446; the numbers are those of the IANA registry of TLS parameters.
 */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { TLS_VERSIONS, type TlsVersion } from './seen.ts';

/** Versions as they travel. */
export const VERSION_CODES: Readonly<Record<TlsVersion, number>> = {
  'SSL 3.0': 0x300,
  'TLS 1.0': 0x301,
  'TLS 1.1': 0x302,
  'TLS 1.2': 0x303,
  'TLS 1.3': 0x304,
};

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const ranges = (...all: readonly (readonly [number, number])[]): readonly number[] =>
  all.flatMap(([first, last]) => range(first, last));

/** Suites with SHA-256, GCM, CCM or ChaCha20 came with TLS 1.2. */
const OLD_SUITES = ranges([0x01, 0x1b], [0x2f, 0x3a], [0x41, 0x46], [0x84, 0x89], [0x96, 0x9b], [0xc001, 0xc019]);
const SUITES_OF_12 = ranges(
  ...([
    [0x3b, 0x40],
    [0x67, 0x6d],
    [0x9c, 0xa7],
    [0xba, 0xc5],
    [0xc023, 0xc032],
    [0xc03c, 0xc051],
    [0xc05c, 0xc063],
    [0xc072, 0xc08d],
    [0xc09c, 0xc0a3],
    [0xc0ac, 0xc0af],
    [0xcc13, 0xcc15],
    [0xcca8, 0xccaa],
  ] as const),
);

/** Every suite of a version that a server without shared keys can have. */
export const SUITES: Readonly<Record<TlsVersion, readonly number[]>> = {
  'SSL 3.0': OLD_SUITES,
  'TLS 1.0': OLD_SUITES,
  'TLS 1.1': OLD_SUITES,
  'TLS 1.2': [...OLD_SUITES, ...SUITES_OF_12],
  'TLS 1.3': range(0x1301, 0x1305),
};

/** X25519, P-256, P-384, P-521, X448, ffdhe2048 to ffdhe4096. */
const GROUPS = [0x1d, 0x17, 0x18, 0x19, 0x1e, 0x100, 0x101, 0x102];
/** RSA-PSS, RSA, ECDSA and DSA, SHA-512 down to MD5. */
const SIGNATURES = [
  ...[0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603],
  ...[0x0201, 0x0203, 0x0202, 0x0101],
];

const RECORD = { changeCipherSpec: 0x14, alert: 0x15, handshake: 0x16, applicationData: 0x17 } as const;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const SUPPORTED_VERSIONS = 43;

const u8 = (value: number): Buffer => Buffer.of(value);
const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const list16 = (values: readonly number[]): Buffer => Buffer.concat(values.map(u16));
/** A vector: its length in 1, 2 or 3 bytes, then its content. */
const vector = (size: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(size);
  length.writeUIntBE(content.length, 0, size);
  return Buffer.concat([length, content]);
};
const extension = (type: number, ...parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat([u16(type), vector(2, ...parts)]);

/** SSL 3.0 knows none. A server name is never an address. */
const extensions = (code: number, serverName: string): readonly Buffer[] => [
  ...(isIP(serverName) || serverName === ''
    ? []
    : [extension(0, vector(2, u8(0), vector(2, Buffer.from(serverName))))]),
  extension(10, vector(2, list16(GROUPS))),
  extension(11, vector(1, u8(0))),
  extension(0xff01, vector(1)),
  ...(code >= 0x303 ? [extension(13, vector(2, list16(SIGNATURES)))] : []),
  // Without a key share the server names the suite in a HelloRetryRequest, and no keys need to be computed.
  ...(code === 0x304
    ? [extension(SUPPORTED_VERSIONS, vector(1, u16(code))), extension(51, vector(2)), extension(45, vector(1, u8(1)))]
    : []),
];

/** A ClientHello that offers exactly this version and these suites. */
export const clientHello = (version: TlsVersion, suites: readonly number[], serverName: string): Buffer => {
  const code = VERSION_CODES[version];
  const added = code > 0x300 ? [vector(2, ...extensions(code, serverName))] : [];
  const body = Buffer.concat([
    u16(Math.min(code, 0x303)),
    randomBytes(32),
    vector(1, code === 0x304 ? randomBytes(32) : Buffer.alloc(0)),
    vector(2, list16(suites)),
    vector(1, u8(0)),
    ...added,
  ]);
  const record = u16(code === 0x300 ? 0x300 : 0x301);
  return Buffer.concat([u8(RECORD.handshake), record, vector(2, u8(CLIENT_HELLO), vector(3, body))]);
};

/** What a server said first: the version and suite of its ServerHello, or the number of its alert. */
export type ServerWords = Readonly<{ version: TlsVersion | undefined; suite: number } | { alert: number }>;

type TlsRecord = Readonly<{ type: number; content: Buffer; isWhole: boolean }>;

/** A server says what is looked for in its first records; thousands of empty ones come from a hostile one. */
const MOST_RECORDS = 16;

/** The first records in order; the content of a last one that is not whole is what there is of it. */
function* recordsIn(bytes: Buffer): Generator<TlsRecord> {
  for (let at = 0, count = 0; at + 5 <= bytes.length && count < MOST_RECORDS; count++) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    yield { type: bytes[at] ?? 0, content: bytes.subarray(at + 5, end), isWhole: end <= bytes.length };
    at = end;
  }
}

/** The number of an alert that is not a mere warning. A close is one by its level, but ends the connection. */
const alertOf = ({ type, content, isWhole }: TlsRecord): number | undefined => {
  const [level, number] = content;
  return type === RECORD.alert && isWhole && content.length === 2 && (level !== 1 || number === 0) ? number : undefined;
};

/** The first alert that is not a mere warning; only what travels before encryption can be seen. */
export const alertIn = (bytes: Buffer): number | undefined => {
  for (const record of recordsIn(bytes)) {
    const alert = alertOf(record);
    if (alert !== undefined) return alert;
  }
};

/** Whether bytes can be the beginning of TLS: a record type and a version 3.x. */
export const looksLikeTls = (bytes: Buffer): boolean => {
  const [type = RECORD.handshake, major = 3] = bytes;
  return type >= RECORD.changeCipherSpec && type <= RECORD.applicationData && major === 3;
};

/** Reads what a server answers to a ClientHello: undefined while more is needed, null when it is no such answer. */
export const serverWordsIn = (bytes: Buffer): ServerWords | null | undefined => {
  if (!looksLikeTls(bytes)) return null;
  const handshake: Buffer[] = [];
  for (const record of recordsIn(bytes)) {
    const alert = alertOf(record);
    if (alert !== undefined) return { alert };
    if (record.type === RECORD.handshake) handshake.push(record.content);
    else if (record.type !== RECORD.alert) break;
  }
  return serverHello(Buffer.concat(handshake));
};

const serverHello = (message: Buffer): ServerWords | null | undefined => {
  if (message.length > 0 && message[0] !== SERVER_HELLO) return null;
  if (message.length < 4 || message.length < 4 + message.readUIntBE(1, 3)) return;
  const body = message.subarray(4, 4 + message.readUIntBE(1, 3));
  const suiteAt = 35 + (body[34] ?? 0);
  if (body.length < suiteAt + 3) return null;
  const code = versionAmong(body.subarray(suiteAt + 5)) ?? body.readUInt16BE(0);
  const version = TLS_VERSIONS.find((name) => VERSION_CODES[name] === code);
  return { version, suite: body.readUInt16BE(suiteAt) };
};

/** The version that the extension supported_versions chooses. */
const versionAmong = (chosen: Buffer): number | undefined => {
  for (let at = 0; at + 4 <= chosen.length; ) {
    const [type, length] = [chosen.readUInt16BE(at), chosen.readUInt16BE(at + 2)];
    if (type === SUPPORTED_VERSIONS && length === 2 && at + 6 <= chosen.length) return chosen.readUInt16BE(at + 4);
    at += 4 + length;
  }
};
