import type { Certificate } from '../certificate.ts';
import { isSelfIssued } from './paths.ts';

/** A key or signature that is out of date. Windows may still accept it: it is worth a word, and no failure. */
export type Weakness = Readonly<{ certificate: Certificate; detail: string }>;

const WEAK_HASHES = ['MD2', 'MD5', 'SHA-1'];
const MINIMUM_BITS: Readonly<Record<string, number>> = { RSA: 2048, EC: 256 };

/** The weaknesses of a chain. The signature on a root proves nothing, whatever it is made with. */
export const weaknessesOf = (chain: readonly Certificate[]): readonly Weakness[] =>
  chain.flatMap((certificate) => {
    const { key, signatureHash } = certificate;
    const minimum = MINIMUM_BITS[key.type];
    const details = [
      minimum !== undefined &&
        key.bits !== undefined &&
        key.bits < minimum &&
        `its ${key.type} key has ${key.bits} bits`,
      !isSelfIssued(certificate) && WEAK_HASHES.includes(signatureHash) && `it is signed with ${signatureHash}`,
    ];
    return details.flatMap((detail) => (detail ? [{ certificate, detail }] : []));
  });
