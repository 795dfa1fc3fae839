import test from 'ava';
import protocols from '../../../checks/tls/protocols.ts';
import { gather } from '../../../engine/gather.ts';
import {
  CIPHER_SUITES,
  CURRENT_VERSION,
  healthy,
  observedAt,
  SCHANNEL,
  SCHANNEL_PROTOCOLS,
  SYSTEM_CERTIFICATES,
} from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { leaf, vpn } from '../../server/pki.ts';
import {
  addKey,
  deny,
  getValue,
  removeKey,
  removeValue,
  type Server,
  setValue,
  transportTo,
} from '../../server/state.ts';
import { install, uninstall } from '../../server/stores.ts';
import { VERSIONS, type Windows } from '../../server/windows.ts';
import { judging } from '../judging.ts';
import { order, policy } from './order.ts';

const elliptic = await leaf({ key: 'p256' });
const large = await leaf({ key: 'p521' });
const expected = { required: ['TLS 1.2'], forbidden: ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1'] };
const on = (windows: Windows) => () => healthy({ windows });
/** Sets Enabled and DisabledByDefault of the server side; what is not given does not exist. */
const set = (server: Server, protocol: string, values: { enabled?: number; disabled?: number }) => {
  const key = `${SCHANNEL_PROTOCOLS}\\${protocol}\\Server`;
  addKey(server, key);
  server.registry.get(key)?.clear();
  if (values.enabled !== undefined) setValue(server, key, 'Enabled', ['REG_DWORD', values.enabled]);
  if (values.disabled !== undefined) setValue(server, key, 'DisabledByDefault', ['REG_DWORD', values.disabled]);
};
/** Schannel as Windows comes: with suites of older protocols, too. */
const bare = (server: Server) => {
  const suites = getValue(server, CIPHER_SUITES, 'Functions')?.[1];
  order(...(Array.isArray(suites) ? suites : []), 'TLS_RSA_WITH_AES_128_CBC_SHA')(server);
  removeKey(server, SCHANNEL_PROTOCOLS);
  addKey(server, SCHANNEL_PROTOCOLS);
};
const ofBuild = (build: string) => (server: Server) => {
  for (const name of ['CurrentBuild', 'CurrentBuildNumber']) setValue(server, CURRENT_VERSION, name, ['REG_SZ', build]);
};

for (const windows of Object.keys(VERSIONS) as Windows[])
  test(`Server ${windows} is asked in one exchange`, async (t) => {
    const transport = transportTo(healthy({ windows }), { recordedAt: observedAt });
    const { signal } = new AbortController();
    await gather({ server: transport }, Object.values(protocols.needs), { signal, keep: async () => {} });
    t.is(transport.exchanges().length, 1);
  });

for (const windows of ['2008r2', '2012', '2012r2', '2016', '2019', '2022', '2025'] as const)
  test(`a hardened Server ${windows} passes`, judging, protocols, {
    server: on(windows),
    expected,
    status: 'pass',
    says: [/TLS 1\.2: TLS 1\.2 is on: Enabled is not 0/, /TLS 1\.0: TLS 1\.0 is off: Enabled is 0/],
  });

test('Server 2008 fails: it has TLS 1.0 and nothing newer', judging, protocols, {
  server: on('2008'),
  expected,
  status: 'fail',
  says: [
    /TLS 1\.2: TLS 1\.2 is off: the default of build 6002/,
    /TLS 1\.0: TLS 1\.0 is on: the default of build 6002/,
    /TLS 1\.1: TLS 1\.1 is off/,
    /SSL 3\.0: SSL 3\.0 is off: Enabled is 0/,
  ],
});

test('TLS 1.2 switched on in Server 2008 SP2 proves nothing without the update that brings it', judging, protocols, {
  server: on('2008'),
  given: (server) => set(server, 'TLS 1.2', { enabled: 1, disabled: 0 }),
  expected: { ...expected, forbidden: ['SSL 2.0'] },
  status: 'unknown',
  reason: 'absent',
  says: /nothing in the registry tells whether build 6002 of Windows offers TLS 1\.2/,
});

test('TLS 1.2 switched off in Server 2008 SP2 is off', judging, protocols, {
  server: on('2008'),
  given: (server) => set(server, 'TLS 1.2', { enabled: 0, disabled: 1 }),
  expected: { required: [], forbidden: ['TLS 1.2'] },
  status: 'pass',
});

test('Server 2008 before SP2 has no TLS 1.2, whatever the registry says', judging, protocols, {
  server: on('2008'),
  given: (server) => {
    ofBuild('6001')(server);
    set(server, 'TLS 1.2', { enabled: 1, disabled: 0 });
  },
  expected,
  status: 'fail',
  says: /TLS 1\.2 is off: Windows build 6001 does not have it/,
});

/** Which of the six protocols are on where nothing is set; `x` where that is not known. */
const DEFAULTS: Readonly<Record<Windows, string>> = {
  '2008': '111000',
  '2008r2': '111000',
  '2012': '011110',
  '2012r2': '011110',
  '2016': '001110',
  '2019': '001110',
  '2022': '001111',
  '2025': 'x',
};
const ALL = ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'];
for (const [windows, bits] of Object.entries(DEFAULTS) as [Windows, string][])
  test(`without settings Server ${windows} does what Windows does by default`, judging, protocols, {
    server: on(windows),
    given: bare,
    expected:
      bits === 'x'
        ? expected
        : {
            required: ALL.filter((_, at) => bits[at] === '1'),
            forbidden: ALL.filter((_, at) => bits[at] === '0'),
          },
    status: bits === 'x' ? 'unknown' : 'pass',
  });

test('what updates may have changed in Server 2025 must be set to be known', judging, protocols, {
  server: on('2025'),
  given: (server) => removeKey(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`),
  expected,
  status: 'unknown',
  reason: 'absent',
  says: /offers TLS 1\.0/,
});

test('Enabled alone switches on what updates may have switched off in Server 2025', judging, protocols, {
  server: on('2025'),
  given: (server) => set(server, 'TLS 1.0', { enabled: 1 }),
  expected,
  status: 'fail',
  says: /TLS 1\.0: TLS 1\.0 is on: Enabled is not 0/,
});

test('an outdated protocol that is on fails', judging, protocols, {
  given: (server) => set(server, 'TLS 1.0', { enabled: 1, disabled: 0 }),
  expected,
  status: 'fail',
  says: /TLS 1\.0 is on: Enabled is not 0/,
});

test('0xffffffff means on, too', judging, protocols, {
  given: (server) => set(server, 'TLS 1.1', { enabled: 0xffffffff, disabled: 0 }),
  expected,
  status: 'fail',
  says: /TLS 1\.1 is on/,
});

test('a required protocol that is off fails', judging, protocols, {
  given: (server) => set(server, 'TLS 1.2', { enabled: 0, disabled: 1 }),
  expected,
  status: 'fail',
  says: /TLS 1\.2 is off: Enabled is 0/,
});

for (const [protocol, values] of [
  ['TLS 1.2', { enabled: 1, disabled: 1 }],
  ['TLS 1.0', { enabled: 1, disabled: 1 }],
  ['TLS 1.0', { disabled: 1 }],
] as const)
  test(
    `${protocol} with ${JSON.stringify(values)} is there for programs that ask, and nobody knows whether HTTP.sys does`,
    judging,
    protocols,
    {
      given: (server) => set(server, protocol, values),
      expected,
      status: 'unknown',
      reason: 'absent',
      says: new RegExp(`${protocol}: DisabledByDefault is 1, and Enabled is not 0`),
    },
  );

test('DisabledByDefault changes nothing in what is off by default', judging, protocols, {
  server: on('2008r2'),
  given: (server) => set(server, 'TLS 1.1', { disabled: 1 }),
  expected: { required: [], forbidden: ['TLS 1.1'] },
  status: 'pass',
});

test('what is not known of one protocol does not hide that another is on', judging, protocols, {
  server: on('2025'),
  given: (server) => {
    removeKey(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`);
    set(server, 'TLS 1.1', { enabled: 1, disabled: 0 });
  },
  expected,
  status: 'fail',
  says: [/TLS 1\.0: nothing in the registry tells/, /TLS 1\.1 is on/],
});

