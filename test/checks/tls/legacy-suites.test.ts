/** Disable Legacy TLS Versions leaves AES in GCM with fresh keys only, of TLS 1.2 and 1.3. */
import test from 'ava';
import cipherSuites from '../../../checks/tls/cipher-suites.ts';
import protocols from '../../../checks/tls/protocols.ts';
import { SCHANNEL_PROTOCOLS } from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { vpn } from '../../server/pki.ts';
import { type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';
import { order } from './order.ts';

const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const FOUR = '0.0.0.0:443';
const SIX = '[::]:443';
const withoutLegacy =
  (...endpoints: string[]) =>
  (server: Server) => {
    for (const endpoint of endpoints) bind(server, endpoint, vpn.thumbprint, { flags: 0x400 });
  };

for (const [who, endpoints, status] of [
  ['both bindings', [FOUR, SIX], 'pass'],
  ['one binding', [SIX], 'fail'],
  ['no binding', [], 'fail'],
] as const)
  for (const [word, suite] of [
    ['3DES', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
    ['RC4', 'TLS_RSA_WITH_RC4_128_SHA'],
  ] as const)
    test(`${word} that is listed, where ${who} withholds it: ${status}`, judging, cipherSuites, {
      given: (server) => {
        order(GCM, suite)(server);
        withoutLegacy(...endpoints)(server);
      },
      expected: { forbidden: [word] },
      status,
      says:
        status === 'pass'
          ? new RegExp(`${word} is listed \\(local order\\), and every certificate binding on the port withholds it`)
          : new RegExp(`${word} is offered`),
    });

test('a word of which a binding leaves suites is offered', judging, cipherSuites, {
  given: (server) => {
    order(GCM, 'TLS_RSA_WITH_AES_256_CBC_SHA')(server);
    withoutLegacy(FOUR, SIX)(server);
  },
  expected: { forbidden: ['AES'] },
  status: 'fail',
  says: /AES is offered \(local order\): TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384$/m,
});

for (const [what, suite, required, status] of [
  ['CBC', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'TLS 1.2', 'fail'],
  ['RSA key exchange', 'TLS_RSA_WITH_AES_256_GCM_SHA384', 'TLS 1.2', 'fail'],
  ['GCM', GCM, 'TLS 1.2', 'pass'],
  ['GCM and older Diffie-Hellman', 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS 1.2', 'pass'],
  ['CBC', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'TLS 1.3', 'pass'],
] as const)
  test(
    `${required} is required, with ${what} only, where a binding withholds what is older: ${status}`,
    judging,
    protocols,
    {
      given: (server) => {
        order(suite, 'TLS_AES_256_GCM_SHA384')(server);
        setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.2\\Server`, 'Enabled', ['REG_DWORD', 1]);
        withoutLegacy(SIX)(server);
      },
      expected: { required: [required], forbidden: [] },
      status,
      ...(status === 'fail' && {
        says: /TLS 1\.2 is on: .*, but a certificate binding withholds its 1 suites \(local order\): Disable Legacy TLS Versions/,
      }),
    },
  );
