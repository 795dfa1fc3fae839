import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AuthorityInfoAccessSyntax,
  BasicConstraints,
  CertificatePolicies,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  type GeneralName,
  id_ad_caIssuers,
  id_ad_ocsp,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_pe_authorityInfoAccess,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import { digest } from '../../../engine/define.ts';
import { hexOf } from './bytes.ts';
import type { Extensions } from './extensions.ts';
import { keepParsed, parse } from './parsed.ts';
import { remembering } from './remembering.ts';
import type { Algorithm } from './signature.ts';

/** A certificate, read once: all that the checks ask of it. Texts in it come from whoever issued it. */
export type Certificate = Readonly<{
  der: Uint8Array<ArrayBuffer>;
  /** SHA-1 of the DER, 40 upper-case digits, as Windows names certificates. */
  thumbprint: string;
  /** SHA-256 of the DER, 64 upper-case digits. */
  sha256: string;
  subject: string;
  issuer: string;
  /** The serial number, hexadecimal digits. */
  serial: string;
  /** The encoded names, hexadecimal: an issuer is found by equal bytes. */
  subjectId: string;
  issuerId: string;
  notBefore: Date;
  notAfter: Date;
  /** OIDs of the enhanced key usage; absent where the certificate does not restrict its use. */
  purposes?: readonly string[];
  /** OIDs of Microsoft's application policies: the same in another extension, which Windows heeds as well. */
  applicationPolicies?: readonly string[];
  /** Bits of the key usage, where it has one. */
  mayEncrypt?: boolean;
  maySignCertificates?: boolean;
  maySignCrls?: boolean;
  isAuthority: boolean;
  pathLength?: number;
  dnsNames: readonly string[];
  addresses: readonly string[];
  commonNames: readonly string[];
  /** `RSA`, `EC` or another algorithm's name, for which the bits may not be known. */
  key: Readonly<{ type: string; bits?: number }>;
  /** `SHA-256` …, or the OID of the signature algorithm. */
  signatureHash: string;
  crlUrls: readonly string[];
  ocspUrls: readonly string[];
  /** Where the certificate of its issuer is to be had. */
  issuerUrls: readonly string[];
  /** OIDs of critical extensions that Windows does not know, and of those of which nobody tells whether it does. */
  unknownCritical: readonly string[];
  doubtfulCritical: readonly string[];
  /** It has a name constraint. Source of what it says: verdict/name-constraints.ts. */
  limitsNames: boolean;
}>;

/** Source: sstp-protocol 5.1. */
const KNOWN_CRITICAL = [15, 17, 18, 19, 30, 31, 32, 33, 36, 37, 54].map((last) => `2.5.29.${last}`);
/** Microsoft's own, such as those of certificate templates, which can make them critical; and access to the issuer. */
const DOUBTFUL_CRITICAL = /^1\.3\.6\.1\.(?:4\.1\.311\.|5\.5\.7\.1\.1$)/;
const OLD_HASHES: Readonly<Record<string, string>> = { '1.2.840.113549.1.1.4': 'MD5', '1.2.840.113549.1.1.2': 'MD2' };
const SERVER_KEY_USES = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;

const keyOf = ({ name = '', modulusLength, namedCurve }: Algorithm): Certificate['key'] => {
  if (modulusLength) return { type: 'RSA', bits: modulusLength };
  const bits = /\d{3}/.exec(namedCurve ?? '')?.[0];
  return name === 'ECDSA' && bits ? { type: 'EC', bits: Number(bits) } : { type: name };
};

/** RSA-PSS without parameters means SHA-1. */
const hashOf = ({ name = '', hash }: Algorithm): string =>
  hash?.name ?? OLD_HASHES[name] ?? (name === 'RSA-PSS' ? 'SHA-1' : name);

const usesOf = (
  extensions: Extensions,
): Pick<Certificate, 'purposes' | 'mayEncrypt' | 'maySignCertificates' | 'maySignCrls'> => {
  const purposes = extensions.read(id_ce_extKeyUsage, ExtendedKeyUsage);
  const usage = extensions.read(id_ce_keyUsage, KeyUsage)?.toNumber();
  return {
    ...(purposes && { purposes: [...purposes] }),
    ...(usage !== undefined && {
      mayEncrypt: (usage & SERVER_KEY_USES) !== 0,
      maySignCertificates: (usage & KeyUsageFlags.keyCertSign) !== 0,
      maySignCrls: (usage & KeyUsageFlags.cRLSign) !== 0,
    }),
  };
};

