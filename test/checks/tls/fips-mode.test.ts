/** FIPS mode leaves TLS, AES and 3DES, and SHA, however anything is switched. */
import test from 'ava';
import cipherSuites from '../../../checks/tls/cipher-suites.ts';
import protocols from '../../../checks/tls/protocols.ts';
import type { Check } from '../../../engine/define.ts';
import { gather } from '../../../engine/gather.ts';
import { FIPS_POLICY, healthy, observedAt, SCHANNEL_PROTOCOLS } from '../../server/healthy.ts';
import { deny, removeKey, type Server, setValue, transportTo } from '../../server/state.ts';
import { judging } from '../judging.ts';
import { order } from './order.ts';

const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const RC4 = 'TLS_RSA_WITH_RC4_128_SHA';
const THREE_DES = 'TLS_RSA_WITH_3DES_EDE_CBC_SHA';
const MIXED = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA256';
const RC4_MD5 = 'TLS_RSA_WITH_RC4_128_MD5';
const fips = (server: Server, enabled = 1) => setValue(server, FIPS_POLICY, 'Enabled', ['REG_DWORD', enabled]);
const unread = (server: Server) => deny(server, FIPS_POLICY);
const both =
  (...steps: readonly ((server: Server) => void)[]) =>
  (server: Server) => {
    for (const step of steps) step(server);
  };
const asWindowsComes = (server: Server) => removeKey(server, `${SCHANNEL_PROTOCOLS}\\SSL 3.0`);

for (const [what, given, status, says] of [
  ['on', fips, 'pass', /SSL 3\.0 is off: FIPS mode is on/],
  ['off', (server: Server) => fips(server, 0), 'fail', /SSL 3\.0 is on: the default of build 9600/],
  ['never set', (server: Server) => removeKey(server, FIPS_POLICY), 'fail', /SSL 3\.0 is on/],
  ['not readable', unread, 'unknown', /whether FIPS mode takes it away is not known/],
] as const)
  test(`SSL 3.0 as Server 2012 R2 comes, with FIPS mode ${what}: ${status}`, judging, protocols, {
    server: () => healthy({ windows: '2012r2' }),
    given: both(asWindowsComes, given),
    expected: { required: [], forbidden: ['SSL 3.0'] },
    status,
    says,
  });

test('SSL 3.0 that is required fails in FIPS mode', judging, protocols, {
  server: () => healthy({ windows: '2012r2' }),
  given: both(asWindowsComes, fips),
  expected: { required: ['SSL 3.0'], forbidden: [] },
  status: 'fail',
});

for (const [what, suites, given, status, says] of [
  ['a suite that is left', [RC4_MD5, GCM], fips, 'pass', undefined],
  ['no suite that is left', [RC4_MD5, RC4], fips, 'fail', /TLS 1\.2 is on: .*, but FIPS mode withholds its 2 suites/],
  ['no such suite, and FIPS mode not readable', [RC4_MD5], unread, 'unknown', /whether that is on is not known/],
  ['one suite, and FIPS mode not readable', [RC4_MD5, GCM], unread, 'pass', undefined],
  [
    'such a suite that no Windows has, and FIPS mode not readable',
    [MIXED, RC4],
    unread,
    'unknown',
    /whether that is on is not known/,
  ],
  ['no such suite, and no FIPS mode', [RC4_MD5], () => {}, 'pass', undefined],
] as const)
  test(`TLS 1.2 with ${what}: ${status}`, judging, protocols, {
    given: both(order(...suites), given),
    expected: { required: ['TLS 1.2'], forbidden: [] },
    status,
    ...(says && { says }),
  });

for (const [at, [word, suite, given, status, says]] of (
  [
    ['RC4', RC4, fips, 'pass', /RC4 is listed \(local order\), and FIPS mode withholds it: TLS_RSA_WITH_RC4_128_SHA/],
    ['RC4', RC4, unread, 'unknown', /RC4 is listed .*whether FIPS mode withholds it is not known/],
    ['RC4', RC4, () => {}, 'fail', /RC4 is offered/],
    ['MD5', RC4_MD5, fips, 'pass', /FIPS mode withholds it/],
    ['EXPORT', 'TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA', fips, 'pass', /FIPS mode withholds it/],
    ['3DES', THREE_DES, fips, 'fail', /3DES is offered/],
    ['3DES', THREE_DES, unread, 'fail', /3DES is offered/],
  ] as const
).entries())
  test(`${at}: ${word} in ${suite}: ${status}`, judging, cipherSuites, {
    given: both(order(GCM, suite), given),
    expected: { forbidden: [word] },
    status,
    says,
  });

for (const [check, name, server, exchanges] of [
  [protocols, 'a hardened server', () => healthy(), 1],
  [cipherSuites, 'a hardened server', () => healthy(), 1],
  [protocols, 'a server with SSL', () => asServer(asWindowsComes), 2],
  [cipherSuites, 'a server with RC4', () => asServer(order(GCM, RC4)), 2],
] as const satisfies readonly (readonly [Check, string, () => Server, number])[])
  test(`${check.id}: ${name} is asked in ${exchanges} exchanges`, async (t) => {
    const transport = transportTo(server(), { recordedAt: observedAt });
    const { signal } = new AbortController();
    await gather({ server: transport }, Object.values(check.needs), { signal, keep: async () => {} });
    t.is(transport.exchanges().length, exchanges);
  });

const asServer = (change: (server: Server) => void): Server => {
  const server = healthy({ windows: '2012r2' });
  change(server);
  return server;
};
