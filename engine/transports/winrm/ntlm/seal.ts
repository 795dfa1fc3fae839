/** Signing and sealing of messages with extended session security and 128 bits. Source: [MS-NLMP] 3.4. */
import { timingSafeEqual } from 'node:crypto';
import { hmacMd5, md5 } from './hashes.ts';
import { type Rc4, rc4 } from './rc4.ts';

export type Sealed = Readonly<{ signature: Uint8Array; sealed: Uint8Array }>;

/** Both directions of one connection. Each goes on from message to message, so their order must be kept. */
export type Seal = Readonly<{
  wrap(message: Uint8Array): Sealed;
  /** The message, or undefined when it was not sealed by the other side, or not next. */
  unwrap(sealed: Sealed): Buffer | undefined;
}>;

const SIDES = { client: 'client-to-server', server: 'server-to-client' } as const;

/** `side` is ours; `key` is the exported session key. */
export const sealFor = (side: keyof typeof SIDES, key: Uint8Array): Seal => {
  const [out, back] = side === 'client' ? (['client', 'server'] as const) : (['server', 'client'] as const);
  const [outgoing, incoming] = [direction(out, key), direction(back, key)];
  return {
    wrap: (message) => {
      const sealed = outgoing.stream(message);
      return { sealed, signature: outgoing.sign(message) };
    },
    unwrap: ({ sealed, signature }) => {
      const message = incoming.stream(sealed);
      const expected = incoming.sign(message);
      return signature.length === expected.length && timingSafeEqual(signature, expected) ? message : undefined;
    },
  };
};

type Direction = Readonly<{ stream: Rc4; sign(message: Uint8Array): Buffer }>;

const direction = (from: keyof typeof SIDES, key: Uint8Array): Direction => {
  const derive = (use: string): Buffer =>
    md5(key, Buffer.from(`session key to ${SIDES[from]} ${use} key magic constant\0`, 'latin1'));
  const [signing, stream] = [derive('signing'), rc4(derive('sealing'))];
  let sequence = 0;
  return {
    stream,
    sign: (message) => {
      const number = Buffer.alloc(4);
      number.writeUInt32LE(sequence++);
      const checksum = stream(hmacMd5(signing, number, message).subarray(0, 8));
      return Buffer.concat([Buffer.from([1, 0, 0, 0]), checksum, number]);
    },
  };
};
