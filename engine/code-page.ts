import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Where Windows keeps the code page in which console programs print. Its answer is digits in any code page. */
export const CODE_PAGE_QUESTION = String.raw`reg.exe query HKLM\SYSTEM\CurrentControlSet\Control\Nls\CodePage /v OEMCP`;

/** The code page number in the answer to that question, or undefined where it makes no sense. */
export const codePageIn = (stdout: Uint8Array): number | undefined => {
  const digits = /\bOEMCP\s+REG_SZ\s+(\d{3,5})\s*$/m.exec(Buffer.from(stdout).toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** Its percent sign is Arabic. */
const ARABIC = 864;

/** Japanese, Chinese, Korean: the second byte of a letter may be a sign of ASCII, such as `|` between the fields of a rule. */
const OF_TWO_BYTES: ReadonlySet<number | undefined> = new Set([932, 936, 949, 950]);

/**
 * OEMCP is where a console begins; chcp, AutoRun of cmd.exe and settings of the console lead to UTF-8 (Win32-OpenSSH issue
 * 1768, terminal issue 11591). Read in a page of two bytes, UTF-8 would lose signs of ASCII. It begins with a letter of three
 * bytes, as letters of these languages are. The first byte beyond ASCII always begins a letter: in such a page that letter
 * would be one of the rarest, and all others would have to be sound in UTF-8 by chance.
 */
const isUtf8InPlaceOf = (codePage: number | undefined, bytes: Uint8Array): boolean => {
  const first = bytes.find((byte) => byte >= 0x80) ?? 0;
  return OF_TWO_BYTES.has(codePage) && first >= 0xe0 && first <= 0xef && isUtf8(bytes);
};

/**
 * Text of bytes in a Windows code page. An unknown page is read as Latin-1: facts rest on ASCII, which is the same
 * everywhere; names may then be wrong, bytes are never lost, since the evidence keeps them.
 */
export const decodeText = (bytes: Uint8Array, codePage: number | undefined): string => {
  // No table is loaded for most answers. Of all code pages only this one has another sign in the place of one of ASCII.
  const there = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (codePage !== ARABIC && isAscii(bytes)) return there.toString('latin1');
  const name = codePage === 65001 || isUtf8InPlaceOf(codePage, bytes) ? 'utf8' : `cp${codePage}`;
  return iconv.decode(there, codePage !== undefined && iconv.encodingExists(name) ? name : 'latin1');
};
