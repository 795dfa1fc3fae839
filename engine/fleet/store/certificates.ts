/** What a certificate is for: `bound` to the listener, `served` to clients, or merely `stored`. */
export type CertificateRole = 'bound' | 'served' | 'stored';

/** A certificate that a server uses or holds. Texts come from whoever issued it. */
export type CertificateNote = Readonly<{
  subject: string;
  /** SHA-1 of the DER, 40 upper-case digits. */
  thumbprint: string;
  /** ISO 8601, UTC. */
  notAfter: string;
}>;

/** The certificates of a server, in the roles of which something was learned. */
export type Certificates = Readonly<Partial<Record<CertificateRole, readonly CertificateNote[]>>>;
