import test from 'ava';
import revocationSources from '../../../checks/certificate/revocation-sources.ts';
import { healthy } from '../../server/healthy.ts';
import { authority, issuing, leaf, root, rootKey, vpn } from '../../server/pki.ts';
import { install, listRoots, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

const LDAP = 'ldap:///CN=Example,CN=CDP,DC=example,DC=com?certificateRevocationList';
const INSIDE = 'http://pki01.corp.local/issuing.crl';
const OUTSIDE = 'http://crl.example.com/issuing.crl';

const rows = [
  ['an LDAP address only', { crl: [LDAP], ocsp: [] }, 'fail', /at ldap:\/\/\/CN=Example.* \(0x80092013\)/],
  ['internal hosts only', { crl: [LDAP, INSIDE], ocsp: ['http://ocsp/'] }, 'fail', /ldap.*pki01\.corp\.local.*ocsp/],
  ['no address at all', { crl: [], ocsp: [] }, 'fail', /neither a CRL nor an OCSP responder \(0x80092012\)/],
  [
    'a public CRL behind an internal one',
    { crl: [LDAP, INSIDE, OUTSIDE], ocsp: [] },
    'pass',
    /at http:\/\/crl\.example/,
  ],
  ['a public OCSP responder only', { crl: [LDAP], ocsp: ['http://ocsp.example.com/'] }, 'pass', /ocsp\.example\.com/],
] as const;
const certificates = await Promise.all(rows.map(([, sources]) => leaf(sources)));
/** As the profile `shortlived` of Let's Encrypt has it: 160 hours, no subject, no source. */
const brief = await leaf({
  subject: '',
  notBefore: '2026-10-29T00:00:00Z',
  notAfter: '2026-11-04T15:59:59Z',
  crl: [],
  ocsp: [],
});
const briefAndListed = await leaf({
  notBefore: '2026-10-29T00:00:00Z',
  notAfter: '2026-11-04T15:59:59Z',
  crl: [LDAP],
  ocsp: [],
});
const longer = await leaf({ notBefore: '2026-10-29T00:00:00Z', notAfter: '2026-11-05T00:00:01Z', crl: [], ocsp: [] });
const silent = await authority({ issuer: root });
const selfSigned = await authority({ name: 'vpn.example.com', key: 'other' });

asksForTheCertificate(revocationSources);

test('the healthy certificate and its issuer can be checked', judging, revocationSources, {
  status: 'pass',
  says: [/CN=vpn\.example\.com: the revocation of/, /CN=Example Issuing CA, O=Example: the revocation of/],
});

for (const [at, [what, , status, says]] of rows.entries())
  test(`a certificate with ${what}: ${status}`, judging, revocationSources, {
    server: () => healthy({ certificate: certificates[at] ?? vpn }),
    status,
    says,
  });

test('an intermediate without an address fails', judging, revocationSources, {
  given: (server) => {
    uninstall(server, issuing, 'CA');
    install(server, silent, 'CA');
  },
  status: 'fail',
  says: /CN=Example Issuing CA, O=Example names neither/,
});

for (const [made, store] of [
  [issuing, 'CA'],
  [root, 'ROOT'],
] as const)
  test(`where ${made.subject} is missing, what is there is judged, and the rest unknown`, judging, revocationSources, {
    given: (server) => uninstall(server, made, store),
    status: 'unknown',
    reason: 'absent',
    says: [
      /the revocation of CN=vpn\.example\.com can be checked/,
      new RegExp(`${made.subject}: .* is not on the server`),
    ],
  });

test('a missing root that Windows adds needs no revocation', judging, revocationSources, {
  given: (server) => {
    uninstall(server, root, 'ROOT');
    listRoots(server, rootKey);
  },
  status: 'pass',
});

test('a self-signed certificate has nobody to revoke it', judging, revocationSources, {
  server: () => healthy({ certificate: selfSigned }),
  status: 'inapplicable',
  says: /self-signed/,
});

test('a certificate that lives for a week at most needs no address, its issuer does', judging, revocationSources, {
  server: () => healthy({ certificate: brief }),
  status: 'pass',
  says: [/vpn\.example\.com: it lives for a week at most/, /CN=Example Issuing CA.* can be checked at/],
});

test(
  'a certificate that lives for a week, and has a list that clients cannot reach, fails',
  judging,
  revocationSources,
  {
    server: () => healthy({ certificate: briefAndListed }),
    status: 'fail',
    says: /0x80092013/,
  },
);

test('a certificate that lives for a second longer than a week needs an address', judging, revocationSources, {
  server: () => healthy({ certificate: longer }),
  status: 'fail',
  says: /0x80092012/,
});
