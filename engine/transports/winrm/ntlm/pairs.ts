/** What a challenge tells about the server, and an answer repeats: pairs of an id and bytes. Source: [MS-NLMP] 2.2.2.1. */

export const PAIR = { flags: 6, timestamp: 7, channelBinding: 10 } as const;

/** Throws SyntaxError when the bytes are no list of pairs. */
export const readPairs = (bytes: Buffer): Map<number, Buffer> => {
  const pairs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (id === 0) return pairs;
    if (at + 4 + length > bytes.length) break;
    pairs.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  throw new SyntaxError('the NTLM challenge ends in the middle of its target information');
};

export const writePairs = (pairs: ReadonlyMap<number, Uint8Array>): Buffer =>
  Buffer.concat([...[...pairs].map(([id, value]) => Buffer.concat([header(id, value.length), value])), header(0, 0)]);

const header = (id: number, length: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(id, 0);
  bytes.writeUInt16LE(length, 2);
  return bytes;
};
