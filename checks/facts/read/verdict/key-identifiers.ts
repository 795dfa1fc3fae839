import {
  AuthorityKeyIdentifier,
  id_ce_authorityKeyIdentifier,
  id_ce_subjectKeyIdentifier,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { hexOf } from '../bytes.ts';
import type { Certificate } from '../certificate.ts';
import type { Extensions } from '../extensions.ts';
import { extensionsOf } from '../parsed.ts';

/** What cannot be read names no key. */
const readIn = (certificate: Certificate, read: (extensions: Extensions) => ArrayBuffer | undefined) => {
  try {
    const identifier = read(extensionsOf(certificate));
    return identifier && hexOf(new Uint8Array(identifier));
  } catch {
    return undefined;
  }
};

/** The identifier of the issuer's key, as the certificate has it. */
export const issuerKeyOf = (certificate: Certificate): string | undefined =>
  readIn(certificate, ({ read }) => read(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier)?.keyIdentifier?.buffer);

/** Whether the certificate names its issuer by the serial number, too. */
const namesSerial = (certificate: Certificate): boolean =>
  readIn(
    certificate,
    ({ read }) => read(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier)?.authorityCertSerialNumber,
  ) !== undefined;

/**
 * Whether the certificate names another key as that of its issuer than this authority has: Windows then takes it for no issuer
 * ("key match"). Source: Microsoft's white paper "Troubleshooting Certificate Status and Revocation".
 */
export const namesOtherKey = (certificate: Certificate, authority: Certificate): boolean => {
  const wanted = issuerKeyOf(certificate);
  const own = readIn(authority, ({ read }) => read(id_ce_subjectKeyIdentifier, SubjectKeyIdentifier)?.buffer);
  return wanted !== undefined && own !== undefined && wanted !== own && !namesSerial(certificate);
};
