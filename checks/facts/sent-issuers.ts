import { defineFact, Unknown } from '../../engine/define.ts';
import { boundCertificate, metCertificates } from './bound-certificate.ts';
import { certificateChains } from './certificate-chains.ts';
import { certificatesIn, issuerStores, personalStore } from './certificate-stores.ts';
import type { Certificate } from './read/certificate.ts';
import { isSelfIssued } from './read/verdict/paths.ts';

/** Every certificate at hand to which the names of issuers lead. */
const aboveByName = (certificate: Certificate, atHand: readonly Certificate[], found = new Set<Certificate>()) => {
  for (const issuer of atHand)
    if (issuer.subjectId === certificate.issuerId && !found.has(issuer)) aboveByName(issuer, atHand, found.add(issuer));
  return found;
};

/**
 * Issuers that the server sends along with the certificates that SSTP clients meet: all but roots. Where its chains are not
 * known, those that it may send: also out of LocalMachine\My, where an import leaves them.
 */
export const sentIssuers = defineFact<readonly Certificate[]>({
  id: 'certificate/sent-issuers',
  vantage: 'server',
  right: 'read HKLM (any user), administrator for HTTP.sys settings',
  async ask(_$, facts) {
    const chains = await facts.read(certificateChains);
    if (chains.known)
      return chains.value.flatMap(({ certificates: [, ...issuers] }) => issuers.filter((it) => !isSelfIssued(it)));
    const [bound, { roots, others }, personal] = await Promise.all([
      facts.need(boundCertificate),
      facts.need(issuerStores),
      facts.need(personalStore),
    ]);
    const stores = [roots, others, personal];
    if (stores.some(({ unreadable }) => unreadable.length > 0)) throw new Unknown(chains.reason, chains.detail);
    const atHand = stores.flatMap(certificatesIn);
    return metCertificates(bound)
      .flatMap((leaf) => [...aboveByName(leaf, atHand)])
      .filter((it) => !isSelfIssued(it));
  },
});
