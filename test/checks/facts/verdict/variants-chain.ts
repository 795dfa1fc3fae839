/** Certificates and chains, good and bad. */
import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Name, PolicyConstraints } from '@peculiar/asn1-x509';
import {
  AuthorityInfoAccessExtension,
  CRLDistributionPointsExtension,
  Name as DistinguishedName,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  X509Certificates,
} from '@peculiar/x509';
import { nameConstraints } from '../../../server/constraints.ts';
import { crlOf } from '../../../server/crl.ts';
import {
  ANY_PURPOSE,
  type Authority,
  applicationPolicies,
  authority,
  CLIENT_AUTHENTICATION,
  issuing,
  leaf,
  root,
  SERVER_AUTHENTICATION,
} from '../../../server/pki.ts';
import { type Variant, variant } from './variant.ts';
import { ISSUING_CRL, ISSUING_CRT, REFUSED, ROOT_CRL } from './web.ts';

type AuthorityOptions = NonNullable<Parameters<typeof authority>[0]>;

const OTHER_CRL = 'http://crl.example.com/other.crl';
const cdp = (url: string) => new CRLDistributionPointsExtension([url]);

/** An issuing authority with the name and the key of the usual one, so that its CRL is the usual one, too. */
const issuingWith = (options: AuthorityOptions, ...extensions: readonly Extension[]): Promise<Authority> =>
  authority({ issuer: root, extensions: [cdp(ROOT_CRL), ...extensions], ...options });

const under = async (issuer: Authority, options: Parameters<typeof leaf>[0] = {}) => [
  await leaf({ ocsp: [], issuer, ...options }),
  issuer,
];

/** Without an issuer, nobody can sign what is said about a revocation. */
const UNASKED = ['revocation-offline'] as const;
const IDENTIFIERS = 'OpenSSL passes over an issuer whose key identifier is another one';
/** What names another key is no issuer; whoever goes by the name finds a signature of somebody else. */
const OTHER_KEY = {
  code: '0x800B0109',
  alternatives: ['0x800B010A', '0x80096004'],
  problems: ['other-key'],
  open: UNASKED,
} as const;
const PAST = '2026-10-31T12:00:00Z';
const FUTURE = '2026-12-01T00:00:00Z';
const onlySigning = await authority({ name: 'vpn.example.com', key: 'other' });
const forClients = applicationPolicies(CLIENT_AUTHENTICATION);
const critical = new Extension('1.2.3.4', true, new Uint8Array([5, 0]));

const otherRoot = await authority({ name: 'Other Root CA', key: 'other' });
const otherCrl = { [OTHER_CRL]: await crlOf(otherRoot) };
const issuingOfOther = await authority({ issuer: otherRoot, extensions: [cdp(OTHER_CRL)] });
const selfSigned = await authority({ name: 'vpn.example.com', key: 'other', isAuthority: false, keyUsage: null });
const forged = await authority({
  name: 'vpn.example.com',
  key: 'other',
  issuer: { ...root, subject: selfSigned.subject },
  isAuthority: false,
  pathLength: null,
  keyUsage: null,
});
const expiredRoot = await authority({ notAfter: PAST });
const crossed = await authority({
  name: 'Example Root CA',
  key: 'root',
  issuer: otherRoot,
  pathLength: null,
  extensions: [cdp(OTHER_CRL)],
});
const curved = await authority({ issuer: root, key: 'p256', extensions: [cdp(ROOT_CRL)] });
const second = await authority({
  name: 'Second Issuing CA',
  key: 'other',
  issuer: issuing,
  extensions: [cdp(ISSUING_CRL)],
});
const SECOND_CRL = 'http://crl.example.com/second.crl';
const secondCrl = { [SECOND_CRL]: await crlOf(second) };
const impostor = await authority({
  name: 'Example Issuing CA',
  key: 'other',
  issuer: root,
  extensions: [cdp(ROOT_CRL)],
});
/** Two authorities that issued each other, and nobody above them. */
const loopOne = await authority({
  name: 'Example Issuing CA',
  key: 'issuing',
  issuer: otherRoot,
  pathLength: null,
  extensions: [cdp(OTHER_CRL), new AuthorityInfoAccessExtension({ caIssuers: ['http://crl.example.com/loop.crt'] })],
});
const loopTwo = await authority({
  name: 'Other Root CA',
  key: 'other',
  issuer: loopOne,
  pathLength: null,
  extensions: [cdp(ISSUING_CRL), new AuthorityInfoAccessExtension({ caIssuers: ['http://crl.example.com/one.crt'] })],
});