test('what is not known of a protocol that nobody asked about does not matter', judging, protocols, {
  server: on('2025'),
  given: (server) => removeKey(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`),
  expected: { required: ['TLS 1.2'], forbidden: ['TLS 1.1'] },
  status: 'pass',
});

test('the client side does not matter', judging, protocols, {
  given: (server) => setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0\\Client`, 'Enabled', ['REG_DWORD', 1]),
  expected,
  status: 'pass',
});

test('TLS 1.3 in a Windows that does not have it is off, even where it is set', judging, protocols, {
  server: on('2019'),
  given: (server) => set(server, 'TLS 1.3', { enabled: 1, disabled: 0 }),
  expected: { required: ['TLS 1.3'], forbidden: [] },
  status: 'fail',
  says: /TLS 1\.3 is off: Windows build 17763 does not have it/,
});

for (const [name, values] of [
  ['Enabled alone', { enabled: 1 }],
  ['DisabledByDefault alone', { disabled: 0 }],
] as const)
  test(`${name} leaves open what is off by default`, judging, protocols, {
    server: on('2008r2'),
    given: (server) => set(server, 'TLS 1.2', values),
    expected,
    status: 'unknown',
    reason: 'absent',
  });

const RSA = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const EC = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
const OF_13 = 'TLS_AES_256_GCM_SHA384';
const off =
  (kind: string, ...names: string[]) =>
  (server: Server) => {
    for (const name of names) addKey(server, `${SCHANNEL}\\${kind}\\${name}`, { Enabled: ['REG_DWORD', 0] });
  };
