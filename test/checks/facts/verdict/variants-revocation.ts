/** Revocation lists, good and bad. */
import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { DistributionPointName, GeneralName, Name, Reason, ReasonFlags } from '@peculiar/asn1-x509';
import { CRLDistributionPointsExtension, Extension, KeyUsageFlags, PemConverter, X509CrlReason } from '@peculiar/x509';
import { crlOf, pointNamed, pointsExtension } from '../../../server/crl.ts';
import { type Authority, authority, issuing, leaf, type Made, root } from '../../../server/pki.ts';
import { type Variant, variant } from './variant.ts';
import { ISSUING_CRL, NOT_FOUND, REFUSED, ROOT_CRL } from './web.ts';

const LDAP = 'ldap:///CN=Example,CN=CDP,DC=example,DC=com?certificateRevocationList';
const DELTA = 'http://crl.example.com/issuing+.crl';
const DEAD = 'http://dead.example.com/x.crl';
const GIVEN = 'OpenSSL takes the CRL of the root that it is given, whatever the certificate names';
const DELTAS = 'openssl verify uses delta CRLs with -use_deltas only';
const OFFLINE = { code: '0x80092013', problems: ['revocation-offline'] } as const;
const OPEN = { open: ['revocation-offline'] } as const;

const own = await leaf({ ocsp: [] });
const sent: readonly Made[] = [own, issuing];
const by = (body: Uint8Array) => ({ [ISSUING_CRL]: body });
const withCrl = (options: Parameters<typeof crlOf>[1]) => crlOf(issuing, options).then(by);
const pem = (der: Uint8Array<ArrayBuffer>) => new TextEncoder().encode(PemConverter.encode(der.buffer, 'X509 CRL'));

const issuingWith = (options: Parameters<typeof authority>[0]): Promise<Authority> =>
  authority({ issuer: root, extensions: [new CRLDistributionPointsExtension([ROOT_CRL])], ...options });
const silent = await issuingWith({ extensions: [] });
const blind = await issuingWith({ keyUsage: KeyUsageFlags.keyCertSign });
const unreachable = await issuingWith({ extensions: [new CRLDistributionPointsExtension([DEAD])] });
const revokedAuthority = await issuingWith({ name: 'Revoked Issuing CA' });
const REVOKED_CRL = 'http://crl.example.com/revoked.crl';

const nameOf = ({ certificate }: Authority): GeneralName =>
  new GeneralName({ directoryName: AsnConvert.parse(certificate.subjectName.toArrayBuffer(), Name) });
/** A point by its name in a directory, and by addresses. */
const inDirectory = (...urls: readonly string[]): DistributionPointName =>
  new DistributionPointName({ fullName: [nameOf(issuing), ...(pointNamed(...urls).fullName ?? [])] });

/** More nodes than are read, in less than the megabyte that is fetched. */
const endless = new Uint8Array(1_000_004).fill(5);
for (let at = 5; at < endless.length; at += 2) endless[at] = 0;
endless.set([0x30, 0x83, 0x0f, 0x42, 0x3f], 0);

