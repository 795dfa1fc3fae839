import type { StoredCertificate } from '../facts/certificate-stores.ts';
import { SERVER_PURPOSES } from '../facts/read/chain.ts';

const NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'server authentication',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'secure e-mail',
  '1.3.6.1.5.5.8.2.2': 'IKE intermediate',
  '2.5.29.37.0': 'any purpose',
};

/** Purposes in words, as far as they have some. */
export const inWords = (oids: readonly string[]): string =>
  oids.map((oid) => NAMES[oid] ?? oid).join(', ') || 'nothing';

const serves = (oids: readonly string[] | undefined): boolean =>
  oids?.some((oid) => SERVER_PURPOSES.includes(oid)) ?? true;

/** Why a TLS server may not use the certificate, or `undefined`. Without a list of purposes it is for all of them. */
export const misuseOf = ({ certificate, allowedPurposes }: StoredCertificate): string | undefined => {
  if (!serves(certificate.purposes)) return `it is for ${inWords(certificate.purposes ?? [])}`;
  if (!serves(allowedPurposes)) return `the certificate store restricts it to ${inWords(allowedPurposes ?? [])}`;
  if (certificate.mayEncrypt === false) return 'its key usage has neither digital signature nor key encipherment';
};