const both =
  (...all: ((server: Server) => void)[]) =>
  (server: Server) => {
    for (const given of all) given(server);
  };

for (const [what, given, why] of [
  [
    'a policy with suites of TLS 1.3 alone',
    policy(OF_13),
    'none of the 1 suites \\(Group Policy\\) is one of TLS 1\\.2',
  ],
  [
    'suites for another kind of key',
    order(EC, OF_13),
    'none of its 1 suites \\(local order\\) goes with the RSA key of CN=vpn',
  ],
  [
    'ciphers that are off',
    off('Ciphers', 'AES 128/128', 'AES 256/256'),
    'of all its .* the cipher, the key exchange or the hash is off',
  ],
  [
    'key exchanges that are off',
    off('KeyExchangeAlgorithms', 'ECDH', 'PKCS', 'Diffie-Hellman'),
    'of all its .* is off',
  ],
  ['hashes that are off', off('Hashes', 'SHA', 'SHA256', 'SHA384'), 'of all its .* is off'],
] as const)
  test(`a required protocol fails with ${what}: no client can agree on anything`, judging, protocols, {
    given,
    expected,
    status: 'fail',
    says: new RegExp(`TLS 1\\.2 is on: Enabled is not 0, but ${why}`),
  });

for (const [what, given, required, status] of [
  ['an EC key, and suites for RSA', order(RSA, OF_13), 'TLS 1.2', 'fail'],
  ['an EC key, and suites for it', order(EC), 'TLS 1.2', 'pass'],
  ['an EC key, and suites of TLS 1.3, which go with any', order(RSA, OF_13), 'TLS 1.3', 'pass'],
  ['an EC key, and no suite of TLS 1.3', order(EC), 'TLS 1.3', 'fail'],
] as const)
  test(`${required} is required: ${what}: ${status}`, judging, protocols, {
    server: () => healthy({ certificate: elliptic }),
    given: both(given, (server) => set(server, 'TLS 1.3', { enabled: 1, disabled: 0 })),
    expected: { required: [required], forbidden: [] },
    status,
  });

test('a required protocol passes as long as one suite is on', judging, protocols, {
  given: both(off('Hashes', 'SHA', 'SHA256'), off('Ciphers', 'AES 128/128'), off('KeyExchangeAlgorithms', 'PKCS')),
  expected,
  status: 'pass',
});

test('each of two certificates needs a suite', judging, protocols, {
  given: both(order(RSA), (server) => {
    install(server, elliptic);
    bind(server, '[::]:443', elliptic.thumbprint);
  }),
  expected,
  status: 'fail',
  says: /none of its 1 suites \(local order\) goes with the EC key/,
});

test('what a Windows does with suites that it does not have is unknown', judging, protocols, {
  server: on('2019'),
  given: policy(OF_13),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /1 of 1 suites \(Group Policy\), such as TLS_AES_256_GCM_SHA384, are none of build 17763 of Windows, and what it does/,
});

