import type { StoredHash } from '../facts/sstp-parameters.ts';

/** The two hashes that SSTP keeps of its certificate, by the name and the length that they must have. */
export const HASHES = [
  { subject: 'Sha256CertificateHash', field: 'sha256', length: 32 },
  { subject: 'Sha1CertificateHash', field: 'sha1', length: 20 },
] as const;
export type Hash = (typeof HASHES)[number];

/** Why the SSTP service does not take a value as a hash, or `undefined`. Source: RasSstp events 18 and 19. */
export const malformed = ({ subject, length }: Hash, { type, bytes }: StoredHash): string | undefined => {
  if (!bytes) return `${subject} is ${type}, not REG_BINARY`;
  return bytes.length === length ? undefined : `${subject} holds ${bytes.length} bytes, not ${length}`;
};
