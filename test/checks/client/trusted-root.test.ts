import test from 'ava';
import trustedRoot from '../../../checks/client/trusted-root.ts';
import { breakAt, trouble } from '../../outside/outside.ts';
import { blobOf } from '../../server/blob.ts';
import { ENTERPRISE_CERTIFICATES, healthy, POLICY_CERTIFICATES, SYSTEM_CERTIFICATES } from '../../server/healthy.ts';
import { authority, CLIENT_AUTHENTICATION, issuing, leaf, root, SERVER_AUTHENTICATION, vpn } from '../../server/pki.ts';
import { deny, type Server, setValue } from '../../server/state.ts';
import { certificateKey, install, listRoots, uninstall } from '../../server/stores.ts';
import { NOT_A_CERTIFICATE } from '../certificate/aside.ts';
import { judgingOutside } from '../judging-outside.ts';

const crossed = await authority({ name: 'Example Issuing CA', issuer: root });
const renewed = await authority({ key: 'other' });
const anew = await authority({ key: 'other', issuer: root });
const inDirectory = await leaf({ caIssuers: ['ldap:///CN=Example%20Issuing%20CA?cACertificate'] });
const expired = await leaf({ notAfter: '2026-10-01T00:00:00Z' });

/** A machine that dials; what differs from a server does not matter here. */
const machine =
  (...given: readonly ((server: Server) => void)[]) =>
  (): Server => {
    const server = healthy();
    for (const one of given) one(server);
    return server;
  };
const withoutRoot = (server: Server) => uninstall(server, root, 'ROOT');
const withoutUpdates = (server: Server) =>
  setValue(server, `${POLICY_CERTIFICATES}\\AuthRoot`, 'DisableRootAutoUpdate', ['REG_DWORD', 1]);
const listing =
  (...thumbprints: readonly string[]) =>
  (server: Server) =>
    listRoots(server, ...thumbprints);

test('a machine with the root passes', judgingOutside, trustedRoot, {
  server: machine(),
  status: 'pass',
  says: /CN=Example Root CA, O=Example is one of the \d+ roots that this machine trusts/,
});

test('a private root that is not in the store fails', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, listing('AB'.repeat(20))),
  status: 'fail',
  says: [new RegExp(root.thumbprint), /0x800B0109/],
});

test('a root that could be the one of which the store cannot be read is unknown', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, withoutUpdates, (server) =>
    setValue(server, certificateKey(root, 'ROOT'), 'Blob', ['REG_BINARY', NOT_A_CERTIFICATE]),
  ),
  status: 'unknown',
  reason: 'unreadable',
});

test('a root that is not in the store fails where Windows may not add it', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, withoutUpdates),
  status: 'fail',
  says: /is not among the trusted roots of this machine/,
});

test('a public root that Windows adds when it needs it is unknown', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, listing(root.thumbprint)),
  status: 'unknown',
  reason: 'absent',
  says: /this one is on its list/,
});

test('without the list of public roots it is unknown', judgingOutside, trustedRoot, {
  server: machine(withoutRoot),
  status: 'unknown',
  reason: 'absent',
  says: /the list of them is not on this machine/,
});

test('a root that nobody knows is unknown, with what to do', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, listing('AB'.repeat(20))),
  given: (outside) => {
    outside.roots = [];
  },
  status: 'unknown',
  reason: 'absent',
  says: /give the root with --roots/,
});

test(
  'a root that is trusted here and not there fails: the roots of this machine do not count',
  judgingOutside,
  trustedRoot,
  {
    server: machine(withoutRoot, withoutUpdates),
    given: (outside) => {
      outside.roots = [root];
    },
    status: 'fail',
  },
);

test('a root that is among the untrusted certificates fails', judgingOutside, trustedRoot, {
  server: machine((server) => install(server, root, 'Disallowed')),
  status: 'fail',
  says: [/among the untrusted certificates/, /0x800B0111/],
});

for (const [words, restrictedEku] of [
  ['nothing', []],
  ['client authentication', [CLIENT_AUTHENTICATION]],
] as const)
  test(`a root that the store restricts to ${words} fails`, judgingOutside, trustedRoot, {
    server: machine((server) => install(server, root, 'ROOT', { restrictedEku })),
    status: 'fail',
    says: new RegExp(`CN=Example Root CA.* is restricted to ${words} in the store of this machine; .*0x800B0110`),
  });

