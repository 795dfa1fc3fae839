import test from 'ava';
import cipherSuites from '../../../checks/tls/cipher-suites.ts';
import { gather } from '../../../engine/gather.ts';
import { CIPHER_SUITES, healthy, observedAt, POLICIES, POLICY_CIPHER_SUITES, SCHANNEL } from '../../server/healthy.ts';
import { addKey, deny, removeKey, type Server, setValue, transportTo } from '../../server/state.ts';
import { VERSIONS, type Windows } from '../../server/windows.ts';
import { judging } from '../judging.ts';
import { order, policy } from './order.ts';

const expected = { forbidden: ['RC4', '3DES', 'NULL', 'EXPORT'] };
const GOOD = ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'];
const cipher = (server: Server, name: string, enabled: number) =>
  setValue(server, `${SCHANNEL}\\Ciphers\\${name}`, 'Enabled', ['REG_DWORD', enabled]);

for (const windows of Object.keys(VERSIONS) as Windows[]) {
  test(`the healthy Server ${windows} passes`, judging, cipherSuites, {
    server: () => healthy({ windows }),
    expected,
    status: 'pass',
    says: [/RC4: none of \d+ suites \(local order\) has RC4/, /EXPORT: none/],
  });
  test(`Server ${windows} is asked in one exchange`, async (t) => {
    const transport = transportTo(healthy({ windows }), { recordedAt: observedAt });
    const { signal } = new AbortController();
    await gather({ server: transport }, Object.values(cipherSuites.needs), { signal, keep: async () => {} });
    t.is(transport.exchanges().length, 1);
  });
}

for (const [word, suite] of [
  ['RC4', 'TLS_RSA_WITH_RC4_128_SHA'],
  ['3DES', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
  ['EXPORT', 'TLS_RSA_EXPORT1024_WITH_RC4_56_SHA'],
  ['EXPORT', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
  ['EXPORT1024', 'TLS_RSA_EXPORT1024_WITH_RC4_56_SHA'],
  ['SHA', 'TLS_RSA_WITH_AES_128_CBC_SHA'],
] as const)
  test(`${suite} has ${word}`, judging, cipherSuites, {
    given: order(...GOOD, suite),
    expected: { forbidden: [word] },
    status: 'fail',
    says: new RegExp(`${word}: ${word} is offered \\(local order\\): ${suite}`),
  });

/** The end of the list that Windows comes with. Source: learn.microsoft.com, "TLS cipher suites in Windows Server 2022". */
const UNENCRYPTED = [
  'TLS_RSA_WITH_NULL_SHA256',
  'TLS_RSA_WITH_NULL_SHA',
  'TLS_PSK_WITH_NULL_SHA384',
  'TLS_PSK_WITH_NULL_SHA256',
];

test('suites without encryption, which every Windows lists, are not offered', judging, cipherSuites, {
  given: order(...GOOD, ...UNENCRYPTED),
  expected,
  status: 'pass',
  says: /NULL is listed \(local order\), and its cipher is off: TLS_RSA_WITH_NULL_SHA256, /,
});

test('suites without encryption are offered where somebody switched them on', judging, cipherSuites, {
  given: (server) => {
    order(...GOOD, ...UNENCRYPTED)(server);
    cipher(server, 'NULL', 0xffffffff);
  },
  expected,
  status: 'fail',
  says: /NULL is offered \(local order\): TLS_RSA_WITH_NULL_SHA256, /,
});

test('a word is a whole part of the name', judging, cipherSuites, {
  given: order('TLS_RSA_WITH_AES_128_CBC_SHA256', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'),
  expected: { forbidden: ['DES', 'ECDHE', 'AE'] },
  status: 'pass',
});

test('many suites are counted, not all printed', judging, cipherSuites, {
  given: order(...GOOD, ...Array.from({ length: 14 }, (_, at) => `TLS_X${at}_WITH_RC4_128_SHA`)),
  expected,
  status: 'fail',
  says: /TLS_X9_WITH_RC4_128_SHA and 4 more/,
});

for (const [name, suite] of [
  ['RC4 128/128', 'TLS_RSA_WITH_RC4_128_SHA'],
  ['RC4 40/128', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
  ['Triple DES 168', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
  ['Triple DES 168/168', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
  ['NULL', 'TLS_RSA_WITH_NULL_SHA'],
] as const)
  test(`a suite counts as off where the cipher ${name} is`, judging, cipherSuites, {
    given: (server) => {
      order(...GOOD, suite)(server);
      cipher(server, name, 0);
    },
    expected,
    status: 'pass',
    says: new RegExp(`is listed \\(local order\\), and its cipher is off: ${suite}`),
  });

test('another cipher that is off does not help', judging, cipherSuites, {
  given: (server) => {
    order(...GOOD, 'TLS_RSA_WITH_RC4_128_SHA')(server);
    cipher(server, 'RC4 40/128', 0);
    cipher(server, 'RC4 128/128', 0xffffffff);
  },
  expected,
  status: 'fail',
  says: /RC4 is offered/,
});

test('Group Policy goes before the local order', judging, cipherSuites, {
  given: (server) => {
    order('TLS_RSA_WITH_RC4_128_SHA')(server);
    policy(...GOOD)(server);
  },
  expected,
  status: 'pass',
  says: /none of 2 suites \(Group Policy\) has RC4/,
});

test('a comma behind the last suite of Group Policy ends it', judging, cipherSuites, {
  given: (server) => setValue(server, POLICY_CIPHER_SUITES, 'Functions', ['REG_SZ', `${GOOD.join(',')},`]),
  expected,
  status: 'pass',
  says: /none of 2 suites \(Group Policy\) has RC4/,
});

test('Group Policy may offer what the local order does not', judging, cipherSuites, {
  given: policy(...GOOD, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'),
  expected,
  status: 'fail',
  says: /3DES is offered \(Group Policy\): TLS_RSA_WITH_3DES_EDE_CBC_SHA/,
});

test('other settings of Group Policy for cryptography do not matter', judging, cipherSuites, {
  given: (server) => addKey(server, `${POLICIES}\\Cryptography\\AutoEnrollment`),
  expected,
  status: 'pass',
  says: /local order/,
});

test('without a list the suites of Windows itself are not known', judging, cipherSuites, {
  given: (server) => removeKey(server, CIPHER_SUITES),
  expected,
  status: 'unknown',
  reason: 'absent',
});

test('a list that is not one of suites is unknown', judging, cipherSuites, {
  given: policy(...GOOD, 'and so on'),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /and so on/,
});

test('an empty list is unknown', judging, cipherSuites, {
  given: order(),
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

for (const key of [SCHANNEL, CIPHER_SUITES, `${POLICIES}\\Cryptography`, POLICIES])
  test(`a list that may hide behind ${key} is unknown`, judging, cipherSuites, {
    given: (server) => deny(server, key),
    expected,
    status: 'unknown',
    reason: 'denied',
  });

test('behind a load balancer Schannel does not matter', judging, cipherSuites, {
  server: () => healthy({ offload: true }),
  expected,
  status: 'inapplicable',
});
