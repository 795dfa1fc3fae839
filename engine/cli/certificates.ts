import { boundCertificate } from '../../checks/facts/bound-certificate.ts';
import type { Certificate } from '../../checks/facts/read/certificate.ts';
import { servedCertificates } from '../../checks/facts/served-certificates.ts';
import type { Audited } from '../audit.ts';
import type { CertificateNote, Certificates } from '../fleet/store/certificates.ts';

/** The certificates of a server that a store remembers, as far as checks asked for them. */
export const certificatesOf = ({ readingOf }: Audited): Certificates => {
  const bound = readingOf(boundCertificate);
  const served = readingOf(servedCertificates);
  return {
    ...(bound.known && { bound: bound.value.kind === 'bound' ? bound.value.certificates.flatMap(storedNote) : [] }),
    ...(served.known && { served: served.value.served.map(({ certificate }) => noteOf(certificate)) }),
  };
};

const storedNote = ({
  stored,
}: Readonly<{ stored?: Readonly<{ certificate: Certificate }> }>): readonly CertificateNote[] =>
  stored ? [noteOf(stored.certificate)] : [];

const noteOf = ({ subject, thumbprint, notAfter }: Certificate): CertificateNote => ({
  subject,
  thumbprint,
  notAfter: notAfter.toISOString(),
});