test('a root that the store restricts to server authentication passes', judgingOutside, trustedRoot, {
  server: machine((server) => install(server, root, 'ROOT', { restrictedEku: [SERVER_AUTHENTICATION] })),
  status: 'pass',
});

test('a root that one store restricts and another one does not is unknown', judgingOutside, trustedRoot, {
  server: machine(
    (server) => install(server, root, 'ROOT', { restrictedEku: [] }),
    (server) => install(server, root, 'AuthRoot'),
  ),
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=Example Root CA.*: one of its copies is restricted to nothing, and which of them Windows takes is not known/,
});

const restricted = (server: Server) => install(server, issuing, 'CA', { restrictedEku: [] });

test('an issuer that the store restricts fails where it is not sent', judgingOutside, trustedRoot, {
  server: machine(restricted),
  given: (outside) => outside.served.set('*', [vpn]),
  status: 'fail',
  says: /CN=Example Issuing CA.* is restricted to nothing/,
});

test('an issuer that the store restricts is unknown where it is sent, too', judgingOutside, trustedRoot, {
  server: machine(restricted),
  status: 'unknown',
  says: /CN=Example Issuing CA.*: one of its copies is restricted to nothing/,
});

test('an untrusted root is shown before an issuer that is restricted', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, withoutUpdates, restricted),
  given: (outside) => outside.served.set('*', [vpn]),
  status: 'fail',
  says: /0x800B0109/,
});

/** Group Policy, Certificate Path Validation Settings, Stores: Only Enterprise Root CAs. */
const enterpriseOnly = (server: Server) =>
  setValue(server, `${POLICY_CERTIFICATES}\\Root\\ProtectedRoots`, 'Flags', ['REG_DWORD', 0x28]);

test('a root of the machine is unknown where a policy has only enterprise roots trusted', judgingOutside, trustedRoot, {
  server: machine(enterpriseOnly),
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=Example Root CA.*: a policy of this machine has only enterprise roots trusted, and it is none/,
});

for (const place of [ENTERPRISE_CERTIFICATES, POLICY_CERTIFICATES])
  test(`a root in ${place} passes where a policy has only enterprise roots trusted`, judgingOutside, trustedRoot, {
    server: machine(enterpriseOnly, (server) =>
      setValue(server, `${place}\\Root\\Certificates\\${root.thumbprint}`, 'Blob', ['REG_BINARY', blobOf(root.der)]),
    ),
    status: 'pass',
    says: /is one of the 1 roots that this machine trusts/,
  });

test('a policy about the roots of users only changes nothing', judgingOutside, trustedRoot, {
  server: machine((server) =>
    setValue(server, `${POLICY_CERTIFICATES}\\Root\\ProtectedRoots`, 'Flags', ['REG_DWORD', 0x21]),
  ),
  status: 'pass',
});

test('a root that is missing fails under such a policy, too', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, withoutUpdates, enterpriseOnly),
  status: 'fail',
});

test('a root that is archived in the store is unknown', judgingOutside, trustedRoot, {
  server: machine((server) => install(server, root, 'ROOT', { archived: true })),
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=Example Root CA.*: it is archived in its store, and whether Windows takes it is not known/,
});

test('a root of which another store has a copy that is not archived passes', judgingOutside, trustedRoot, {
  server: machine(
    (server) => install(server, root, 'ROOT', { archived: true }),
    (server) => install(server, root, 'AuthRoot'),
  ),
  status: 'pass',
});

