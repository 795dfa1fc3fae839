import 'reflect-metadata';
import { ExtendedKeyUsageExtension } from '@peculiar/x509';
import test from 'ava';
import trust from '../../../checks/reach/certificate-trust.ts';
import revocation from '../../../checks/reach/revocation.ts';
import { listed, SIX } from '../../outside/healthy.ts';
import { breakAt, type Outside, trouble } from '../../outside/outside.ts';
import { blobOf } from '../../server/blob.ts';
import { healthy } from '../../server/healthy.ts';
import { ENTERPRISE_CERTIFICATES, POLICY_CERTIFICATES } from '../../server/paths.ts';
import { authority, CLIENT_AUTHENTICATION, issuing, leaf, type Made, root, vpn } from '../../server/pki.ts';
import { setValue } from '../../server/state.ts';
import { judgingOutside } from '../judging-outside.ts';

const ISSUER_URL = 'http://crl.example.com/issuing.crt';

const serving =
  (...made: readonly Made[]) =>
  (outside: Outside) => {
    outside.served.set('*', made);
  };
const withoutRoots = (outside: Outside) => {
  outside.roots = [];
};
const early = await leaf({ notBefore: '2026-12-01T00:00:00Z' });
const late = await leaf({ notAfter: '2026-10-01T00:00:00Z' });
const forClients = await leaf({ eku: [CLIENT_AUTHENTICATION] });
const forged = await leaf({ signer: 'other' });
const weak = await leaf({ key: 'rsa1024' });
const impostor = await authority({ name: 'Example Issuing CA', issuer: root, key: 'other' });
const clientsOnly = await authority({
  issuer: root,
  extensions: [new ExtendedKeyUsageExtension([CLIENT_AUTHENTICATION])],
});
const selfSigned = await authority({ name: 'vpn.example.com', key: 'other' });

test('the healthy server shows a certificate that leads to a trusted root', judgingOutside, trust, {
  status: 'pass',
  says: /192\.0\.2\.7:443 and \[2001:db8::7\]:443: CN=vpn\.example\.com is valid, and issued by CN=Example Issuing CA, O=Example, by CN=Example Root CA/,
});

for (const [name, given, says] of [
  ['a root that is not trusted', withoutRoots, /CN=Example Issuing CA.*0x800B0109/],
  [
    'a certificate that has expired',
    serving(late, issuing),
    /expired on 2026-10-01; .*0x800B0101 \(confidence: high\)/,
  ],
  ['a certificate that is not valid yet', serving(early, issuing), /not valid before 2026-12-01.*0x800B0101/],
  ['a certificate for clients', serving(forClients, issuing), /client authentication.*0x800B0110/],
  ['an issuer for clients', serving(vpn, clientsOnly), /0x800B0110/],
  ['a self-signed certificate', serving(selfSigned), /not among the trusted roots.*0x800B0109/],
  [
    'an issuer with another key',
    serving(vpn, impostor),
    /has the key that signed it.*0x800B0109, or 0x800B010A, 0x80096004 \(confidence: medium\)/,
  ],
  ['a signature of somebody else', serving(forged, issuing), /0x80096004 \(confidence: high\)/],
] as const)
  test(`${name} fails with what users see`, judgingOutside, trust, { given, status: 'fail', says });

test('a root that this machine trusts by itself passes with that', judgingOutside, trust, {
  given: (outside) => {
    outside.hasOwnRoots = true;
  },
  status: 'pass',
  says: /a trusted root; CN=Example Root CA, O=Example is a root of this machine, and none of the public ones known here: .*--roots$/m,
});

test('an issuer that is not sent is fetched', judgingOutside, trust, {
  given: (outside) => {
    serving(vpn)(outside);
    outside.urls.set(ISSUER_URL, { body: new Uint8Array(issuing.der) });
  },
  status: 'pass',
  says: /a trusted root; CN=Example Issuing CA, O=Example is not sent by the server, but fetched from http:\/\/crl\.example\.com\/issuing\.crt$/,
});

test('an issuer that is neither sent nor to be had fails', judgingOutside, trust, {
  given: serving(vpn),
  status: 'fail',
  says: /its issuer CN=Example Issuing CA, O=Example is missing.*0x800B0109, or 0x800B010A \(confidence: medium\)/,
});

