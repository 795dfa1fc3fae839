/** The three messages of NTLMv2, our side. Source: [MS-NLMP] 2.2.1 and 3.1.5. */
import { randomBytes } from 'node:crypto';
import { hmacMd5, md5, passwordKey, utf16 } from './hashes.ts';
import { PAIR, readPairs, writePairs } from './pairs.ts';
import { rc4 } from './rc4.ts';
import { type Seal, sealFor } from './seal.ts';

export const FLAGS = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSessionSecurity: 0x80000,
  targetInformation: 0x800000,
  version: 0x2000000,
  bits128: 0x20000000,
  keyExchange: 0x40000000,
  bits56: 0x80000000,
} as const;
const WANTED = Object.values(FLAGS).reduce((all, flag) => all | flag, 0) >>> 0;
/** Without these a message could be read or forged on its way: a server that lacks one is refused. */
const DEMANDED = [FLAGS.seal, FLAGS.sign, FLAGS.extendedSessionSecurity, FLAGS.bits128, FLAGS.keyExchange];

export const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** Windows 10, NTLM revision 15. */
export const VERSION = Buffer.from([10, 0, 0x63, 0x45, 0, 0, 0, 15]);

export type Account = Readonly<{ user: string; domain: string }>;
export type Challenge = Readonly<{ raw: Buffer; flags: number; nonce: Buffer; pairs: ReadonlyMap<number, Buffer> }>;

/** What must be new for each sign-in; tests give the values of the specification. */
export type Chance = Readonly<{ clientNonce: Buffer; sessionKey: Buffer; now: Date }>;
const byChance = (): Chance => ({ clientNonce: randomBytes(8), sessionKey: randomBytes(16), now: new Date() });

/** "I can do NTLM." */
export const negotiate = (): Buffer => {
  const message = Buffer.alloc(40);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE((WANTED & ~FLAGS.targetInformation) >>> 0, 12);
  VERSION.copy(message, 32);
  return message;
};

/** Reads the server's challenge. Throws SyntaxError when it is none, or offers less than we demand. */
export const readChallenge = (raw: Buffer): Challenge => {
  if (raw.length < 48 || !raw.subarray(0, 8).equals(SIGNATURE) || raw.readUInt32LE(8) !== 2)
    throw new SyntaxError('this is no NTLM challenge');
  const flags = raw.readUInt32LE(20);
  if (DEMANDED.some((flag) => (flags & flag) === 0))
    throw new SyntaxError('the server does not offer NTLM with signing and 128-bit sealing');
  const [length, offset] = [raw.readUInt16LE(40), raw.readUInt32LE(44)];
  if (offset + length > raw.length) throw new SyntaxError('the NTLM challenge ends too early');
  return { raw, flags, nonce: raw.subarray(24, 32), pairs: readPairs(raw.subarray(offset, offset + length)) };
};

/** Channel binding of a TLS connection as NTLM carries it: `name` is `tls-server-end-point:` and the certificate's hash. */
export const channelBinding = (name: Uint8Array): Buffer => {
  const header = Buffer.alloc(20);
  header.writeUInt32LE(name.length, 16);
  return md5(header, name);
};

type Answering = Readonly<{
  account: Account;
  password: string;
  negotiated: Buffer;
  challenge: Challenge;
  /** As `channelBinding` makes it; absent without TLS. */
  binding?: Buffer;
  chance?: Chance;
}>;

/** "I know the password", and the seal of everything that follows. */
export const authenticate = ({ account, password, negotiated, challenge, binding, chance }: Answering) => {
  const { clientNonce, sessionKey, now } = chance ?? byChance();
  const key = passwordKey(account, password);
  const given = challenge.pairs.get(PAIR.timestamp);
  const pairs = new Map<number, Uint8Array>(challenge.pairs);
  // A server that tells its time expects the message to carry a signature of all three messages.
  if (given) pairs.set(PAIR.flags, withIntegrity(challenge.pairs.get(PAIR.flags)));
  if (binding) pairs.set(PAIR.channelBinding, binding);
  const { proof, response } = answerTo(key, challenge.nonce, clientNonce, given ?? fileTime(now), pairs);
  const exchangeKey = hmacMd5(key, proof);
  const message = assemble((challenge.flags & WANTED) >>> 0, [
    given ? Buffer.alloc(24) : Buffer.concat([hmacMd5(key, challenge.nonce, clientNonce), clientNonce]),
    response,
    utf16(account.domain),
    utf16(account.user),
    Buffer.alloc(0),
    rc4(exchangeKey)(sessionKey),
  ]);
  if (given) hmacMd5(sessionKey, negotiated, challenge.raw, message).copy(message, INTEGRITY_AT);
  const seal: Seal = sealFor('client', sessionKey);
  return { message, seal };
};

/** The NTLMv2 response: a proof, and what it proves. */
export const answerTo = (
  key: Buffer,
  serverNonce: Buffer,
  clientNonce: Buffer,
  time: Buffer,
  pairs: ReadonlyMap<number, Uint8Array>,
): { proof: Buffer; response: Buffer } => {
  const zeros = Buffer.alloc(4);
  const said = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    clientNonce,
    zeros,
    writePairs(pairs),
    zeros,
  ]);
  const proof = hmacMd5(key, serverNonce, said);
  return { proof, response: Buffer.concat([proof, said]) };
};

const withIntegrity = (flags: Buffer | undefined): Buffer => {
  const changed = Buffer.alloc(4);
  changed.writeUInt32LE(((flags?.length === 4 ? flags.readUInt32LE() : 0) | 2) >>> 0);
  return changed;
};

/** 100 nanoseconds since 1601. */
const fileTime = (date: Date): Buffer => {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(date.getTime()) + 11_644_473_600_000n) * 10_000n);
  return time;
};

export const INTEGRITY_AT = 72;
const HEAD_BYTES = 88;

/** The third message: a head that says where each part is, and the parts. */
const assemble = (flags: number, parts: readonly Buffer[]): Buffer => {
  const head = Buffer.alloc(HEAD_BYTES);
  SIGNATURE.copy(head);
  head.writeUInt32LE(3, 8);
  let offset = HEAD_BYTES;
  for (const [at, part] of parts.entries()) {
    head.writeUInt16LE(part.length, 12 + 8 * at);
    head.writeUInt16LE(part.length, 14 + 8 * at);
    head.writeUInt32LE(offset, 16 + 8 * at);
    offset += part.length;
  }
  head.writeUInt32LE(flags, 60);
  VERSION.copy(head, 64);
  return Buffer.concat([head, ...parts]);
};
