/** Which servers are believed to be who they say: those that a certificate authority vouches for, or the one that is pinned. */
import { createSecureContext, getCACertificates, type SecureContext, type SecureContextOptions } from 'node:tls';

export type TrustOptions = Readonly<{
  /** Certificate authorities in PEM; those of the system without it. */
  ca?: string;
  /** Our own certificate and its key in PEM, for servers that map certificates to accounts. */
  certificate?: Readonly<{ cert: string; key: string }>;
}>;

/** One TLS set-up for all servers of a run: reading the authorities of a system takes some 60 ms. */
export type Trust = Readonly<{ context(): SecureContext; hasCertificate: boolean }>;

/** Throws an error of OpenSSL, when first used, for text that is no certificate or key. */
export const trustIn = ({ ca, certificate }: TrustOptions): Trust => {
  let context: SecureContext | undefined;
  return {
    hasCertificate: certificate !== undefined,
    context: () => {
      context ??= createSecureContext({
        ca: ca === undefined ? getCACertificates('system') : [ca],
        minVersion: 'TLSv1.2',
        ...(certificate && own(certificate)),
      });
      return context;
    },
  };
};

/** Belief: HTTP.sys asks for a certificate after the first request, which TLS 1.3 clients of Node do not support. */
const own = ({ cert, key }: Readonly<{ cert: string; key: string }>): SecureContextOptions => ({
  cert,
  key,
  maxVersion: 'TLSv1.2',
});

/** SHA-256 of a certificate as people write it, with or without colons; undefined when it is none. */
export const fingerprintIn = (text: string): string | undefined => {
  const digits = text
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
};