const APPLICATION_POLICIES = '1.3.6.1.4.1.311.21.10';

/** What cannot be read allows nothing. */
const policiesOf = (extensions: Extensions): Pick<Certificate, 'applicationPolicies'> => {
  try {
    const policies = extensions.read(APPLICATION_POLICIES, CertificatePolicies);
    return policies ? { applicationPolicies: Array.from(policies, ({ policyIdentifier }) => policyIdentifier) } : {};
  } catch {
    return { applicationPolicies: [] };
  }
};

const namesOf = (extensions: Extensions): Pick<Certificate, 'dnsNames' | 'addresses'> => {
  const names = [...(extensions.read(id_ce_subjectAltName, SubjectAlternativeName) ?? [])];
  return {
    dnsNames: names.flatMap(({ dNSName }) => dNSName ?? []),
    addresses: names.flatMap(({ iPAddress }) => iPAddress ?? []),
  };
};

const urlIn = ({ uniformResourceIdentifier }: GeneralName): string | readonly [] => uniformResourceIdentifier ?? [];

const urlsOf = (extensions: Extensions): Pick<Certificate, 'crlUrls' | 'ocspUrls' | 'issuerUrls'> => {
  const points = [...(extensions.read(id_ce_cRLDistributionPoints, CRLDistributionPoints) ?? [])];
  const access = [...(extensions.read(id_pe_authorityInfoAccess, AuthorityInfoAccessSyntax) ?? [])];
  const urls = (wanted: string) =>
    access.filter(({ accessMethod }) => accessMethod === wanted).flatMap(({ accessLocation }) => urlIn(accessLocation));
  return {
    crlUrls: points.flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? []).flatMap(urlIn),
    ocspUrls: urls(id_ad_ocsp),
    issuerUrls: urls(id_ad_caIssuers),
  };
};

/** So many certificates are remembered: servers share their authorities. */
const remembered = remembering<Promise<Certificate>>(256);
/** Any bytes as a text of their own. */
const latin1 = new TextDecoder('latin1');

/** Reads a certificate; the same bytes give the same object. Throws what @peculiar/x509 throws for bytes that are none. */
export const readCertificate = (bytes: Uint8Array): Promise<Certificate> =>
  remembered(latin1.decode(bytes), () => read(new Uint8Array(bytes)));

const read = async (der: Uint8Array<ArrayBuffer>): Promise<Certificate> => {
  const { parsed, extensions } = parse(der);
  // X.509 knows no date before 1950; what cannot be read comes out as 1899.
  if (![parsed.notBefore, parsed.notAfter].every((date) => date.getUTCFullYear() >= 1950))
    throw new TypeError('the dates of the certificate make no sense');
  const constraints = extensions.read(id_ce_basicConstraints, BasicConstraints);
  const critical = extensions.all.flatMap(({ critical, type }) =>
    critical && !KNOWN_CRITICAL.includes(type) ? [type] : [],
  );
  const certificate: Certificate = {
    der,
    thumbprint: digest('sha1', der),
    sha256: digest('sha256', der),
    subject: parsed.subject,
    issuer: parsed.issuer,
    serial: parsed.serialNumber,
    subjectId: hexOf(new Uint8Array(parsed.subjectName.toArrayBuffer())),
    issuerId: hexOf(new Uint8Array(parsed.issuerName.toArrayBuffer())),
    notBefore: parsed.notBefore,
    notAfter: parsed.notAfter,
    ...usesOf(extensions),
    ...policiesOf(extensions),
    isAuthority: constraints?.cA ?? false,
    ...(constraints?.pathLenConstraint !== undefined && { pathLength: constraints.pathLenConstraint }),
    ...namesOf(extensions),
    commonNames: parsed.subjectName.getField('CN'),
    key: keyOf(parsed.publicKey.algorithm),
    signatureHash: hashOf(parsed.signatureAlgorithm),
    ...urlsOf(extensions),
    unknownCritical: critical.filter((oid) => !DOUBTFUL_CRITICAL.test(oid)),
    doubtfulCritical: critical.filter((oid) => DOUBTFUL_CRITICAL.test(oid)),
    limitsNames: extensions.all.some(({ type }) => type === id_ce_nameConstraints),
  };
  return keepParsed(certificate, { parsed, extensions });
};

/** The OIDs in a DER-encoded enhanced key usage. */
export const readPurposes = (der: Uint8Array): readonly string[] => [
  ...AsnConvert.parse(new Uint8Array(der), ExtendedKeyUsage),
];
