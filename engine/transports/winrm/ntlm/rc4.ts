/** RC4, which seals NTLM messages, and which OpenSSL 3 has no more. For nothing else: NTLM leaves no choice. */

/** Turns the next bytes of a stream into cipher text, or back. */
export type Rc4 = (bytes: Uint8Array) => Buffer;

/** A stream with this key. It goes on from call to call. */
export const rc4 = (key: Uint8Array): Rc4 => {
  const box = boxFor(key);
  let [lastI, lastJ] = [0, 0];
  return (bytes) => {
    const out = Buffer.allocUnsafe(bytes.length);
    // Local variables make this loop some five times faster: it runs over every byte of every answer.
    let [i, j] = [lastI, lastJ];
    for (let at = 0; at < bytes.length; at++) {
      i = (i + 1) & 255;
      const a = box[i] ?? 0;
      j = (j + a) & 255;
      const b = box[j] ?? 0;
      box[i] = b;
      box[j] = a;
      out[at] = (bytes[at] ?? 0) ^ (box[(a + b) & 255] ?? 0);
    }
    [lastI, lastJ] = [i, j];
    return out;
  };
};

const boxFor = (key: Uint8Array): Uint8Array => {
  const box = Uint8Array.from({ length: 256 }, (_, at) => at);
  for (let i = 0, j = 0; i < 256; i++) {
    const a = box[i] ?? 0;
    j = (j + a + (key[i % key.length] ?? 0)) & 255;
    box[i] = box[j] ?? 0;
    box[j] = a;
  }
  return box;
};