const permitting = (...permitted: NonNullable<Parameters<typeof nameConstraints>[0]['permitted']>) =>
  issuingWith({}, nameConstraints({ permitted }));
const excluding = (...excluded: NonNullable<Parameters<typeof nameConstraints>[0]['excluded']>) =>
  issuingWith({}, nameConstraints({ excluded }));
const directory = (text: string) => ({
  directoryName: AsnConvert.parse(new DistinguishedName(text).toArrayBuffer(), Name),
});
const demandingPolicies = new Extension(
  '2.5.29.36',
  true,
  AsnConvert.serialize(new PolicyConstraints({ requireExplicitPolicy: new Uint8Array([0]).buffer })),
);
const packed = new X509Certificates([issuing.certificate, root.certificate]).export('raw');
const inPem = (der: string) => new TextEncoder().encode(der);

/** Nothing is wrong with these. */
export const accepted: readonly Variant[] = await Promise.all([
  variant('the certificate of the healthy server', {}),
  variant('an EC key', { leaf: { key: 'p256' } }),
  variant('an issuer with an EC key', {
    sent: await under(curved),
    web: { [ISSUING_CRL]: await crlOf(curved) },
  }),
  variant('any purpose', {
    leaf: { eku: [ANY_PURPOSE] },
    apart: 'Windows takes any purpose for server authentication, OpenSSL does not',
  }),
  variant('no list of purposes', { leaf: { eku: null } }),
  variant('server and client authentication', { leaf: { eku: [SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION] } }),
  variant('an issuer with a list of purposes', {
    sent: await under(await issuingWith({}, new ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]))),
  }),
  variant('a wildcard for the name', { leaf: { names: ['*.example.com'] } }),
  variant('an address', { leaf: { names: ['192.0.2.7'] }, dialled: '192.0.2.7' }),
  variant('an address of IPv6', { leaf: { names: ['2001:db8::7'] }, dialled: '2001:db8::7' }),
  variant('an address in the common name only', {
    leaf: { names: [], subject: 'CN=192.0.2.7' },
    dialled: '192.0.2.7',
    apart: 'Windows takes an address from the common name (KB947031 situation 6), OpenSSL does not',
  }),
  variant('the name in the common name only', { leaf: { names: [], subject: 'CN=vpn.example.com' } }),
  variant('the name in capitals', { dialled: 'VPN.EXAMPLE.COM' }),
  variant('a certificate right below the root', {
    sent: [await leaf({ ocsp: [], issuer: root, crl: [ROOT_CRL], caIssuers: [] })],
  }),
  variant('no authority key identifier', { leaf: { identifier: null } }),
  variant('an issuer without key usage', { sent: await under(await issuingWith({ keyUsage: null })) }),
  variant('the root sent along', { sent: [await leaf({ ocsp: [] }), issuing, root] }),
  variant('issuers in any order, among others', { sent: [await leaf({ ocsp: [] }), otherRoot, root, curved, issuing] }),
  variant('a missing issuer that is fetched', { sent: [await leaf({ ocsp: [] })] }),
  variant('a missing issuer that is fetched as PEM', {
    sent: [await leaf({ ocsp: [] })],
    web: { [ISSUING_CRT]: inPem(issuing.certificate.toString('pem')) },
  }),
  variant('a missing issuer that is fetched as PEM, behind the mark of an editor', {
    sent: [await leaf({ ocsp: [] })],
    web: { [ISSUING_CRT]: inPem(`\ufeff${issuing.certificate.toString('pem')}`) },
  }),
  variant('a missing issuer that is fetched as PKCS #7', {
    sent: [await leaf({ ocsp: [] })],
    web: { [ISSUING_CRT]: new Uint8Array(packed) },
  }),
  variant('a missing issuer at the second of two addresses', {
    sent: [await leaf({ ocsp: [], caIssuers: ['http://dead.example.com/', ISSUING_CRT] })],
    web: { 'http://dead.example.com/': REFUSED },
  }),
  variant('a self-signed certificate that is trusted', { sent: [selfSigned], roots: [selfSigned] }),
  variant('an impostor of the issuer, and the true one', { sent: [await leaf({ ocsp: [] }), impostor, issuing] }),
  variant('a cross-signed root, when only the new one is trusted', {
    sent: [await leaf({ ocsp: [] }), issuing, crossed],
    roots: [otherRoot],
    web: otherCrl,
  }),
  variant('a cross-signed root, when both are trusted', {
    sent: [await leaf({ ocsp: [] }), issuing, crossed],
    roots: [otherRoot, root],
    web: otherCrl,
  }),
  variant('an expired issuer beside its renewed one', {
    sent: [await leaf({ ocsp: [] }), await issuingWith({ notAfter: PAST }), issuing],
  }),
  variant('names that the constraints of the issuer permit', {
    sent: await under(await permitting({ dNSName: 'example.com' }, { iPAddress: '192.0.2.0/24' }), {
      names: ['vpn.example.com', '192.0.2.7'],
    }),
  }),
  variant('names that the constraints of the issuer do not exclude', {
    sent: await under(await excluding({ dNSName: 'example.org' }, { iPAddress: '0.0.0.0/0' })),
  }),
  variant('a subject that the constraints of the issuer permit', {
    sent: await under(await permitting(directory('O=Example')), { subject: 'O=EXAMPLE, CN=vpn.example.com' }),
  }),
  variant('constraints of e-mail, and no such address', {
    sent: await under(await permitting({ rfc822Name: 'example.com' })),
  }),
  variant('a signature with SHA-1', { leaf: { hash: 'SHA-1' }, weaknesses: 1 }),
  variant('an RSA key of 1024 bits', { leaf: { key: 'rsa1024' }, weaknesses: 1 }),
]);

