/** MD4 (RFC 1320): NTLM derives its key from it, and OpenSSL 3 has it no more. For nothing else. */

/** Sixteen bytes. */
export const md4 = (message: Uint8Array): Buffer => {
  const words = wordsOf(message);
  const state: State = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < words.length; at += 16) mix(state, words.subarray(at, at + 16));
  const digest = Buffer.alloc(16);
  for (const [at, word] of state.entries()) digest.writeInt32LE(word, 4 * at);
  return digest;
};

type State = [number, number, number, number];
type Round = Readonly<{
  of(b: number, c: number, d: number): number;
  plus: number;
  /** Which word each step takes, and by how many bits it then turns. */
  order: readonly number[];
  turns: readonly number[];
}>;

const ROUNDS: readonly Round[] = [
  {
    of: (b, c, d) => (b & c) | (~b & d),
    plus: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    turns: [3, 7, 11, 19],
  },
  {
    of: (b, c, d) => (b & c) | (b & d) | (c & d),
    plus: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    turns: [3, 5, 9, 13],
  },
  {
    of: (b, c, d) => b ^ c ^ d,
    plus: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    turns: [3, 9, 11, 15],
  },
];

/** The message, a one bit, zeros, and the length in bits, in blocks of 16 words. */
const wordsOf = (message: Uint8Array): Int32Array => {
  const padded = Buffer.alloc(64 * Math.ceil((message.length + 9) / 64));
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  return Int32Array.from({ length: padded.length / 4 }, (_, at) => padded.readInt32LE(4 * at));
};

const mix = (state: State, block: Int32Array): void => {
  let [a, b, c, d] = state;
  for (const { of, plus, order, turns } of ROUNDS)
    for (const [step, word] of order.entries()) {
      const sum = (a + of(b, c, d) + (block[word] ?? 0) + plus) | 0;
      const turn = turns[step & 3] ?? 0;
      [a, b, c, d] = [d, (sum << turn) | (sum >>> (32 - turn)), b, c];
    }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
};
