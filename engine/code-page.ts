import { isAscii } from 'node:buffer';
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

/**
 * Text of bytes in a Windows code page. An unknown page is read as Latin-1: facts rest on ASCII, which is the same
 * everywhere; names may then be wrong, bytes are never lost, since the evidence keeps them.
 */
export const decodeText = (bytes: Uint8Array, codePage: number | undefined): string => {
  // No table is loaded for most answers. Of all code pages only this one has another sign in the place of one of ASCII.
  const there = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (codePage !== ARABIC && isAscii(bytes)) return there.toString('latin1');
  const name = codePage === 65001 ? 'utf8' : `cp${codePage}`;
  return iconv.decode(there, codePage !== undefined && iconv.encodingExists(name) ? name : 'latin1');
};
