import 'reflect-metadata';
import type { GeneralName } from '@peculiar/asn1-x509';
import { ExtendedKeyUsageExtension, Extension } from '@peculiar/x509';
import test from 'ava';
import chain from '../../../checks/certificate/chain.ts';
import { blobOf } from '../../server/blob.ts';
import { nameConstraints } from '../../server/constraints.ts';
import { ENTERPRISE_CERTIFICATES, healthy, POLICY_CERTIFICATES, SYSTEM_CERTIFICATES } from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { authority, CLIENT_AUTHENTICATION, issuing, leaf, type Made, root, rootKey, vpn } from '../../server/pki.ts';
import { deny, removeKey, type Server, setValue } from '../../server/state.ts';
import { certificateKey, install, listRoots, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

const otherRoot = await authority({ name: 'Other Root CA', key: 'other' });
const selfSigned = await authority({ name: 'vpn.example.com', key: 'other' });
const underRoot = await leaf({ issuer: root });
const underOther = await leaf({ issuer: otherRoot });
/** Bears the name of the issuing authority and has another key. */
const impostor = await authority({ name: 'Example Issuing CA', issuer: otherRoot, key: 'other' });
const crossed = await authority({ name: 'Example Root CA', key: 'root', issuer: otherRoot });
const formerRoot = await authority({ key: 'other' });
const renewedIssuing = await authority({ issuer: root, notBefore: '2025-01-01T00:00:00Z' });

const issuingWith = (options: Parameters<typeof authority>[0]) => authority({ issuer: root, ...options });
const expired = await issuingWith({ notAfter: '2026-10-31T12:00:00Z' });
const early = await issuingWith({ notBefore: '2026-12-01T00:00:00Z' });
const clientsOnly = await issuingWith({ extensions: [new ExtendedKeyUsageExtension([CLIENT_AUTHENTICATION])] });
const critical = await issuingWith({ extensions: [new Extension('1.2.3.4', true, new Uint8Array([5, 0]))] });
const permitting = (name: ConstructorParameters<typeof GeneralName>[0]) =>
  issuingWith({ extensions: [nameConstraints({ permitted: [name] })] });
const limited = await permitting({ dNSName: 'example.com' });
const elsewhere = await permitting({ dNSName: 'example.org' });
const odd = await permitting({ registeredID: '1.2.3.4' });
/** The issuing authority above it allows no authority below itself. */
const second = await authority({ name: 'Second Issuing CA', issuer: issuing, key: 'other' });
const underSecond = await leaf({ issuer: second });

/** In place of the issuing authority of the healthy server: same name, same key. */
const issuedBy = (made: Made) => (server: Server) => {
  uninstall(server, issuing, 'CA');
  install(server, made, 'CA');
};
const putInto = (store: string, made: Made) => (server: Server) =>
  setValue(server, `${store}\\Certificates\\${made.thumbprint}`, 'Blob', ['REG_BINARY', blobOf(made.der)]);

asksForTheCertificate(chain);

test('the healthy server has the whole chain', judging, chain, {
  status: 'pass',
  says: /CN=vpn\.example\.com is issued by CN=Example Issuing CA, O=Example, by CN=Example Root CA, O=Example, a trusted root/,
});

test('a missing intermediate fails with its name', judging, chain, {
  given: (server) => uninstall(server, issuing, 'CA'),
  status: 'fail',
  says: /CN=vpn\.example\.com: its issuer CN=Example Issuing CA, O=Example is in none/,
});

for (const [store, made] of [
  ['ROOT', root],
  ['CA', issuing],
] as const) {
  test(
    `an authority that the store ${store} of the server restricts is unknown: clients have their own`,
    judging,
    chain,
    {
      given: (server) => install(server, made, store, { restrictedEku: [CLIENT_AUTHENTICATION] }),
      status: 'unknown',
      reason: 'unreadable',
      says: /the server's store restricts it to client authentication, and those of clients are not known/,
    },
  );
  test(`an authority of which the store ${store} notes distrust is unknown`, judging, chain, {
    given: (server) => install(server, made, store, { distrust: { since: new Date('2026-10-01') } }),
    status: 'unknown',
    reason: 'unreadable',
    says: /its store notes that it is distrusted since 2026-10-01, which is not evaluated/,
  });
}

test('an issuer that is in LocalMachine\\My only is unknown, with where it belongs', judging, chain, {
  given: (server) => {
    uninstall(server, issuing, 'CA');
    install(server, issuing, 'MY', { keyLink: false });
  },
  status: 'unknown',
  reason: 'absent',
  says: /the issuer CN=Example Issuing CA, O=Example is in LocalMachine\\My only.*: move it to Intermediate/,
});

test('an issuer in LocalMachine\\My that is no good either does not make it unknown', judging, chain, {
  given: (server) => {
    uninstall(server, issuing, 'CA');
    install(server, expired, 'MY', { keyLink: false });
  },
  status: 'fail',
});

test('an issuer in LocalMachine\\My that has another key is none', judging, chain, {
  given: (server) => {
    uninstall(server, issuing, 'CA');
    install(server, impostor, 'MY', { keyLink: false });
  },
  status: 'fail',
  says: /its issuer CN=Example Issuing CA, O=Example is in none/,
});

/** Servers send no roots, and clients have their own. */
test('an issuer above those that the server has is unknown: it may be a root', judging, chain, {
  given: (server) => uninstall(server, root, 'ROOT'),
  status: 'unknown',
  reason: 'absent',
  says: /CN=Example Issuing CA, O=Example: its issuer CN=Example Root CA, O=Example is in none of the server's stores\. If that is a root/,
});

const withoutRoot = (server: Server) => uninstall(server, root, 'ROOT');

test('a root that is missing, and that Windows adds when it needs it, is unknown', judging, chain, {
  given: (server) => {
    withoutRoot(server);
    listRoots(server, rootKey);
  },
  status: 'unknown',
  reason: 'absent',
  says: /CN=Example Issuing CA.*: its issuer CN=Example Root CA.* is in none of the server's stores, and Windows adds this root/,
});

test('a root among the intermediates that Windows adds when it needs it is unknown', judging, chain, {
  given: (server) => {
    withoutRoot(server);
    install(server, root, 'CA');
    listRoots(server, root.thumbprint);
  },
  status: 'unknown',
  reason: 'absent',
  says: /CN=Example Root CA.*: it is self-signed and not among the server's trusted roots, and Windows adds this root/,
});

for (const [what, given] of [
  ['that is on no list', (server: Server) => listRoots(server, 'AB'.repeat(20))],
  [
    'that a policy keeps from being added',
    (server: Server) => {
      listRoots(server, rootKey);
      setValue(server, `${POLICY_CERTIFICATES}\\AuthRoot`, 'DisableRootAutoUpdate', ['REG_DWORD', 1]);
    },
  ],
] as const)
  test(`a root ${what} is missing: unknown, as clients may have it`, judging, chain, {
    given: (server) => {
      withoutRoot(server);
      given(server);
    },
    status: 'unknown',
    reason: 'absent',
    says: /whether clients trust it is not known here/,
  });

for (const [what, given] of [
  [
    'the issuer of the certificate itself',
    (server: Server) => {
      listRoots(server, rootKey);
      uninstall(server, issuing, 'CA');
    },
  ],
  [
    'a root beside another flaw',
    (server: Server) => {
      listRoots(server, rootKey);
      issuedBy(expired)(server);
    },
  ],
] as const)
  test(`${what} is missing: fails`, judging, chain, {
    given: (server) => {
      withoutRoot(server);
      given(server);
    },
    status: 'fail',
  });

test('a root that the server has and does not trust is unknown: clients have their own', judging, chain, {
  given: (server) => {
    uninstall(server, root, 'ROOT');
    install(server, root, 'CA');
  },
  status: 'unknown',
  reason: 'absent',
  says: /CN=Example Root CA, O=Example: it is self-signed and not among the server's trusted roots; whether clients trust it/,
});

for (const [where, store] of [
  ['of Windows itself', `${SYSTEM_CERTIFICATES}\\AuthRoot`],
  ['of Active Directory', `${ENTERPRISE_CERTIFICATES}\\Root`],
  ['of Group Policy', `${POLICY_CERTIFICATES}\\Root`],
] as const)
  test(`a root among those ${where} is trusted`, judging, chain, {
    given: (server) => {
      uninstall(server, root, 'ROOT');
      putInto(store, root)(server);
    },
    status: 'pass',
  });

for (const [where, store] of [
  ['of Active Directory', `${ENTERPRISE_CERTIFICATES}\\CA`],
  ['of Group Policy', `${POLICY_CERTIFICATES}\\CA`],
] as const)
  test(`an intermediate among those ${where} is found`, judging, chain, {
    given: (server) => {
      uninstall(server, issuing, 'CA');
      putInto(store, issuing)(server);
    },
    status: 'pass',
  });

for (const [what, made] of [
  ['root', root],
  ['intermediate', issuing],
  ['server certificate', vpn],
] as const)
  test(`a ${what} among those that must not be trusted fails`, judging, chain, {
    given: (server) => install(server, made, 'Disallowed'),
    status: 'fail',
    says: new RegExp(`${made.certificate.subject}: it is among the certificates that must not be trusted`),
  });

test('stores of Active Directory and Group Policy may be missing', judging, chain, {
  given: (server) => {
    removeKey(server, ENTERPRISE_CERTIFICATES);
    removeKey(server, POLICY_CERTIFICATES);
  },
  status: 'pass',
});

test('a self-signed certificate that the server does not trust is unknown: clients may have it', judging, chain, {
  server: () => healthy({ certificate: selfSigned }),
  status: 'unknown',
  reason: 'absent',
  says: /it is self-signed and not among the server's trusted roots; whether clients trust it is not known here/,
});

test('a self-signed certificate among the roots passes', judging, chain, {
  server: () => healthy({ certificate: selfSigned }),
  given: (server) => install(server, selfSigned, 'ROOT'),
  status: 'pass',
  says: /is issued by itself, a trusted root/,
});

test('a certificate right below a root passes', judging, chain, {
  server: () => healthy({ certificate: underRoot }),
  status: 'pass',
});

test('an issuer of the right name with another key fails', judging, chain, {
  given: issuedBy(impostor),
  status: 'fail',
  says: /no certificate of CN=Example Issuing CA, O=Example in the server's stores has the key that signed it/,
});

test('an issuer of the right name with another key does not hide the true one', judging, chain, {
  given: (server) => install(server, impostor, 'CA'),
  status: 'pass',
});

test('a root that was renewed with another key, and is not on the server, is unknown', judging, chain, {
  given: (server) => {
    uninstall(server, root, 'ROOT');
    install(server, formerRoot, 'ROOT');
  },
  status: 'unknown',
  reason: 'absent',
  says: /CN=Example Issuing CA, O=Example: no root CN=Example Root CA, O=Example in the server's stores has the key that signed it/,
});

test('an expired intermediate fails with its date', judging, chain, {
  given: issuedBy(expired),
  status: 'fail',
  says: /CN=Example Issuing CA, O=Example: it expired on 2026-10-31/,
});

test('an expired intermediate beside its renewed one passes', judging, chain, {
  given: (server) => {
    issuedBy(expired)(server);
    install(server, renewedIssuing, 'CA');
  },
  status: 'pass',
});

test('copies of authorities in every store make no more chains', judging, chain, {
  server: () => healthy({ certificate: underSecond }),
  given: (server) => {
    install(server, second, 'CA');
    install(server, root, 'AuthRoot');
    for (const place of [ENTERPRISE_CERTIFICATES, POLICY_CERTIFICATES]) {
      putInto(`${place}\\Root`, root)(server);
      for (const made of [issuing, second]) putInto(`${place}\\CA`, made)(server);
    }
  },
  status: 'fail',
  says: /it allows 0 authorities below it/,
});

test('an intermediate that is not valid yet fails with its date', judging, chain, {
  given: issuedBy(early),
  status: 'fail',
  says: /it is not valid before 2026-12-01/,
});

test('an intermediate for client authentication only fails', judging, chain, {
  given: issuedBy(clientsOnly),
  status: 'fail',
  says: /it may issue for client authentication only/,
});

test('a critical extension that Windows does not know fails', judging, chain, {
  given: issuedBy(critical),
  status: 'fail',
  says: /critical extension 1\.2\.3\.4 is not known/,
});

test('name constraints that allow the names of the certificate pass', judging, chain, {
  given: issuedBy(limited),
  status: 'pass',
});

test('name constraints that do not allow a name of the certificate fail with that name', judging, chain, {
  given: issuedBy(elsewhere),
  status: 'fail',
  says: /CN=Example Issuing CA, O=Example: its name constraints do not allow vpn\.example\.com/,
});

test('name constraints of a form that is not evaluated are not guessed at', judging, chain, {
  given: issuedBy(odd),
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=Example Issuing CA, O=Example: its name constraints are not evaluated/,
});

test('name constraints that are not evaluated do not hide a fault', judging, chain, {
  given: (server) => {
    issuedBy(odd)(server);
    install(server, root, 'Disallowed');
  },
  status: 'fail',
  says: /must not be trusted/,
});

test('more authorities below one than it allows fail', judging, chain, {
  server: () => healthy({ certificate: underSecond }),
  given: (server) => install(server, second, 'CA'),
  status: 'fail',
  says: /CN=Example Issuing CA, O=Example: it allows 0 authorities below it, and there are more/,
});

test('of a root and its cross-signed twin the trusted one counts', judging, chain, {
  given: (server) => install(server, crossed, 'CA'),
  status: 'pass',
});

test('another root than the usual one passes', judging, chain, {
  server: () => healthy({ certificate: underOther }),
  given: (server) => install(server, otherRoot, 'ROOT'),
  status: 'pass',
});

const unreadable = (server: Server) =>
  setValue(server, `${SYSTEM_CERTIFICATES}\\CA\\Certificates\\AB`, 'Blob', [
    'REG_BINARY',
    new Uint8Array([32, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x30, 0]),
  ]);

test('an authority that cannot be read does not matter to a whole chain', judging, chain, {
  given: unreadable,
  status: 'pass',
});

test('an authority that cannot be read could be the missing one', judging, chain, {
  given: (server) => {
    unreadable(server);
    uninstall(server, issuing, 'CA');
  },
  status: 'unknown',
  reason: 'unreadable',
});

test('an authority that cannot be read could be the missing one of one of two certificates', judging, chain, {
  given: (server) => {
    unreadable(server);
    install(server, underOther);
    bind(server, '[::]:443', underOther.thumbprint);
  },
  status: 'unknown',
  reason: 'unreadable',
});

test('a store that may not be read is unknown', judging, chain, {
  given: (server) => deny(server, `${SYSTEM_CERTIFICATES}\\Disallowed\\Certificates`),
  status: 'unknown',
  reason: 'denied',
});

test('an entry of a store that may not be read is unknown', judging, chain, {
  given: (server) => deny(server, certificateKey(issuing, 'CA')),
  status: 'unknown',
  reason: 'denied',
});
