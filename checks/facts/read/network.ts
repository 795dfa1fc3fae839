/** Addresses that have some leading or masked bits in common. `text` as an administrator writes it: `192.0.2.0/24`. */
export type Network = Readonly<{ address: Uint8Array; mask: Uint8Array; text: string }>;

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

const maskOf = (bits: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, at) => (0xff << (8 - Math.min(8, Math.max(0, bits - 8 * at)))) & 0xff);

/** The length of a mask whose ones stand together; `undefined` for any other mask. */
const lengthOf = (mask: Uint8Array): number | undefined => {
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
};

/** An IPv6 address, the first run of zero groups left out. */
const text6 = (address: Uint8Array): string =>
  Array.from({ length: 8 }, (_, at) => (((address[2 * at] ?? 0) << 8) | (address[2 * at + 1] ?? 0)).toString(16))
    .join(':')
    .replace(/(?:^|:)0(?::0)+(?::|$)/, '::');

/** An IPv4 address and its mask; none for both 0, which means any address; contradictory where only one of them is 0. */
export const networkOf = (address: Uint8Array, mask: Uint8Array): Network | undefined | 'contradictory' => {
  if (isZero(address) && isZero(mask)) return;
  if (isZero(address) || isZero(mask)) return 'contradictory';
  return { address, mask, text: `${address.join('.')}/${lengthOf(mask) ?? mask.join('.')}` };
};

/** An IPv6 address and the length of its prefix; none for length 0, which means any address. */
export const networkOfPrefix = (address: Uint8Array, length: number): Network | undefined | 'contradictory' => {
  if (length === 0) return;
  if (length > 128 || isZero(address)) return 'contradictory';
  return { address, mask: maskOf(length, 16), text: `${text6(address)}/${length}` };
};

/** Whether an IPv4 address, such as `192.0.2.7`, belongs to a network. */
export const covers = ({ address, mask }: Network, own: string): boolean =>
  own.split('.').every((byte, at) => (Number(byte) & (mask[at] ?? 0)) === ((address[at] ?? 0) & (mask[at] ?? 0)));