/** One thing is wrong with these. */
export const refused: readonly Variant[] = await Promise.all([
  variant('an expired certificate', { leaf: { notAfter: PAST }, code: '0x800B0101', problems: ['expired'] }),
  variant('a certificate of the future', {
    leaf: { notBefore: FUTURE },
    code: '0x800B0101',
    problems: ['not-yet-valid'],
  }),
  variant('an expired issuer', {
    sent: await under(await issuingWith({ notAfter: PAST })),
    code: '0x800B0101',
    problems: ['expired'],
  }),
  variant('an issuer of the future', {
    sent: await under(await issuingWith({ notBefore: FUTURE })),
    code: '0x800B0101',
    problems: ['not-yet-valid'],
  }),
  variant('an expired root', { roots: [expiredRoot], code: '0x800B0101', problems: ['expired'] }),
  variant('client authentication only', {
    leaf: { eku: [CLIENT_AUTHENTICATION] },
    code: '0x800B0110',
    problems: ['wrong-purpose'],
  }),
  variant('an issuer for client authentication only', {
    sent: await under(await issuingWith({}, new ExtendedKeyUsageExtension([CLIENT_AUTHENTICATION]))),
    code: '0x800B0110',
    problems: ['wrong-purpose'],
  }),
  variant('an issuer that may not sign certificates', {
    sent: await under(await issuingWith({ keyUsage: KeyUsageFlags.cRLSign })),
    code: '0x800B0110',
    problems: ['may-not-sign'],
  }),
  variant('another name', { dialled: 'vpn2.example.com', code: '0x800B010F', problems: ['other-name'] }),
  variant('a wildcard for two labels', {
    leaf: { names: ['*.com'] },
    code: '0x800B010F',
    problems: ['other-name'],
  }),
  variant('a wildcard for the bare domain', {
    leaf: { names: ['*.vpn.example.com'] },
    code: '0x800B010F',
    problems: ['other-name'],
  }),
  variant('a wildcard for an address', {
    leaf: { names: ['*.0.2.7'] },
    dialled: '192.0.2.7',
    code: '0x800B010F',
    problems: ['other-name'],
  }),
  variant('the name in the common name, and another alternative name', {
    leaf: { names: ['other.example.com'], subject: 'CN=vpn.example.com' },
    code: '0x800B010F',
    problems: ['other-name'],
  }),
  variant('a signature of somebody else', {
    leaf: { signer: 'other' },
    code: '0x80096004',
    problems: ['not-signed'],
    open: UNASKED,
  }),
  variant('an issuer with a signature of somebody else', {
    sent: [
      await leaf({ ocsp: [] }),
      await authority({ issuer: { ...root, key: 'other' }, extensions: [cdp(ROOT_CRL)] }),
    ],
    ...OTHER_KEY,
  }),
  variant('an impostor of the issuer only', {
    sent: [await leaf({ ocsp: [], caIssuers: [] }), impostor],
    ...OTHER_KEY,
  }),
  variant('an impostor of the issuer only, also where the issuer is to be had', {
    sent: [await leaf({ ocsp: [] }), impostor],
    web: { [ISSUING_CRT]: impostor.der },
    ...OTHER_KEY,
  }),
  variant('a root that is not trusted', {
    sent: [...(await under(issuingOfOther)), otherRoot],
    web: otherCrl,
    code: '0x800B0109',
    problems: ['untrusted-root'],
  }),
  variant('a root that is neither trusted nor sent', {
    sent: await under(issuingOfOther),
    web: otherCrl,
    code: '0x800B0109',
    alternatives: ['0x800B010A'],
    problems: ['issuer-missing'],
    open: UNASKED,
  }),
  variant('a self-signed certificate', {
    sent: [selfSigned],
    code: '0x800B0109',
    problems: ['untrusted-root'],
  }),
  variant('a self-signed certificate with a signature of somebody else', {
    sent: [forged],
    code: '0x80096004',
    problems: ['not-signed'],
    apart: IDENTIFIERS,
  }),
  variant('a missing issuer without an address', {
    sent: [await leaf({ ocsp: [], caIssuers: [] })],
    code: '0x800B0109',
    alternatives: ['0x800B010A'],
    problems: ['issuer-missing'],
    open: UNASKED,
  }),
  variant('a missing issuer at a dead address', {
    sent: [await leaf({ ocsp: [] })],
    web: { [ISSUING_CRT]: REFUSED },
    code: '0x800B0109',
    alternatives: ['0x800B010A'],
    problems: ['issuer-missing'],
    open: UNASKED,
  }),
  variant('a missing issuer whose address gives something else', {
    sent: [await leaf({ ocsp: [] })],
    web: { [ISSUING_CRT]: inPem('<html>not here</html>') },
    code: '0x800B0109',
    alternatives: ['0x800B010A'],
    problems: ['issuer-missing'],
    open: UNASKED,
  }),
  variant('issuers that issued each other', {
    sent: [await leaf({ ocsp: [], caIssuers: ['http://crl.example.com/one.crt'] })],
    web: { 'http://crl.example.com/one.crt': loopOne.der, 'http://crl.example.com/loop.crt': loopTwo.der, ...otherCrl },
    code: '0x800B0109',
    alternatives: ['0x800B010A'],
    problems: ['issuer-missing'],
    open: UNASKED,
  }),
  variant('an issuer that is no authority', {
    sent: await under(await issuingWith({ isAuthority: false, pathLength: null })),
    code: '0x80096019',
    problems: ['not-an-authority'],
  }),
  variant('more authorities than an issuer allows', {
    sent: [...(await under(second, { crl: [SECOND_CRL] })), issuing],
    web: secondCrl,
    code: '0x80096019',
    problems: ['below-path-length'],
  }),
  variant('a name that the constraints of the issuer do not permit', {
    sent: await under(await permitting({ dNSName: 'example.org' })),
    code: '0x800B0114',
    problems: ['outside-name-constraints'],
  }),
  variant('a name that the constraints of the issuer exclude', {
    sent: await under(await excluding({ dNSName: 'example.com' })),
    code: '0x800B0114',
    problems: ['outside-name-constraints'],
  }),
  variant('an address that the constraints of the issuer exclude', {
    sent: await under(await excluding({ iPAddress: '192.0.2.0/24' }), { names: ['vpn.example.com', '192.0.2.7'] }),
    code: '0x800B0114',
    problems: ['outside-name-constraints'],
  }),
  variant('a subject that the constraints of the issuer do not permit', {
    sent: await under(await permitting(directory('O=Other')), { subject: 'O=Example, CN=vpn.example.com' }),
    code: '0x800B0114',
    problems: ['outside-name-constraints'],
  }),
  variant('a critical extension that is not known', {
    leaf: { extensions: [critical] },
    code: '0x800B0105',
    problems: ['unknown-critical'],
  }),
  variant('an issuer with a critical extension that is not known', {
    sent: await under(await issuingWith({}, critical)),
    code: '0x800B0105',
    problems: ['unknown-critical'],
  }),
]);

