/** Certificates with fixed keys, dates and serial numbers: the same bytes in every run wherever RSA signs. */
import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificatePolicies, PolicyInformation } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import keys from './keys.json' with { type: 'json' };

export const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
export const ANY_PURPOSE = '2.5.29.37.0';

/** A certificate, its DER bytes, and its thumbprint (SHA-1, 40 upper-case digits) as its place in the registry. */
export type Made = Readonly<{ certificate: x509.X509Certificate; der: Uint8Array; thumbprint: string }>;
export type Authority = Made & Readonly<{ subject: string; key: Signer }>;
type Signer = 'root' | 'issuing' | 'other' | 'rsa2048' | 'p256';

const RSA = { name: 'RSASSA-PKCS1-v1_5' } as const;
/** What a Windows authority signs with where it has AlternateSignatureAlgorithm set. */
const PSS = { name: 'RSA-PSS', saltLength: 32 } as const;
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
type Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** A private key of the table as PKCS #8: for a TLS server that shows such a leaf. It protects nothing. */
export const privateKeyOf = (name: keyof typeof keys): Uint8Array => new Uint8Array(Buffer.from(keys[name], 'base64'));

type Padding = 'PKCS1' | 'PSS';
const algorithmOf = (name: Signer, hash: Hash, padding: Padding) =>
  name === 'p256' ? { ...EC, hash } : { ...(padding === 'PSS' ? PSS : RSA), hash };

/** What signs in the name of a key, for @peculiar/x509. */
export const signerOf = async (name: Signer, hash: Hash = 'SHA-256', padding: Padding = 'PKCS1') => {
  const signingAlgorithm = algorithmOf(name, hash, padding);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', privateKeyOf(name), signingAlgorithm, false, ['sign']);
  return { signingKey, signingAlgorithm };
};

export const publicKey = async (name: keyof typeof keys): Promise<webcrypto.CryptoKey> => {
  const curve = /^p(\d+)$/.exec(name)?.[1];
  const algorithm = curve ? { ...EC, namedCurve: `P-${curve}` } : { ...RSA, hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('pkcs8', privateKeyOf(name), algorithm, true, ['sign']);
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = await webcrypto.subtle.exportKey('jwk', key);
  return webcrypto.subtle.importKey('jwk', { ...jwk, key_ops: ['verify'] }, algorithm, true, ['verify']);
};

const made = (certificate: x509.X509Certificate): Made => {
  const der = new Uint8Array(certificate.rawData);
  return { certificate, der, thumbprint: createHash('sha1').update(der).digest('hex').toUpperCase() };
};

/** Sixteen bytes made of what the certificate says, positive. */
const serialOf = (...said: readonly unknown[]): string =>
  `4a${createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 30)}`;

type Life = { notBefore?: string; notAfter?: string; hash?: Hash };
type AuthorityOptions = Life & {
  /** Of a signature by RSA. */
  padding?: Padding;
  name?: string;
  key?: Signer;
  issuer?: Authority;
  /** `null` = no limit; 0 below a root unless given. */
  pathLength?: number | null;
  isAuthority?: boolean;
  /** Bits of `KeyUsageFlags`; `null` = no such extension. */
  keyUsage?: number | null;
  extensions?: readonly x509.Extension[];
};

const AUTHORITY_USES = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
/** Microsoft's application policies, which Windows heeds beside an enhanced key usage. */
export const applicationPolicies = (...oids: readonly string[]): x509.Extension => {
  const list = new CertificatePolicies(oids.map((policyIdentifier) => new PolicyInformation({ policyIdentifier })));
  return new x509.Extension('1.3.6.1.4.1.311.21.10', false, AsnConvert.serialize(list));
};

const keyUsage = (bits: number | null) => (bits === null ? [] : [new x509.KeyUsagesExtension(bits, true)]);

/** A certification authority: self-signed unless an issuer is given. */
export const authority = async (options: AuthorityOptions = {}): Promise<Authority> => {
  const { issuer, hash = 'SHA-256', notBefore = '2020-01-01T00:00:00Z', notAfter = '2040-01-01T00:00:00Z' } = options;
  const { isAuthority = true, pathLength = issuer ? 0 : null } = options;
  const key = options.key ?? (issuer ? 'issuing' : 'root');
  const subject = `CN=${options.name ?? (issuer ? 'Example Issuing CA' : 'Example Root CA')}, O=Example`;
  const own = await publicKey(key);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialOf(subject, key, notBefore, notAfter, issuer?.subject),
    subject,
    issuer: issuer?.subject ?? subject,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    publicKey: own,
    ...(await signerOf(issuer?.key ?? key, hash, options.padding)),
    extensions: [
      new x509.BasicConstraintsExtension(isAuthority, pathLength ?? undefined, true),
      ...keyUsage(options.keyUsage === undefined ? AUTHORITY_USES : options.keyUsage),
      await x509.SubjectKeyIdentifierExtension.create(own),
      ...(issuer ? [await x509.AuthorityKeyIdentifierExtension.create(await publicKey(issuer.key))] : []),
      ...(options.extensions ?? []),
    ],
  });
  return { ...made(certificate), subject, key };
};

