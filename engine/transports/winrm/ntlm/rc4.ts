/** RC4, which seals NTLM messages, and which OpenSSL 3 has no more. For nothing else: NTLM leaves no choice. */

/** Turns the next bytes of a stream into cipher text, or back. */
export type Rc4 = (bytes: Uint8Array) => Buffer;

/** A stream with this key. It goes on from call to call. */
export const rc4 = (key: Uint8Array): Rc4 => {
  const box = Uint8Array.from({ length: 256 }, (_, at) => at);
  let [i, j] = [0, 0];
  const swap = (): void => {
    const kept = box[i] ?? 0;
    box[i] = box[j] ?? 0;
    box[j] = kept;
  };
  for (i = 0; i < 256; i++) {
    j = (j + (box[i] ?? 0) + (key[i % key.length] ?? 0)) & 255;
    swap();
  }
  [i, j] = [0, 0];
  return (bytes) => {
    const out = Buffer.allocUnsafe(bytes.length);
    for (let at = 0; at < bytes.length; at++) {
      i = (i + 1) & 255;
      j = (j + (box[i] ?? 0)) & 255;
      swap();
      out[at] = (bytes[at] ?? 0) ^ (box[((box[i] ?? 0) + (box[j] ?? 0)) & 255] ?? 0);
    }
    return out;
  };
};