/** The certificate is of May 2026, and met in November. */
for (const [what, distrust, status] of [
  ['everything', { since: new Date('2026-10-01') }, 'unknown'],
  ['everything, but later', { since: new Date('2026-12-01') }, 'pass'],
  ['what it issued before', { since: new Date('2026-04-01'), ofNew: true }, 'unknown'],
  ['what it issues afterwards', { since: new Date('2026-06-01'), ofNew: true }, 'pass'],
  ['servers', { since: new Date('2026-10-01'), purposes: [SERVER_AUTHENTICATION] }, 'unknown'],
  ['clients', { since: new Date('2026-10-01'), purposes: [CLIENT_AUTHENTICATION] }, 'pass'],
  ['servers, ever since', { purposes: [SERVER_AUTHENTICATION] }, 'unknown'],
  ['clients, ever since', { purposes: [CLIENT_AUTHENTICATION] }, 'pass'],
  ['new clients', { since: new Date('2026-04-01'), ofNew: true, purposes: [CLIENT_AUTHENTICATION] }, 'pass'],
] as const)
  test(`a root of which the store notes distrust for ${what}: ${status}`, judgingOutside, trustedRoot, {
    server: machine((server) => install(server, root, 'ROOT', { distrust })),
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: /its store notes that .* is distrusted(?: since 2026-\d\d-\d\d)?, which is not evaluated/,
    }),
  });

test('an issuer that is not sent is taken from the store of the machine', judgingOutside, trustedRoot, {
  server: machine(),
  given: (outside) => outside.served.set('*', [vpn]),
  status: 'pass',
});

test('an issuer that is neither sent nor in the store fails where nothing can be added', judgingOutside, trustedRoot, {
  server: machine(withoutUpdates, (server) => uninstall(server, issuing, 'CA')),
  given: (outside) => outside.served.set('*', [vpn]),
  status: 'fail',
  says: /CN=Example Issuing CA, O=Example, is neither sent nor in a store/,
});

for (const [what, served] of [
  ['that is neither sent nor in the store', [inDirectory]],
  ['of which an older one with another key is sent', [inDirectory, anew]],
] as const)
  test(`an issuer ${what} is unknown where a directory may have it`, judgingOutside, trustedRoot, {
    server: machine(withoutUpdates, (server) => uninstall(server, issuing, 'CA')),
    given: (outside) => outside.served.set('*', served),
    status: 'unknown',
    reason: 'unreachable',
    says: /CN=vpn\.example\.com: .*CN=Example Issuing CA.* \(ldap:.*a directory is not asked from here/,
  });

test('an authority that was made anew under the same name fails as what did not sign', judgingOutside, trustedRoot, {
  server: machine(withoutRoot, (server) => install(server, renewed, 'ROOT')),
  given: (outside) => {
    outside.roots = [];
  },
  status: 'fail',
  says: /no certificate of CN=Example Root CA, O=Example .* has the key that signed CN=Example Issuing CA.*0x800B0109/,
});

test('an issuer that stands among the personal certificates of the machine is unknown', judgingOutside, trustedRoot, {
  server: machine(
    withoutUpdates,
    (server) => uninstall(server, issuing, 'CA'),
    (server) => install(server, issuing),
  ),
  given: (outside) => outside.served.set('*', [vpn]),
  status: 'unknown',
  reason: 'absent',
  says: /the issuer CN=Example Issuing CA, O=Example is in LocalMachine\\My only/,
});

test('that the certificate has expired is not a matter of the machine', judgingOutside, trustedRoot, {
  server: machine(),
  given: (outside) => outside.served.set('*', [expired, issuing]),
  status: 'pass',
});

test('stores that may not be read are unknown', judgingOutside, trustedRoot, {
  server: machine((server) => deny(server, `${SYSTEM_CERTIFICATES}\\ROOT\\Certificates`)),
  status: 'unknown',
  reason: 'denied',
});

test('a machine that was not asked is unknown', judgingOutside, trustedRoot, {
  status: 'unknown',
  reason: 'not-recorded',
});

test('a certificate that was not met is unknown', judgingOutside, trustedRoot, {
  server: machine(),
  given: (outside) => breakAt(outside, 'tcp', trouble('refused', 'said so')),
  status: 'unknown',
  reason: 'refused',
  says: /said so/,
});

test('an issuer that only this machine knows does not complete the chain of the other', judgingOutside, trustedRoot, {
  server: machine(withoutUpdates, (server) => uninstall(server, issuing, 'CA')),
  given: (outside) => {
    outside.served.set('*', [vpn]);
    outside.roots = [crossed, root];
  },
  status: 'fail',
  says: /is neither sent nor in a store/,
});
