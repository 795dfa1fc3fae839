/** More than one thing at a time: which code comes first, and which may come in its place. */
import 'reflect-metadata';
import { KeyUsageFlags } from '@peculiar/x509';
import { crlOf } from '../../../server/crl.ts';
import { authority, CLIENT_AUTHENTICATION, issuing, leaf, root } from '../../../server/pki.ts';
import { type Variant, variant } from './variant.ts';
import { ISSUING_CRL, REFUSED } from './web.ts';

const PAST = '2026-10-31T12:00:00Z';
const otherRoot = await authority({ name: 'Other Root CA', key: 'other' });
const own = await leaf({ ocsp: [] });
const old = await leaf({ ocsp: [], notAfter: PAST });
const orphan = await leaf({ ocsp: [], caIssuers: [] });
const selfSigned = await authority({
  name: 'other.example.com',
  key: 'other',
  isAuthority: false,
  keyUsage: null,
  notAfter: PAST,
});
const offline = { [ISSUING_CRL]: REFUSED };
const underOther = async (options: Parameters<typeof leaf>[0] = {}) => [
  await leaf({ ocsp: [], issuer: otherRoot, crl: ['http://crl.example.com/other.crl'], caIssuers: [], ...options }),
  otherRoot,
];
const otherCrl = { 'http://crl.example.com/other.crl': await crlOf(otherRoot) };
const revokedUnderOther = await underOther();
const limited = await authority({
  issuer: root,
  isAuthority: false,
  pathLength: null,
  keyUsage: KeyUsageFlags.cRLSign,
});

export const together: readonly Variant[] = await Promise.all([
  variant('expired, another name', {
    sent: [old, issuing],
    dialled: 'vpn2.example.com',
    code: '0x800B0101',
    problems: ['expired', 'other-name'],
  }),
  variant('expired, client authentication only', {
    leaf: { notAfter: PAST, eku: [CLIENT_AUTHENTICATION] },
    code: '0x800B0110',
    alternatives: ['0x800B0101'],
    problems: ['wrong-purpose', 'expired'],
  }),
  variant('expired, the root not trusted', {
    sent: await underOther({ notAfter: PAST }),
    web: otherCrl,
    code: '0x800B0109',
    problems: ['untrusted-root', 'expired'],
  }),
  variant('expired, the CRL unreachable', {
    sent: [old, issuing],
    web: offline,
    code: '0x800B0101',
    problems: ['expired', 'revocation-offline'],
  }),
  variant('another name, the CRL unreachable', {
    sent: [own, issuing],
    dialled: 'vpn2.example.com',
    web: offline,
    code: '0x800B010F',
    alternatives: ['0x80092013'],
    problems: ['other-name', 'revocation-offline'],
  }),
  variant('another name, no address of a CRL', {
    leaf: { crl: [] },
    dialled: 'vpn2.example.com',
    code: '0x800B010F',
    alternatives: ['0x80092012'],
    problems: ['other-name', 'no-revocation-source'],
  }),
  variant('another name, a directory only', {
    leaf: { crl: ['ldap:///CN=Example?certificateRevocationList'] },
    dialled: 'vpn2.example.com',
    code: '0x800B010F',
    alternatives: ['0x80092013'],
    problems: ['other-name'],
    open: ['revocation-offline'],
  }),
  variant('another name, the root not trusted', {
    sent: await underOther(),
    dialled: 'vpn2.example.com',
    web: otherCrl,
    code: '0x800B0109',
    problems: ['untrusted-root', 'other-name'],
  }),
  variant('revoked, the root not trusted', {
    sent: revokedUnderOther,
    web: {
      'http://crl.example.com/other.crl': await crlOf(otherRoot, { revoked: revokedUnderOther.slice(0, 1) }),
    },
    code: '0x80092010',
    alternatives: ['0x800B0109'],
    problems: ['revoked', 'untrusted-root'],
  }),
  variant('revoked, expired', {
    sent: [old, issuing],
    web: { [ISSUING_CRL]: await crlOf(issuing, { revoked: [old] }) },
    code: '0x80092010',
    problems: ['revoked', 'expired'],
  }),
  variant('an issuer missing, another name', {
    sent: [orphan],
    dialled: 'vpn2.example.com',
    code: '0x800B0109',
    alternatives: ['0x800B010A'],
    problems: ['issuer-missing', 'other-name'],
    open: ['revocation-offline'],
  }),
  variant('a signature of somebody else, expired, another name', {
    leaf: { signer: 'other', notAfter: PAST },
    dialled: 'vpn2.example.com',
    code: '0x80096004',
    problems: ['not-signed', 'expired', 'other-name'],
    open: ['revocation-offline'],
  }),
  variant('an issuer that is no authority and may not sign', {
    sent: [own, limited],
    code: '0x800B0110',
    problems: ['may-not-sign', 'not-an-authority', 'no-revocation-source'],
  }),
  variant('self-signed, expired, another name', {
    sent: [selfSigned],
    code: '0x800B0109',
    problems: ['untrusted-root', 'expired', 'other-name'],
  }),
]);
