import type { Certificate } from '../certificate.ts';
import { isSelfIssued } from './paths.ts';

/** The certificates of a chain that somebody can revoke: all but the root, about which clients do not ask. */
export const revocableIn = (chain: readonly Certificate[]): readonly Certificate[] =>
  chain.filter((certificate, at) => at < chain.length - 1 || !isSelfIssued(certificate));

/** Every address at which a client may ask about the certificate. */
export const sourcesOf = ({ crlUrls, ocspUrls }: Certificate): readonly string[] => [...crlUrls, ...ocspUrls];