/** Of these, nobody can say from here. */
export const unknown: readonly Variant[] = await Promise.all([
  variant('constraints of a form that is not evaluated', {
    sent: await under(await permitting({ registeredID: '1.2.3.4' })),
    open: ['outside-name-constraints'],
  }),
  variant('constraints of e-mail, and such an address', {
    sent: await under(await permitting({ rfc822Name: 'example.com' }), {
      subject: 'CN=vpn.example.com, E=a@example.org',
    }),
    open: ['outside-name-constraints'],
  }),
  variant('constraints that do not permit the only name, a common name', {
    sent: await under(await permitting({ dNSName: 'example.org' }), { names: [], subject: 'CN=vpn.example.com' }),
    open: ['outside-name-constraints'],
  }),
  variant('constraints of a directory, too, that do not permit the only name, a common name', {
    sent: await under(
      await issuingWith(
        {},
        nameConstraints({ permitted: [{ dNSName: 'example.org' }, directory('CN=vpn.example.com')] }),
      ),
      { names: [], subject: 'CN=vpn.example.com' },
    ),
    open: ['outside-name-constraints'],
  }),
  variant('an issuer that was made anew, while the former one is sent, and a directory has the new one', {
    sent: [await leaf({ ocsp: [], caIssuers: ['ldap:///CN=Example%20Issuing%20CA?cACertificate'] }), impostor],
    open: ['issuer-missing', 'revocation-offline'],
  }),
  variant('the same, and an address has the new one to which no way leads from here', {
    sent: [await leaf({ ocsp: [] }), impostor],
    web: { [ISSUING_CRT]: { kind: 'unreachable', detail: 'ENETUNREACH' } },
    open: ['issuer-missing', 'revocation-offline'],
  }),
  variant('an issuer that signed, though the certificate names another key', {
    leaf: { identifier: 'other' },
    open: ['other-key'],
    apart: IDENTIFIERS,
  }),
  variant('a critical extension of Microsoft, of which nobody tells whether Windows takes it', {
    leaf: { extensions: [new Extension('1.3.6.1.4.1.311.21.7', true, new Uint8Array([5, 0]))] },
    open: ['unknown-critical'],
  }),
  variant('critical access to the issuer', {
    leaf: { caIssuers: [], extensions: [new Extension('1.3.6.1.5.5.7.1.1', true, new Uint8Array([0x30, 0]))] },
    open: ['unknown-critical'],
  }),
  variant('a trusted root that is the certificate of the server, and may only sign', {
    sent: [onlySigning],
    roots: [onlySigning],
    open: ['wrong-purpose'],
  }),
  variant('application policies for clients, beside server authentication', {
    leaf: { extensions: [forClients] },
    open: ['wrong-purpose'],
  }),
  variant('an issuer with application policies for clients', {
    sent: await under(await issuingWith({}, forClients)),
    open: ['wrong-purpose'],
  }),
  variant('an issuer that demands policies', {
    sent: await under(await issuingWith({}, demandingPolicies)),
    open: ['unknown-critical'],
  }),
  variant('an issuer of which it cannot be read whether it demands policies', {
    sent: await under(await issuingWith({}, new Extension('2.5.29.36', true, new Uint8Array([1, 2, 3])))),
    open: ['unknown-critical'],
  }),
  variant('a missing issuer that only a directory has', {
    sent: [await leaf({ ocsp: [], caIssuers: ['ldap:///CN=Example%20Issuing%20CA?cACertificate'] })],
    open: ['issuer-missing', 'revocation-offline'],
  }),
]);
