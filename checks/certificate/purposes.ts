import type { StoredCertificate } from '../facts/certificate-stores.ts';
import { serves } from '../facts/read/verdict/flaws.ts';
import { purposesInWords } from '../facts/read/words.ts';

/** Why a TLS server may not use the certificate, or `undefined`. Without a list of purposes it is for all of them. */
export const misuseOf = ({ certificate, allowedPurposes }: StoredCertificate): string | undefined => {
  if (!serves(certificate.purposes)) return `it is for ${purposesInWords(certificate.purposes ?? [])}`;
  if (!serves(allowedPurposes))
    return `the certificate store restricts it to ${purposesInWords(allowedPurposes ?? [])}`;
};