export const revocation: readonly Variant[] = await Promise.all([
  variant('a CRL as PEM', { sent, web: by(pem(await crlOf(issuing))) }),
  variant('a CRL that does not say when the next one comes', { sent, web: await withCrl({ nextUpdate: null }) }),
  variant('a CRL that lists another certificate', {
    sent,
    web: await withCrl({ revoked: [await leaf({ names: ['a.example.com'] })] }),
  }),
  variant('a CRL that was made while we asked', {
    sent,
    web: await withCrl({ thisUpdate: '2026-11-01T00:02:00Z' }),
    apart: 'OpenSSL is told one moment, an audit takes some minutes',
  }),
  variant('a directory before the address of the CRL', { leaf: { crl: [LDAP, ISSUING_CRL] } }),
  variant('a dead address before that of the CRL', { leaf: { crl: [DEAD, ISSUING_CRL] }, web: { [DEAD]: REFUSED } }),
  variant('a CRL of servers only, made for this address', {
    sent,
    web: await withCrl({ scope: { onlyContainsUserCerts: true, distributionPoint: pointNamed(ISSUING_CRL) } }),
  }),
  variant('a CRL that is made for this address in other letters', {
    sent,
    web: await withCrl({ scope: { distributionPoint: pointNamed(ISSUING_CRL.toUpperCase()) } }),
    apart: 'Windows compares addresses without regard to case, OpenSSL does not',
  }),
  variant('a CRL that is made for a name in the directory, which the certificate has beside the address', {
    leaf: {
      crl: [],
      extensions: [pointsExtension('2.5.29.31', [], { distributionPoint: inDirectory(ISSUING_CRL) })],
    },
    web: await withCrl({ scope: { distributionPoint: inDirectory() } }),
  }),
  variant('a delta CRL without an entry', {
    sent,
    web: {
      ...(await withCrl({ number: 7, freshest: [DELTA] })),
      [DELTA]: await crlOf(issuing, { number: 8, base: 7 }),
    },
    apart: DELTAS,
  }),
  variant('a delta CRL that takes the certificate off hold', {
    sent,
    web: {
      ...(await withCrl({ revoked: [{ made: own, reason: X509CrlReason.certificateHold }], freshest: [DELTA] })),
      [DELTA]: await crlOf(issuing, {
        base: 7,
        number: 9,
        revoked: [{ made: own, reason: X509CrlReason.removeFromCRL }],
      }),
    },
    apart: DELTAS,
  }),

  variant('a revoked certificate', {
    sent,
    web: await withCrl({ revoked: [own] }),
    code: '0x80092010',
    problems: ['revoked'],
  }),
  variant('a certificate on hold', {
    sent,
    web: await withCrl({ revoked: [{ made: own, reason: X509CrlReason.certificateHold }] }),
    code: '0x80092010',
    problems: ['revoked'],
  }),
  variant('a certificate that the delta CRL lists', {
    sent,
    web: {
      ...(await withCrl({ freshest: [DELTA] })),
      [DELTA]: await crlOf(issuing, { base: 7, number: 8, revoked: [own] }),
    },
    code: '0x80092010',
    problems: ['revoked'],
    apart: DELTAS,
  }),
  variant('a revoked issuer', {
    sent: [await leaf({ ocsp: [], issuer: revokedAuthority, crl: [REVOKED_CRL] }), revokedAuthority],
    web: {
      [REVOKED_CRL]: await crlOf(revokedAuthority),
      [ROOT_CRL]: await crlOf(root, { revoked: [revokedAuthority] }),
    },
    code: '0x80092010',
    problems: ['revoked'],
  }),
  variant('no address at all', { leaf: { crl: [] }, code: '0x80092012', problems: ['no-revocation-source'] }),
  variant('an issuer without an address', {
    sent: [own, silent],
    code: '0x80092012',
    problems: ['no-revocation-source'],
    apart: GIVEN,
  }),
  variant('a CRL that is not there', { sent, web: { [ISSUING_CRL]: NOT_FOUND }, ...OFFLINE }),
  variant('a host that refuses', { sent, web: { [ISSUING_CRL]: REFUSED }, ...OFFLINE }),
  variant('a host that is silent', {
    sent,
    web: { [ISSUING_CRL]: { kind: 'timed-out', detail: 'no answer within 10 s' } },
    ...OFFLINE,
  }),
  variant('an issuer whose CRL is not there', { sent: [own, unreachable], ...OFFLINE, apart: GIVEN }),
  variant('an expired CRL', { sent, web: await withCrl({ nextUpdate: '2026-10-31T23:59:59Z' }), ...OFFLINE }),
  variant('a CRL of the future', { sent, web: await withCrl({ thisUpdate: '2026-11-01T01:00:00Z' }), ...OFFLINE }),
  variant('a CRL of another issuer', { sent, web: by(await crlOf(root)), ...OFFLINE }),
  variant('a CRL with a signature of somebody else', { sent, web: await withCrl({ signer: 'other' }), ...OFFLINE }),
  variant('garbage in place of a CRL', { sent, web: by(new TextEncoder().encode('not a CRL')), ...OFFLINE }),
  variant('nothing in place of a CRL', { sent, web: by(new Uint8Array()), ...OFFLINE }),
  variant('half a CRL', { sent, web: by((await crlOf(issuing)).subarray(0, 300)), ...OFFLINE }),
  variant('a certificate in place of a CRL', { sent, web: by(issuing.der), ...OFFLINE }),
  variant('a CRL of authorities for the certificate of a server', {
    sent,
    web: await withCrl({ scope: { onlyContainsCACerts: true } }),
    ...OFFLINE,
  }),
  variant('a CRL that is made for another address', {
    sent,
    web: await withCrl({ scope: { distributionPoint: pointNamed('http://crl.example.com/2.crl') } }),
    ...OFFLINE,
  }),
  variant('a CRL of servers for the certificate of an authority', {
    sent,
    web: { ...by(await crlOf(issuing)), [ROOT_CRL]: await crlOf(root, { scope: { onlyContainsUserCerts: true } }) },
    ...OFFLINE,
    apart: GIVEN,
  }),

  variant('a directory only', { leaf: { crl: [LDAP] }, ...OPEN }),
  variant('https only', { leaf: { crl: ['https://crl.example.com/issuing.crl'] }, ...OPEN }),
  variant('more addresses than are asked', {
    leaf: { crl: [1, 2, 3, 4, 5].map((at) => `http://dead.example.com/${at}.crl`) },
    ...OPEN,
  }),
  variant('a CRL that is larger than what is fetched', {
    sent,
    web: { [ISSUING_CRL]: { kind: 'too-large', detail: 'larger than 1048576 bytes' } },
    ...OPEN,
  }),
  variant('a CRL of more parts than are read', { sent, web: by(endless), ...OPEN }),
  variant('a host at a private address', {
    sent,
    web: { [ISSUING_CRL]: { kind: 'forbidden', detail: 'not a public address' } },
    ...OPEN,
  }),
  ...[
    ['a host that sends us on', 'HTTP 302 Found: redirects are not followed'],
    ['a host that has had enough of us', 'HTTP 429 Too Many Requests'],
    ['a proxy on our way that wants a sign-in', 'HTTP 407 Proxy Authentication Required'],
    ['a network around us that wants a sign-in', 'HTTP 511 Network Authentication Required'],
  ].map(([name = '', detail = '']) =>
    variant(name, { sent, web: { [ISSUING_CRL]: { kind: 'declined', detail } }, ...OPEN }),
  ),
  variant('an issuer that may not sign CRLs', { sent: [own, blind], ...OPEN }),
  variant('a CRL with a critical extension that is not known', {
    sent,
    web: await withCrl({ extensions: [new Extension('1.2.3.4', true, new Uint8Array([5, 0]))] }),
    ...OPEN,
  }),
  variant('a CRL with an extension that makes no sense', {
    sent,
    web: await withCrl({ extensions: [new Extension('2.5.29.28', true, new Uint8Array([1, 2, 3]))] }),
    ...OPEN,
  }),
  variant('an indirect CRL', { sent, web: await withCrl({ scope: { indirectCRL: true } }), ...OPEN }),
  variant('an indirect CRL of somebody else', {
    sent,
    web: by(await crlOf(root, { scope: { indirectCRL: true } })),
    ...OPEN,
  }),
  variant('a CRL of attribute certificates only', {
    sent,
    web: await withCrl({ scope: { onlyContainsAttributeCerts: true } }),
    ...OPEN,
  }),
  variant('a CRL of some reasons only', {
    sent,
    web: await withCrl({ scope: { onlySomeReasons: new Reason(ReasonFlags.keyCompromise) } }),
    ...OPEN,
  }),
  variant('an address for some reasons only', {
    leaf: {
      crl: [],
      extensions: [pointsExtension('2.5.29.31', [ISSUING_CRL], { reasons: new Reason(ReasonFlags.keyCompromise) })],
    },
    ...OPEN,
  }),
  variant('an address where somebody else publishes', {
    leaf: {
      crl: [],
      extensions: [
        pointsExtension('2.5.29.31', [ISSUING_CRL], {
          cRLIssuer: [nameOf(root)],
        }),
      ],
    },
    ...OPEN,
  }),
  variant('a delta CRL in place of a CRL', { sent, web: await withCrl({ base: 6 }), ...OPEN, apart: DELTAS }),
  variant('a delta CRL that is not there', { sent, web: await withCrl({ freshest: [DELTA] }), ...OPEN, apart: DELTAS }),
  variant('a delta CRL on top of a newer CRL', {
    sent,
    web: { ...(await withCrl({ freshest: [DELTA] })), [DELTA]: await crlOf(issuing, { base: 8, number: 9 }) },
    ...OPEN,
    apart: DELTAS,
  }),
  variant('a certificate that names a delta CRL that is not there', {
    leaf: { extensions: [pointsExtension('2.5.29.46', [DELTA])] },
    ...OPEN,
    apart: DELTAS,
  }),
]);