type LeafOptions = Life & {
  /** DNS names and IP addresses of the subject alternative name; empty = no such extension. */
  names?: readonly string[];
  /** Distinguished name; the first of the names unless given, '' = empty. */
  subject?: string;
  /** OIDs of the enhanced key usage; `null` = no such extension. */
  eku?: readonly string[] | null;
  key?: 'rsa2048' | 'rsa1024' | 'p256' | 'p521';
  issuer?: Authority;
  crl?: readonly string[];
  ocsp?: readonly string[];
  caIssuers?: readonly string[];
  /** Signs in place of the issuer. */
  signer?: Signer;
  /** Of a signature by RSA. */
  padding?: Padding;
  /** Whose key the authority key identifier names; `null` = no such extension. */
  identifier?: Signer | null;
  extensions?: readonly x509.Extension[];
};

const LEAF = {
  names: ['vpn.example.com'],
  notBefore: '2026-05-01T00:00:00Z',
  notAfter: '2027-06-03T00:00:00Z',
  eku: [SERVER_AUTHENTICATION],
  key: 'rsa2048',
  hash: 'SHA-256',
  crl: ['http://crl.example.com/issuing.crl'],
  ocsp: ['http://ocsp.example.com/'],
  caIssuers: ['http://crl.example.com/issuing.crt'],
} as const;

const leafExtensions = ({
  names,
  eku,
  crl,
  ocsp,
  caIssuers,
}: Required<Omit<LeafOptions, 'subject' | 'issuer' | 'signer' | 'padding' | 'identifier' | 'extensions'>>) => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
  ...(eku ? [new x509.ExtendedKeyUsageExtension([...eku])] : []),
  ...(names.length
    ? [
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
      ]
    : []),
  ...(crl.length ? [new x509.CRLDistributionPointsExtension([...crl])] : []),
  ...(ocsp.length || caIssuers.length
    ? [new x509.AuthorityInfoAccessExtension({ ocsp: [...ocsp], caIssuers: [...caIssuers] })]
    : []),
];

/** A certificate for a server; without an issuer, the issuing authority of the healthy server signs it. */
export const leaf = async (options: LeafOptions = {}): Promise<Made> => {
  const all = { ...LEAF, ...options };
  const { issuer = issuing, subject = all.names[0] ? `CN=${all.names[0]}` : '' } = options;
  const { signer = issuer.key, identifier = issuer.key, padding = 'PKCS1', extensions = [] } = options;
  const { extensions: _none, ...said } = { ...all, issuer: issuer.subject, extensions: undefined };
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialOf(subject, said),
    subject,
    issuer: issuer.subject,
    notBefore: new Date(all.notBefore),
    notAfter: new Date(all.notAfter),
    publicKey: await publicKey(all.key),
    ...(await signerOf(signer, all.hash, padding)),
    extensions: [
      ...leafExtensions(all),
      await x509.SubjectKeyIdentifierExtension.create(await publicKey(all.key)),
      ...(identifier ? [await x509.AuthorityKeyIdentifierExtension.create(await publicKey(identifier))] : []),
      ...extensions,
    ],
  });
  return made(certificate);
};

/** The chain of the healthy server. */
export const root = await authority();
export const issuing = await authority({
  issuer: root,
  extensions: [new x509.CRLDistributionPointsExtension(['http://crl.example.com/root.crl'])],
});
export const vpn = await leaf();

const strangeDer = new Uint8Array(
  Buffer.from(Buffer.from(vpn.der).toString('hex').replaceAll('2a864886f70d01010b', '2a864886f70d010163'), 'hex'),
);
/** The OID of its signature ends with 99 in place of 11: there is no such algorithm. */
export const strange: Made = {
  ...vpn,
  der: strangeDer,
  thumbprint: createHash('sha1').update(strangeDer).digest('hex').toUpperCase(),
};

/** A certificate with a kind of key that Windows has no TLS with. */
export const selfSignedByEd25519 = async (): Promise<Made & Readonly<{ privateKey: webcrypto.CryptoKey }>> => {
  const keys = await webcrypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in keys)) throw new Error('Ed25519 has pairs of keys');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=vpn.example.com',
    notBefore: new Date(LEAF.notBefore),
    notAfter: new Date(LEAF.notAfter),
    keys,
    signingAlgorithm: { name: 'Ed25519' },
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'vpn.example.com' }])],
  });
  return { ...made(certificate), privateKey: keys.privateKey };
};

/** What names the key of the root: of the certificate that it issued, and on the list of public roots. */
export const rootKey = issuing.certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId ?? 'none';
