/** The values of digits by their character codes. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => parseInt(String.fromCharCode(code), 16));

/** Bytes of an even number of hexadecimal digits, as reg.exe prints REG_BINARY. */
export const bytesOf = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length >> 1);
  const value = (at: number): number => VALUES[hex.charCodeAt(at)] ?? 0;
  for (let at = 0; at < bytes.length; at++) bytes[at] = value(at * 2) * 16 + value(at * 2 + 1);
  return bytes;
};

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase());

/** Upper-case hexadecimal digits without separators, as Windows shows hashes. */
export const hexOf = (bytes: Uint8Array): string => bytes.reduce((digits, byte) => digits + DIGITS[byte], '');
