import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

export const hmacMd5 = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac('md5', key)).digest();

export const md5 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest();

export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** Windows upper-cases character by character: no letter becomes two, as German sharp s does in Unicode's rules. */
const upper = (text: string): string =>
  Array.from(text, (letter) => (letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter)).join(
    '',
  );

/** The key that an account and its password make. Source: [MS-NLMP] 3.3.2, NTOWFv2. */
export const passwordKey = ({ user, domain }: Readonly<{ user: string; domain: string }>, password: string): Buffer =>
  hmacMd5(md4(utf16(password)), utf16(upper(user) + domain));
