/** Bytes of an even number of hexadecimal digits, as reg.exe prints REG_BINARY. */
export const bytesOf = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
};

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase());

/** Upper-case hexadecimal digits without separators, as Windows shows hashes. */
export const hexOf = (bytes: Uint8Array): string => bytes.reduce((digits, byte) => digits + DIGITS[byte], '');
