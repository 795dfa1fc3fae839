/** OCSP, in place of a revocation list and beside one. */
import { OCSPResponseStatus } from '@peculiar/asn1-ocsp';
import { CRLDistributionPointsExtension } from '@peculiar/x509';
import { crlOf } from '../../../server/crl.ts';
import { ocspOf, ocspRefusal } from '../../../server/ocsp.ts';
import { authority, issuing, leaf, type Made, root } from '../../../server/pki.ts';
import { type Variant, variant } from './variant.ts';
import { ISSUING_CRL, REFUSED, ROOT_CRL } from './web.ts';

const OCSP = 'http://ocsp.example.com/';
const SIGNING = '1.3.6.1.5.5.7.3.9';
const PAST = '2026-10-31T12:00:00Z';

const both = await leaf();
const only = await leaf({ crl: [] });
const other = await leaf({ names: ['other.example.com'] });
/** It signs with its EC key, and its answers say that they are signed with RSA. */
const curved = await authority({
  issuer: root,
  key: 'p256',
  extensions: [new CRLDistributionPointsExtension([ROOT_CRL])],
});
const ofCurve = await leaf({ issuer: curved, crl: [] });
const deputyWith = (options: Parameters<typeof leaf>[0] = {}) =>
  leaf({ names: [], subject: 'CN=Responder', ocsp: [], crl: [], caIssuers: [], eku: [SIGNING], ...options });
const deputy = await deputyWith();

/** What the responder says; the CRL is good, unless the certificate names none. */
const says = async (about: Made, options: Parameters<typeof ocspOf>[2] = {}) => ({
  [OCSP]: await ocspOf(issuing, about, options),
});
const byDeputy = (certificate: Made) => says(only, { signer: 'rsa2048', certificates: [certificate] });
const APART = 'openssl verify asks no OCSP responder';
const OFFLINE = { code: '0x80092013', problems: ['revocation-offline'], apart: APART } as const;
const REVOKED = { code: '0x80092010', problems: ['revoked'], apart: APART } as const;
const GOOD = { apart: APART } as const;
const sent = [both, issuing];
const sentOnly = [only, issuing];

export const ocsp: readonly Variant[] = await Promise.all([
  variant('a responder that says good', { sent: sentOnly, web: await says(only), ...GOOD }),
  variant('an answer that says that another kind of key signed it', {
    sent: [ofCurve, curved],
    web: { [OCSP]: await ocspOf(curved, ofCurve) },
    ...OFFLINE,
  }),
  variant('a responder that does not say when it says more', {
    sent: sentOnly,
    web: await says(only, { nextUpdate: null }),
    ...GOOD,
  }),
  variant('a responder that says good, and a dead CRL', {
    sent,
    web: { ...(await says(both)), [ISSUING_CRL]: REFUSED },
    ...GOOD,
  }),
  variant('a deputy of the issuer that says good', { sent: sentOnly, web: await byDeputy(deputy), ...GOOD }),
  variant('a responder that says revoked before the CRL does', {
    sent,
    web: await says(both, { says: 'revoked' }),
    ...REVOKED,
  }),
  variant('a dead responder, and a good CRL', { sent, web: { [OCSP]: REFUSED } }),
  variant('a responder that does not know the certificate, and a good CRL', {
    sent,
    web: await says(both, { says: 'unknown' }),
  }),
  variant('a dead responder, and a CRL that lists the certificate', {
    sent,
    web: { [OCSP]: REFUSED, [ISSUING_CRL]: await crlOf(issuing, { revoked: [both] }) },
    code: '0x80092010',
    problems: ['revoked'],
  }),
  variant('a dead responder only', { sent: sentOnly, web: { [OCSP]: REFUSED }, ...OFFLINE }),
  variant('a dead responder, and a dead CRL', { sent, web: { [OCSP]: REFUSED, [ISSUING_CRL]: REFUSED }, ...OFFLINE }),
  variant('a responder that wants to be asked later', {
    sent: sentOnly,
    web: { [OCSP]: ocspRefusal(OCSPResponseStatus.tryLater) },
    ...OFFLINE,
  }),
  variant('garbage in place of an OCSP answer', {
    sent: sentOnly,
    web: { [OCSP]: new Uint8Array([0x30, 3, 2, 1, 1]) },
    ...OFFLINE,
  }),
  variant('a CRL in place of an OCSP answer', { sent: sentOnly, web: { [OCSP]: await crlOf(issuing) }, ...OFFLINE }),
  variant('an expired OCSP answer', { sent: sentOnly, web: await says(only, { nextUpdate: PAST }), ...OFFLINE }),
  variant('an OCSP answer of the future', {
    sent: sentOnly,
    web: await says(only, { thisUpdate: '2026-11-01T01:00:00Z' }),
    ...OFFLINE,
  }),
  variant('an OCSP answer about another certificate', { sent: sentOnly, web: await says(other), ...OFFLINE }),
  variant('an OCSP answer of another issuer', {
    sent: sentOnly,
    web: { [OCSP]: await ocspOf(root, only) },
    ...OFFLINE,
  }),
  variant('an OCSP answer with a signature of somebody else', {
    sent: sentOnly,
    web: await says(only, { signer: 'other' }),
    ...OFFLINE,
  }),
  variant('a deputy that was not made for that', {
    sent: sentOnly,
    web: await byDeputy(await deputyWith({ eku: null })),
    ...OFFLINE,
  }),
  variant('a deputy that has expired', {
    sent: sentOnly,
    web: await byDeputy(await deputyWith({ notAfter: PAST })),
    ...OFFLINE,
  }),
  variant('a deputy of somebody else', {
    sent: sentOnly,
    web: await byDeputy(await deputyWith({ signer: 'other' })),
    ...OFFLINE,
  }),
  variant('an OCSP answer with a critical extension that is not known', {
    sent: sentOnly,
    web: await says(only, { critical: '1.2.3.4' }),
    open: ['revocation-offline'],
  }),
  variant('a responder at a private address', {
    sent: sentOnly,
    web: { [OCSP]: { kind: 'forbidden', detail: 'not a public address' } },
    open: ['revocation-offline'],
  }),
]);
