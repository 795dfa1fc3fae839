import 'reflect-metadata';
import { PemConverter } from '@peculiar/x509';

const SEQUENCE = 0x30;
/** Text may come before it, such as the mark of an editor: Windows skips it (CryptStringToBinary, pdwSkip). */
const PEM = /-----BEGIN /;

/** What a file holds in DER: the file itself, or each part of a PEM file. Throws for anything else. */
export const encodedIn = (bytes: Uint8Array<ArrayBuffer>): readonly Uint8Array<ArrayBuffer>[] => {
  if (bytes[0] === SEQUENCE) return [bytes];
  const text = new TextDecoder('latin1').decode(bytes);
  if (!PEM.test(text)) throw new SyntaxError('neither DER nor PEM');
  return PemConverter.decode(text).map((der) => new Uint8Array(der));
};
