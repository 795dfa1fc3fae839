import 'reflect-metadata';
import { Extension } from '@peculiar/x509';
import test from 'ava';
import revocation from '../../../checks/reach/revocation.ts';
import { healthyOutside, ISSUING_CRL, listed, ROOT_CRL, SIX } from '../../outside/healthy.ts';
import { breakAt, networkTo, type Outside, trouble } from '../../outside/outside.ts';
import { crlOf } from '../../server/crl.ts';
import { observedAt } from '../../server/healthy.ts';
import { ocspOf } from '../../server/ocsp.ts';
import { authority, issuing, leaf, type Made, root } from '../../server/pki.ts';
import { judgingOutside, resultFrom } from '../judging-outside.ts';

const serving =
  (...made: readonly Made[]) =>
  (outside: Outside) =>
    void outside.served.set('*', made);
const at = (url: string, body: Uint8Array<ArrayBuffer>) => (outside: Outside) => {
  serving(listed, issuing)(outside);
  outside.urls.set(url, { body });
};
const troubled = (url: string, what: ReturnType<typeof trouble>) => (outside: Outside) => {
  serving(listed, issuing)(outside);
  outside.urls.set(url, { trouble: what });
};
const silent = (url: string) => troubled(url, trouble('timed-out', 'no answer within 10 s'));

const revoking = await crlOf(issuing, { revoked: [listed] });
const revokingIssuer = await crlOf(root, { revoked: [issuing] });
const ended = await crlOf(issuing, { thisUpdate: '2026-09-01T00:00:00Z', nextUpdate: '2026-10-01T00:00:00Z' });
const DELTA = 'http://crl.example.com/issuing+.crl';
const withDelta = await crlOf(issuing, { freshest: [DELTA] });
const foreign = await crlOf(root);
const forged = await crlOf(issuing, { signer: 'other' });
const withoutSource = await leaf({ crl: [], ocsp: [] });
const manyLists = await leaf({
  crl: Array.from({ length: 300 }, (_, place) => `http://crl.example.com/list${place}`),
  ocsp: [],
});
const malformed = new Extension('2.5.29.46', false, new Uint8Array([1, 2, 3]));
const withoutChanges = await leaf({ ocsp: [], extensions: [malformed] });
const brief = await leaf({ notBefore: '2026-10-29T00:00:00Z', notAfter: '2026-11-04T15:59:59Z', crl: [], ocsp: [] });
const inDirectory = await leaf({ crl: ['ldap:///CN=Example'], ocsp: [] });
const nameless = await leaf({ subject: '', crl: ['ldap:///CN=Example'], ocsp: [] });
const stapled = await ocspOf(issuing, listed);
const stapledBefore = await ocspOf(issuing, listed, { nextUpdate: '2026-10-31T00:00:00Z' });
const stapledByOther = await ocspOf(issuing, listed, { signer: 'other' });
const stapledRevoking = await ocspOf(issuing, listed, { says: 'revoked' });
const selfSigned = await authority({ name: 'vpn.example.com', key: 'other' });

test('lists that answer and hold nothing pass with their addresses', judgingOutside, revocation, {
  status: 'pass',
  says: /not revoked: CN=vpn\.example\.com at http:\/\/crl\.example\.com\/issuing\.crl, CN=Example Issuing CA.* at http:\/\/crl\.example\.com\/root\.crl/,
});

for (const [name, given, says] of [
  [
    'a certificate that is revoked',
    at(ISSUING_CRL, revoking),
    /revoked on 2026-10-29.*0x80092010 \(confidence: high\)/,
  ],
  ['an issuer that is revoked', at(ROOT_CRL, revokingIssuer), /CN=Example Issuing CA.*revoked.*0x80092010/],
  ['a list that does not answer', silent(ISSUING_CRL), /no answer within 10 s.*0x80092013 \(confidence: high\)/],
  ["an issuer's list that does not answer", silent(ROOT_CRL), /CN=Example Issuing CA.*0x80092013/],
  ['a list that has ended', at(ISSUING_CRL, ended), /0x80092013/],
  ['a list of another authority', at(ISSUING_CRL, foreign), /0x80092013/],
  ['a list with another signature', at(ISSUING_CRL, forged), /0x80092013/],
  ['something that is no list', at(ISSUING_CRL, Uint8Array.of(60, 104, 116)), /0x80092013/],
  ['a certificate that names no source', serving(withoutSource, issuing), /0x80092012 \(confidence: medium\)/],
] as const)
  test(`${name} fails with what users see`, judgingOutside, revocation, { given, status: 'fail', says });

test('a list that is larger than is read here is unknown, with what tells elsewhere', judgingOutside, revocation, {
  given: troubled(ISSUING_CRL, trouble('too-large', 'the body is larger than 1048576 bytes')),
  status: 'unknown',
  says: /larger than 1048576 bytes, more than is read here; on a client, certutil\.exe -verify -urlfetch tells/,
});

test('of hundreds of addresses some are asked, and the rest is counted', judgingOutside, revocation, {
  given: serving(manyLists, issuing),
  status: 'unknown',
  says: /list3: [^;]*; http:\/\/crl\.example\.com\/list4 and 295 more: only 4 addresses are asked\)$/,
  asked: (questions) => questions.filter((question) => question.includes('/list')).length === 4,
});

