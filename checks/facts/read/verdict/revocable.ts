import type { Certificate } from '../certificate.ts';
import { crlPointsOf } from './crl-points.ts';
import { isSelfIssued } from './paths.ts';

/** The certificates of a chain that somebody can revoke: all but the root, about which clients do not ask. */
export const revocableIn = (chain: readonly Certificate[]): readonly Certificate[] =>
  chain.filter((certificate, at) => at < chain.length - 1 || !isSelfIssued(certificate));

/** Every address at which a client may ask about the certificate. */
export const sourcesOf = ({ crlUrls, ocspUrls }: Certificate): readonly string[] => [...crlUrls, ...ocspUrls];

/** Whether a certificate says in any way where its revocation is published. */
export const namesSource = (certificate: Certificate): boolean =>
  sourcesOf(certificate).length > 0 || crlPointsOf(certificate).whole.length > 0;

const WEEK_MS = 604_800_000;

/**
 * Whether it lives so shortly that nobody has to publish its revocation. Sources: CA/Browser Forum, Baseline Requirements 1.6.1,
 * "Short-lived Subscriber Certificate"; that clients of SSTP go without: Richard M. Hicks, "DirectAccess IPHTTPS and Let's Encrypt
 * 6-Day Certificates", about certificates of which their authority says that they name neither a CRL nor a responder.
 */
export const isShortLived = ({ isAuthority, notBefore, notAfter }: Certificate): boolean =>
  !isAuthority && notAfter.getTime() - notBefore.getTime() <= WEEK_MS;
