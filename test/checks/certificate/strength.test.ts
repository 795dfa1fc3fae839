import test from 'ava';
import strength from '../../../checks/certificate/strength.ts';
import { healthy } from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { authority, issuing, leaf, root, rootKey, selfSignedByEd25519, strange } from '../../server/pki.ts';
import { install, listRoots, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

const expected = { minimumRsaBits: 2048, minimumEcBits: 256, forbiddenHashes: ['SHA-1', 'MD5'] };
const short = await leaf({ key: 'rsa1024' });
const curved = await leaf({ key: 'p256' });
const outdated = await leaf({ hash: 'SHA-1' });
const outdatedIssuing = await authority({ issuer: root, hash: 'SHA-1' });
const outdatedRoot = await authority({ hash: 'SHA-1' });

const edwards = await selfSignedByEd25519();

asksForTheCertificate(strength, expected);

test('the healthy chain is strong', judging, strength, {
  expected,
  status: 'pass',
  says: [/CN=vpn\.example\.com has an RSA key of 2048 bits and is signed with SHA-256/, /CN=Example Root CA/],
});

test('2048 bits are less than 2049', judging, strength, {
  expected: { ...expected, minimumRsaBits: 2049 },
  status: 'fail',
  says: /its RSA key has 2048 bits, less than 2049/,
});

test('a short RSA key fails', judging, strength, {
  server: () => healthy({ certificate: short }),
  expected,
  status: 'fail',
  says: /CN=vpn\.example\.com: its RSA key has 1024 bits, less than 2048/,
});

test('an EC key is measured by its own minimum', judging, strength, {
  server: () => healthy({ certificate: curved }),
  expected,
  status: 'pass',
  says: /EC key of 256 bits/,
});

test('256 bits are less than 257', judging, strength, {
  server: () => healthy({ certificate: curved }),
  expected: { ...expected, minimumEcBits: 257 },
  status: 'fail',
  says: /its EC key has 256 bits, less than 257/,
});

test('a forbidden hash fails', judging, strength, {
  server: () => healthy({ certificate: outdated }),
  expected,
  status: 'fail',
  says: /CN=vpn\.example\.com: it is signed with SHA-1/,
});

test('a hash that is not forbidden passes', judging, strength, {
  server: () => healthy({ certificate: outdated }),
  expected: { ...expected, forbiddenHashes: ['MD5'] },
  status: 'pass',
});

test('a forbidden hash on an issuer fails', judging, strength, {
  given: (server) => {
    uninstall(server, issuing, 'CA');
    install(server, outdatedIssuing, 'CA');
  },
  expected,
  status: 'fail',
  says: /CN=Example Issuing CA, O=Example: it is signed with SHA-1/,
});

for (const [made, store] of [
  [issuing, 'CA'],
  [root, 'ROOT'],
] as const)
  test(`where ${made.subject} is missing, what is there is judged, and the rest unknown`, judging, strength, {
    given: (server) => uninstall(server, made, store),
    expected,
    status: 'unknown',
    reason: 'absent',
    says: [/CN=vpn\.example\.com has an RSA key/, new RegExp(`${made.subject}: .* is not on the server`)],
  });

test('a missing root that Windows adds is strong, as Microsoft has it', judging, strength, {
  given: (server) => {
    uninstall(server, root, 'ROOT');
    listRoots(server, rootKey);
  },
  expected,
  status: 'pass',
});

test('a kind of key of which no minimum is stated is unknown, not weak', judging, strength, {
  given: (server) => {
    uninstall(server, root, 'ROOT');
    install(server, edwards, 'ROOT');
  },
  server: () => healthy({ certificate: edwards }),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=vpn\.example\.com: its key is of the kind Ed25519, for which nothing is stated/,
});

test('a kind of signature that is not known is unknown, not strong', judging, strength, {
  server: () => healthy({ certificate: strange }),
  // Where its issuer is there, already the chain is unknown.
  given: (server) => uninstall(server, issuing, 'CA'),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=vpn\.example\.com: its signature is of the kind 1\.2\.840\.113549\.1\.1\.99, which is not known/,
});

test('the signature on a root does not matter', judging, strength, {
  given: (server) => {
    uninstall(server, root, 'ROOT');
    install(server, outdatedRoot, 'ROOT');
  },
  expected,
  status: 'pass',
});

test('both certificates are judged where IPv4 and IPv6 differ', judging, strength, {
  given: (server) => {
    install(server, short);
    bind(server, '[::]:443', short.thumbprint);
  },
  expected,
  status: 'fail',
  says: [/RSA key of 2048 bits/, /1024 bits, less than 2048/],
});