for (const [what, windows, suites, status] of [
  ['alone', '2012r2', [RSA, OF_13], 'unknown'],
  ['beside one for another kind of key', '2012r2', [RSA, `${EC}_P384`], 'unknown'],
  ['beside one that it has', '2012r2', [RSA, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P384'], 'pass'],
  ['beside one without a curve', '2012r2', [RSA, 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384'], 'pass'],
  ['alone', '2016', [RSA], 'pass'],
] as const)
  test(
    `a policy with a suite as newer Windows names it, ${what}, on Server ${windows}: ${status}`,
    judging,
    protocols,
    {
      server: on(windows),
      given: policy(...suites),
      expected,
      status,
      ...(status === 'unknown' && { says: /such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, are none of build 9600/ }),
    },
  );

for (const [what, windows, suite, status] of [
  ['ECDHE and GCM for RSA', '2012r2', `${RSA}_P384`, 'unknown'],
  ['ECDHE and GCM for RSA', '2016', `${RSA}_P384`, 'pass'],
  ['ECDHE and CBC for RSA', '2008r2', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P384', 'pass'],
  ['DHE and GCM for RSA', '2012', 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'pass'],
  ['RSA and GCM', '2008r2', 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'pass'],
  ['ChaCha20', '2022', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'unknown'],
  ['CCM', '2025', 'TLS_DHE_RSA_WITH_AES_256_CCM', 'unknown'],
  ['a hash that goes with another length', '2022', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA256', 'unknown'],
  ['DHE and SHA-2 without GCM', '2019', 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', 'unknown'],
] as const)
  test(`only a suite that Server ${windows} has is of use, ${what}: ${status}`, judging, protocols, {
    server: on(windows),
    given: both(policy(suite), (server) => set(server, 'TLS 1.2', { enabled: 1, disabled: 0 })),
    expected,
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: new RegExp(
        `1 of 1 suites \\(Group Policy\\), such as ${suite}, are none of build \\d+ of Windows, and what`,
      ),
    }),
  });

test('a suite with ECDHE and GCM is for EC keys before Server 2016', judging, protocols, {
  server: () => healthy({ windows: '2012r2', certificate: elliptic }),
  given: policy(`${EC}_P384`),
  expected,
  status: 'pass',
});

for (const [what, suites, status] of [
  ['which alone are of TLS 1.2', [OF_13, ` ${RSA}`], 'unknown'],
  ['beside one of TLS 1.2', [RSA, ` ${EC}`], 'pass'],
] as const)
  test(`a policy of suites with blanks beside them, ${what}: ${status}`, judging, protocols, {
    given: policy(...suites),
    expected,
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: /1 of 2 suites \(Group Policy\), such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, have blanks beside them, and/,
    }),
  });

test('a key on a curve that Windows has off by default is unknown', judging, protocols, {
  server: () => healthy({ certificate: large }),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /the key of CN=vpn\.example\.com is on the curve P-521, and Windows has that curve off by default/,
});

for (const [what, given, reason] of [
  ['the order of suites', (server: Server) => deny(server, CIPHER_SUITES), 'denied'],
  ['the store of certificates', (server: Server) => deny(server, `${SYSTEM_CERTIFICATES}\\MY`), 'denied'],
  ['the certificate', (server: Server) => uninstall(server, vpn), 'absent'],
] as const) {
  test(`a required protocol is unknown without ${what}`, judging, protocols, {
    given,
    expected,
    status: 'unknown',
    reason,
    says: /TLS 1\.2 is on: .*, and whether it has a suite for clients is not known/,
  });
  test(`a forbidden protocol that is on fails without ${what}, too`, judging, protocols, {
    given: both(given, (server) => set(server, 'TLS 1.0', { enabled: 1, disabled: 0 })),
    expected,
    status: 'fail',
  });
}

for (const build of ['26200', '5000'])
  test(`the defaults of build ${build} are not known`, judging, protocols, {
    given: ofBuild(build),
    expected,
    status: 'unknown',
    reason: 'absent',
    says: new RegExp(`build ${build} of Windows are not known`),
  });

test('a Windows that does not tell its build is unknown', judging, protocols, {
  given: (server) => {
    for (const name of ['CurrentBuild', 'CurrentBuildNumber']) removeValue(server, CURRENT_VERSION, name);
  },
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('settings that may not be read are unknown', judging, protocols, {
  given: (server) => deny(server, SCHANNEL),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('a key below the settings that may not be read is unknown', judging, protocols, {
  given: (server) => deny(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0`),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('a setting of another type is unknown', judging, protocols, {
  given: (server) => setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.0\\Server`, 'Enabled', ['REG_SZ', '0']),
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

test('behind a load balancer Schannel does not matter', judging, protocols, {
  server: () => healthy({ offload: true }),
  expected,
  status: 'inapplicable',
});

test('nothing required and nothing forbidden does not apply', judging, protocols, {
  expected: { required: [], forbidden: [] },
  status: 'inapplicable',
});
