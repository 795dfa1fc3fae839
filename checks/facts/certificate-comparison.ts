import { defineFact } from '../../engine/define.ts';
import { settled } from './attempts.ts';
import { type Bound, boundCertificate } from './bound-certificate.ts';
import { hexOf } from './read/bytes.ts';
import { type Served, servedCertificates } from './served-certificates.ts';
import { type SstpParameters, sstpParameters } from './sstp-parameters.ts';

/** A certificate that clients meet, beside what the server believes: what HTTP.sys is to show, and what SSTP knows it by. */
export type Comparison = Readonly<{
  served: Served;
  /** Hashes of the certificates bound to SSTP's addresses; absent where TLS ends at a load balancer. */
  bound?: readonly string[];
  /** The 32 bytes of Sha256CertificateHash, where it has that form. */
  configured?: string;
  isSame: boolean;
}>;

const boundHashes = (bound: Bound): readonly string[] | undefined => {
  switch (bound.kind) {
    case 'offloaded':
      return undefined;
    case 'unbound':
      return [];
    case 'bound':
      return bound.certificates.map(({ hash }) => hash);
  }
};

/** A hash of another length or type is a finding of its own, and says nothing here. */
const configuredHash = ({ sha256 }: SstpParameters): string | undefined =>
  sha256?.bytes?.length === 32 ? hexOf(sha256.bytes) : undefined;

const compare = (served: Served, bound: readonly string[] | undefined, configured: string | undefined): Comparison => {
  const { thumbprint, sha256 } = served.certificate;
  const isBound = bound?.some((hash) => hash === thumbprint || hash === sha256) ?? true;
  const isConfigured = configured === undefined || configured === sha256;
  return {
    served,
    ...(bound && { bound }),
    ...(configured !== undefined && { configured }),
    isSame: isBound && isConfigured,
  };
};

/** What is met from outside beside what the server believes it shows. Source: KB947031 situation 8, steps 4 to 7. */
export const certificateComparison = defineFact<readonly Comparison[]>({
  id: 'reach/certificate-comparison',
  vantage: 'network',
  async ask(_probe, facts) {
    const [{ served, unseen }, bound, parameters] = await Promise.all([
      facts.need(servedCertificates),
      facts.need(boundCertificate),
      facts.need(sstpParameters),
    ]);
    const [hashes, configured] = [boundHashes(bound), configuredHash(parameters)];
    const comparisons = served.map((one) => compare(one, hashes, configured));
    return settled(comparisons, ({ isSame }) => !isSame, unseen);
  },
});
