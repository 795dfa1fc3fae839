/** Signatures on a certificate that not every Windows takes with TLS 1.2. */
import test from 'ava';
import protocols from '../../../checks/tls/protocols.ts';
import { gather } from '../../../engine/gather.ts';
import { healthy, observedAt, SCHANNEL_PROTOCOLS, SIGNATURE_ALGORITHMS } from '../../server/healthy.ts';
import { authority, issuing, leaf, type Made, root, selfSignedByEd25519, strange, vpn } from '../../server/pki.ts';
import { deny, removeKey, type Server, setValue, transportTo } from '../../server/state.ts';
import { certificateKey, install, uninstall } from '../../server/stores.ts';
import type { Windows } from '../../server/windows.ts';
import { judging } from '../judging.ts';

const long = await leaf({ hash: 'SHA-512' });
const padded = await leaf({ hash: 'SHA-256', padding: 'PSS' });
const both = await leaf({ hash: 'SHA-512', padding: 'PSS' });
const longIssuer = await authority({ issuer: root, hash: 'SHA-512' });
const paddedIssuer = await authority({ issuer: root, padding: 'PSS' });
const longRoot = await authority({ hash: 'SHA-512' });
const edwards = await selfSignedByEd25519();
const expected = { required: ['TLS 1.2'], forbidden: [] };
const update = (server: Server) =>
  setValue(server, SIGNATURE_ALGORITHMS, 'Functions', ['REG_MULTI_SZ', ['RSA/SHA256', 'RSA/SHA512', 'ECDSA/SHA512']]);

for (const [certificate, name, of] of [
  [long, 'RSA/SHA512', { '2008r2': false, '2012': false, '2012r2': false, '2016': true, '2022': true, '2025': true }],
  [padded, 'RSAE-PSS/SHA256', { '2008r2': false, '2012r2': false, '2016': false, '2022': true, '2025': true }],
] as const)
  for (const [windows, isTaken] of Object.entries(of) as [Windows, boolean][])
    test(
      `a certificate signed with ${name} on Server ${windows} is ${isTaken ? 'taken' : 'unknown'}`,
      judging,
      protocols,
      {
        server: () => healthy({ windows, certificate }),
        expected,
        status: isTaken ? 'pass' : 'unknown',
        ...(!isTaken && {
          reason: 'unreadable' as const,
          says: new RegExp(
            `is signed with ${name}, which is none of the signatures that are on \\(RSA/SHA256, ${name.endsWith('512') ? '.*not known; .*KB2973337' : '.*not known$'}`,
          ),
        }),
      },
    );

test('SHA-512 is taken once the update is installed', judging, protocols, {
  server: () => healthy({ windows: '2012r2', certificate: long }),
  given: update,
  expected,
  status: 'pass',
});

for (const [what, given] of [
  ['may not be read', (server: Server) => deny(server, SIGNATURE_ALGORITHMS)],
  ['are not there', (server: Server) => removeKey(server, SIGNATURE_ALGORITHMS)],
] as const)
  test(`SHA-512 is unknown where the signatures that are on ${what}`, judging, protocols, {
    server: () => healthy({ certificate: long }),
    given,
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: /is signed with RSA\/SHA512, and whether Windows takes that is not known/,
  });

/** As a file of certificates that was imported whole leaves it. */
const aside = (authorityOf: Made) => (server: Server) => {
  uninstall(server, issuing, 'CA');
  install(server, authorityOf, 'MY');
};
const inPlaceOf = (store: 'CA' | 'ROOT', old: Made, authorityOf: Made) => (server: Server) => {
  uninstall(server, old, store);
  install(server, authorityOf, store);
};

for (const [what, windows, given, status] of [
  ['an issuer signed with RSA/SHA512', '2012r2', inPlaceOf('CA', issuing, longIssuer), 'unknown'],
  ['an issuer signed with RSA/SHA512', '2019', inPlaceOf('CA', issuing, longIssuer), 'pass'],
  ['an issuer signed with RSAE-PSS/SHA256', '2016', inPlaceOf('CA', issuing, paddedIssuer), 'unknown'],
  ['a root signed with RSA/SHA512, which is not sent', '2012r2', inPlaceOf('ROOT', root, longRoot), 'pass'],
  ['an issuer in LocalMachine\\My', '2012r2', aside(issuing), 'pass'],
  ['an issuer in LocalMachine\\My signed with RSA/SHA512', '2012r2', aside(longIssuer), 'unknown'],
  ['a chain that cannot be built', '2012r2', (server: Server) => uninstall(server, issuing, 'CA'), 'pass'],
] as const)
  test(`TLS 1.2 on Server ${windows} with ${what}: ${status}`, judging, protocols, {
    server: () => healthy({ windows }),
    given,
    expected,
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: /CN=Example Issuing CA, O=Example .*is signed with RSA\S+, which is none of the signatures that are on/,
    }),
  });

test('issuers that cannot be read leave TLS 1.2 open, and no other protocol', judging, protocols, {
  given: (server) => {
    deny(server, certificateKey(issuing, 'CA').replace(/\\[^\\]*$/, ''));
    setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.3\\Server`, 'Enabled', ['REG_DWORD', 1]);
  },
  expected: { required: ['TLS 1.2', 'TLS 1.3'], forbidden: [] },
  status: 'unknown',
  says: [
    /TLS 1\.2: .*the server sends issuers along .*, and whether Windows takes how they are signed is not/,
    /TLS 1\.3: TLS 1\.3 is on: [^;]*$/m,
  ],
});

for (const protocol of ['TLS 1.2', 'TLS 1.3'])
  test(`a key for which Windows has no suite leaves ${protocol} open`, judging, protocols, {
    server: () => healthy({ windows: '2025', certificate: edwards }),
    given: (server) => {
      install(server, edwards, 'ROOT');
      setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.3\\Server`, 'Enabled', ['REG_DWORD', 1]);
    },
    expected: { required: [protocol], forbidden: [] },
    status: 'unknown',
    reason: 'unreadable',
    says: /the key of CN=vpn\.example\.com is of the kind Ed25519, and whether Windows has a suite for it is not known/,
  });

test('no update brings the alternate format', judging, protocols, {
  server: () => healthy({ windows: '2012r2', certificate: both }),
  expected,
  status: 'unknown',
  says: /is signed with RSAE-PSS\/SHA512, .*whether clients get TLS 1\.2 with it is not known$/m,
});

test('a signature of an unknown kind is none that every Windows takes', judging, protocols, {
  server: () => healthy({ certificate: strange }),
  // Where its issuer is there, already the chain is unknown.
  given: (server) => uninstall(server, issuing, 'CA'),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /is signed with 1\.2\.840\.113549\.1\.1\.99, which is none of the signatures that are on/,
});

test('a protocol that is not required does not mind', judging, protocols, {
  server: () => healthy({ windows: '2012r2', certificate: long }),
  expected: { required: [], forbidden: ['TLS 1.0'] },
  status: 'pass',
});

test('only a rare signature is asked about', async (t) => {
  for (const [certificate, times] of [
    [vpn, 0],
    [long, 1],
  ] as const) {
    const transport = transportTo(healthy({ certificate }), { recordedAt: observedAt });
    const { signal } = new AbortController();
    await gather({ server: transport }, Object.values(protocols.needs), { signal, keep: async () => {} });
    t.is(
      transport
        .exchanges()
        .flat()
        .filter((command) => command.endsWith('00010003')).length,
      times,
    );
    t.is(transport.exchanges().length, 1 + times);
  }
});