test('an address of changes that cannot be read leaves open what the whole list tells', judgingOutside, revocation, {
  given: serving(withoutChanges, issuing),
  status: 'unknown',
  says: /there is no delta CRL to go with it \(an extension that cannot be read/,
});

test('a certificate that lives for a week at most needs no source', judgingOutside, revocation, {
  given: serving(brief, issuing),
  status: 'pass',
  says: /not revoked: CN=vpn\.example\.com \(it lives for a week at most, .*\), CN=Example Issuing CA.* at http/,
});

test('a list in the directory only is unknown: a member of the domain may reach it', judgingOutside, revocation, {
  given: serving(inDirectory, issuing),
  status: 'unknown',
  says: /ldap:.*a directory is not asked from here/,
});

test('an address that may not be asked from here is unknown', judgingOutside, revocation, {
  given: (outside) => outside.urls.set(ISSUING_CRL, { trouble: { kind: 'forbidden', detail: 'it is at 10.0.0.1' } }),
  status: 'unknown',
  says: /10\.0\.0\.1/,
});

test('a list to which no way leads from here is unknown', judgingOutside, revocation, {
  given: troubled(ISSUING_CRL, trouble('unreachable', 'DNS did not answer for crl.example.com: ESERVFAIL')),
  status: 'unknown',
  reason: 'unreachable',
  says: /ESERVFAIL/,
});

const stapling =
  (url: string, answer: Uint8Array<ArrayBuffer>, address = '*') =>
  (outside: Outside) => {
    silent(url)(outside);
    outside.stapled.set(address, answer);
  };

test('a list that does not answer is unknown where the server sends an OCSP answer along', judgingOutside, revocation, {
  given: stapling(ISSUING_CRL, stapled),
  status: 'unknown',
  says: /no answer within 10 s; the OCSP answer that the server sends along: it is not revoked, but whether SSTP heeds/,
});

for (const [name, given, says] of [
  ['at one address only', stapling(ISSUING_CRL, stapled, SIX), /0x80092013/],
  ['that has ended', stapling(ISSUING_CRL, stapledBefore), /sends along: .*expired.*0x80092013/],
  ['of somebody else', stapling(ISSUING_CRL, stapledByOther), /sends along: .*signed neither.*0x80092013/],
  ['by which it is revoked', stapling(ISSUING_CRL, stapledRevoking), /sends along: it was revoked.*0x80092010/],
  ['which says nothing of the issuer', stapling(ROOT_CRL, stapled), /CN=Example Issuing CA.*0x80092013/],
] as const)
  test(`a list that does not answer fails beside an OCSP answer ${name}`, judgingOutside, revocation, {
    given,
    status: 'fail',
    says,
  });

test('a delta CRL that IIS does not hand out is unknown, with what IIS wants', judgingOutside, revocation, {
  given: (outside) => {
    at(ISSUING_CRL, withDelta)(outside);
    outside.urls.set(DELTA, { trouble: trouble('declined', 'HTTP 404 Not Found') });
  },
  status: 'unknown',
  says: /issuing\+\.crl: HTTP 404 Not Found\), and clients may report 0x80092013; IIS refuses names with a \+/,
});

test('a certificate without a subject is called by its name', judgingOutside, revocation, {
  given: serving(nameless, issuing),
  status: 'unknown',
  says: /^vpn\.example\.com: its revocation/m,
});

const behindProxy =
  (...[url, what]: Parameters<typeof troubled>) =>
  (outside: Outside) => {
    troubled(url, what)(outside);
    outside.endpoint = { ...outside.endpoint, proxy: 'proxy.example.com:8080' };
  };

test('a list that does not answer is unknown where only a proxy leads out', judgingOutside, revocation, {
  given: behindProxy(ISSUING_CRL, trouble('timed-out', 'no answer within 10 s')),
  status: 'unknown',
  says: /no answer within 10 s \(not asked through the proxy\)/,
});

test('a list that is not there fails behind a proxy, too', judgingOutside, revocation, {
  given: behindProxy(ISSUING_CRL, trouble('declined', 'HTTP 403 Forbidden')),
  status: 'fail',
  says: /HTTP 403 Forbidden.*0x80092013/,
});

test('a list that does not answer fails where the OCSP responder does not answer either', judgingOutside, revocation, {
  given: (outside) => outside.urls.set(ISSUING_CRL, { trouble: trouble('timed-out', 'no answer') }),
  status: 'fail',
  says: /ocsp\.example\.com.*issuing\.crl: no answer.*0x80092013/,
});

test('what is unknown of the one does not hide that the other is revoked', judgingOutside, revocation, {
  given: (outside) => {
    outside.urls.set(ISSUING_CRL, { trouble: { kind: 'forbidden', detail: 'it is at 10.0.0.1' } });
    at(ROOT_CRL, revokingIssuer)(outside);
  },
  status: 'fail',
});

test('what is unknown of one certificate is no pass beside another one that is revoked', async (t) => {
  const outside = healthyOutside();
  at(ISSUING_CRL, revoking)(outside);
  outside.served.set(SIX, [inDirectory, issuing]);
  const { status, findings } = await resultFrom(revocation, { network: networkTo(outside, observedAt) });
  t.is(status, 'fail');
  t.deepEqual(
    findings.map(({ verdict, reason }) => [verdict, reason]),
    [
      ['fail', undefined],
      ['unknown', 'unreachable'],
    ],
  );
});

test('a self-signed certificate has nobody to revoke it', judgingOutside, revocation, {
  given: serving(selfSigned),
  status: 'inapplicable',
});

test('a list that was not asked for is unknown', judgingOutside, revocation, {
  given: (outside) => outside.unanswered.set('probe fetch', { reason: 'not-recorded', detail: 'not there' }),
  status: 'unknown',
  reason: 'not-recorded',
});

test('a connection that ends before TLS is unknown', judgingOutside, revocation, {
  given: (outside) => breakAt(outside, 'tls', trouble('reset', 'said so')),
  status: 'unknown',
  reason: 'refused',
  says: /said so/,
});
