/** The server's half of NTLMv2, for the test server. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { hmacMd5, passwordKey, utf16 } from '../../engine/transports/winrm/ntlm/hashes.ts';
import { FLAGS, INTEGRITY_AT, SIGNATURE, VERSION } from '../../engine/transports/winrm/ntlm/messages.ts';
import { PAIR, readPairs, writePairs } from '../../engine/transports/winrm/ntlm/pairs.ts';
import { rc4 } from '../../engine/transports/winrm/ntlm/rc4.ts';
import { type Seal, sealFor } from '../../engine/transports/winrm/ntlm/seal.ts';

const now = (): Buffer => {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n);
  return time;
};

/** A challenge of the member server VPN01 of the domain VPN. Servers before 2008 R2 tell no time. */
export const challengeOf = ({ time = true }: { time?: boolean } = {}): Buffer => {
  const name = utf16('VPN');
  const pairs = writePairs(
    new Map<number, Buffer>([
      [2, name],
      [1, utf16('VPN01')],
      [4, utf16('vpn.test')],
      [3, utf16('vpn01.vpn.test')],
      ...(time ? ([[PAIR.timestamp, now()]] as const) : []),
    ]),
  );
  const head = Buffer.alloc(56);
  SIGNATURE.copy(head);
  head.writeUInt32LE(2, 8);
  for (const [at, length, offset] of [[12, name.length, 56] as const, [40, pairs.length, 56 + name.length] as const]) {
    head.writeUInt16LE(length, at);
    head.writeUInt16LE(length, at + 2);
    head.writeUInt32LE(offset, at + 4);
  }
  head.writeUInt32LE(Object.values(FLAGS).reduce((all, flag) => all | flag, 0) >>> 0, 20);
  randomBytes(8).copy(head, 24);
  VERSION.copy(head, 48);
  return Buffer.concat([head, name, pairs]);
};

type Handshake = Readonly<{
  negotiated: Buffer;
  challenge: Buffer;
  answer: Buffer;
  passwordOf(user: string): string | undefined;
  /** The channel binding that the answer must carry; absent when none is demanded. */
  binding?: Buffer;
}>;

/** Who signed in, and the seal; undefined when the answer proves nothing. */
export const verify = ({ negotiated, challenge, answer, passwordOf, binding }: Handshake) => {
  const part = (at: number): Buffer => {
    const offset = answer.readUInt32LE(at + 4);
    return answer.subarray(offset, offset + answer.readUInt16LE(at));
  };
  const [response, domain, user] = [part(20), part(28).toString('utf16le'), part(36).toString('utf16le')];
  const password = passwordOf(user);
  if (password === undefined) return;
  const key = passwordKey({ user, domain }, password);
  const proof = response.subarray(0, 16);
  const expected = hmacMd5(key, challenge.subarray(24, 32), response.subarray(16));
  if (proof.length !== 16 || !timingSafeEqual(proof, expected)) return;
  const pairs = readPairs(response.subarray(44));
  const bound = pairs.get(PAIR.channelBinding);
  if (binding && !bound?.equals(binding)) return;
  const sessionKey = rc4(hmacMd5(key, proof))(part(52));
  const demandsIntegrity = ((pairs.get(PAIR.flags)?.readUInt32LE() ?? 0) & 2) !== 0;
  if (demandsIntegrity) {
    const without = Buffer.from(answer);
    without.fill(0, INTEGRITY_AT, INTEGRITY_AT + 16);
    const integrity = answer.subarray(INTEGRITY_AT, INTEGRITY_AT + 16);
    if (!hmacMd5(sessionKey, negotiated, challenge, without).equals(integrity)) return;
  }
  const seal: Seal = sealFor('server', sessionKey);
  return { user, domain, seal, integrity: demandsIntegrity, bound: bound !== undefined };
};