test('a root that is sent but not trusted fails', judgingOutside, trust, {
  given: (outside) => {
    serving(vpn, issuing, root)(outside);
    outside.roots = [];
  },
  status: 'fail',
  says: /CN=Example Root CA, O=Example: it is self-signed and not among the trusted roots/,
});

const inDomain = (place: string) => () => {
  const server = healthy();
  setValue(server, `${place}\\Root\\Certificates\\${root.thumbprint}`, 'Blob', ['REG_BINARY', blobOf(root.der)]);
  return server;
};
const MEMBERS_ONLY =
  /CN=Example Root CA, O=Example: Active Directory or Group Policy brings it to the server.*0x800B0109.*--roots/;

for (const place of [ENTERPRISE_CERTIFICATES, POLICY_CERTIFICATES])
  for (const sent of [
    [vpn, issuing],
    [vpn, issuing, root],
  ])
    test(`a private root in ${place} of the server is unknown (${sent.length} sent)`, judgingOutside, trust, {
      server: inDomain(place),
      given: (outside) => {
        withoutRoots(outside);
        serving(...sent)(outside);
      },
      status: 'unknown',
      reason: 'unreadable',
      says: MEMBERS_ONLY,
    });

test('a root that the domain brings is no excuse where the roots of clients are given', judgingOutside, trust, {
  server: inDomain(ENTERPRISE_CERTIFICATES),
  given: (outside) => {
    withoutRoots(outside);
    outside.endpoint = { ...outside.endpoint, rootsGiven: true };
  },
  status: 'fail',
  says: /0x800B0109/,
});

test('a root that only the server itself trusts fails', judgingOutside, trust, {
  server: () => healthy(),
  given: withoutRoots,
  status: 'fail',
  says: /0x800B0109/,
});

test('what else is wrong below a root that the domain brings fails', judgingOutside, trust, {
  server: inDomain(ENTERPRISE_CERTIFICATES),
  given: (outside) => {
    withoutRoots(outside);
    serving(late, issuing)(outside);
  },
  status: 'fail',
  says: /expired.*0x800B0101, or 0x800B0109 \(confidence: medium\)/,
});

test('the revocation below a root that the domain brings is looked at', judgingOutside, revocation, {
  server: inDomain(ENTERPRISE_CERTIFICATES),
  given: (outside) => {
    withoutRoots(outside);
    serving(listed, issuing)(outside);
  },
  status: 'pass',
});

test('a short key is a word, and no failure', judgingOutside, trust, {
  given: serving(weak, issuing),
  status: 'pass',
  says: /weak: CN=vpn\.example\.com: its RSA key has 1024 bits/,
});

test('another certificate at one address fails there', judgingOutside, trust, {
  given: (outside) => outside.served.set(SIX, [late, issuing]),
  status: 'fail',
  says: [/192\.0\.2\.7:443: .*is valid/, /\[2001:db8::7\]:443: .*expired/],
});

test('an address to which this machine has no route leaves no pass', judgingOutside, trust, {
  given: (outside) => breakAt(outside, 'tcp', trouble('unreachable'), SIX),
  status: 'unknown',
  reason: 'unreachable',
});

test('an address to which this machine has no route does not hide a failure', judgingOutside, trust, {
  given: (outside) => {
    serving(late, issuing)(outside);
    breakAt(outside, 'tcp', trouble('unreachable'), SIX);
  },
  status: 'fail',
});

test('an address that refuses shows no certificate, so that the other one is judged', judgingOutside, trust, {
  given: (outside) => breakAt(outside, 'tcp', trouble('refused'), SIX),
  status: 'pass',
});

for (const stage of ['tcp', 'tls'] as const)
  test(`a connection that ends at ${stage} is unknown`, judgingOutside, trust, {
    given: (outside) => breakAt(outside, stage, trouble('timed-out', 'said so')),
    status: 'unknown',
    reason: 'timed-out',
    says: /said so/,
  });

test('roots that could not be asked for are unknown', judgingOutside, trust, {
  given: (outside) => outside.unanswered.set('probe trusted-roots', { reason: 'not-recorded', detail: 'not there' }),
  status: 'unknown',
  reason: 'not-recorded',
});

test('bytes that are no certificate are unknown', judgingOutside, trust, {
  given: serving({ ...vpn, der: Uint8Array.of(0x30, 0) }),
  status: 'unknown',
  reason: 'unreadable',
});
