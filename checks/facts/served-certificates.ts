import { defineFact, type Handshake, Unknown } from '../../engine/define.ts';
import { endpointOf, nowhere, unseenIn } from './attempts.ts';
import { connections } from './connections.ts';
import type { Certificate } from './read/certificate.ts';

type Der = Uint8Array<ArrayBuffer>;

/**
 * What TLS shows: the server's certificate, all that came with it (itself first), and where that was met; `stapled` is an
 * OCSP answer that came along at all of these places.
 */
export type Served = Readonly<{
  certificate: Certificate;
  sent: readonly Der[];
  stapled?: Der;
  endpoints: readonly string[];
}>;

/** `unseen`: why nothing is known of some address. */
export type ServedCertificates = Readonly<{ served: readonly Served[]; unseen?: Unknown }>;

type Shown = Handshake & Readonly<{ tls: NonNullable<Handshake['tls']> }>;

const showsCertificates = (handshake: Handshake): handshake is Shown => handshake.tls !== undefined;

/** Equal for equal certificates in equal order. */
const keyOf = ({ tls }: Shown): string => tls.certificates.map((der) => der.join()).join(';');

const servedBy = async (handshakes: readonly Shown[]): Promise<Served> => {
  // Loaded when there is something to read: a probe that meets no certificate starts faster without it.
  const { readCertificate } = await import('./read/certificate.ts');
  const endpoints = handshakes.map(endpointOf);
  const [der, ...rest] = handshakes[0]?.tls.certificates ?? [];
  if (!der) throw new Unknown('unreadable', `TLS to ${endpoints.join(' and ')} showed no certificate`);
  const certificate = await readCertificate(der).catch((cause: unknown) => {
    throw new Unknown('unreadable', `the certificate that was shown cannot be read: ${cause}`, { cause });
  });
  const stapled = handshakes.every(({ tls }) => tls.stapled) ? handshakes[0]?.tls.stapled : undefined;
  return { certificate, sent: [der, ...rest], ...(stapled && { stapled }), endpoints };
};

/** The certificates that clients meet, each once. Throws Unknown where TLS came about nowhere. */
export const servedCertificates = defineFact<ServedCertificates>({
  id: 'reach/served-certificates',
  vantage: 'network',
  async ask(_probe, facts) {
    const known = await facts.need(connections);
    const shown = Map.groupBy(known.tried.filter(showsCertificates), keyOf);
    if (shown.size === 0) throw nowhere(known);
    const unseen = unseenIn(known);
    return { served: await Promise.all(Array.from(shown.values(), servedBy)), ...(unseen && { unseen }) };
  },
});
