/** The order of elliptic curves that an administrator chose, by Group Policy or on the server. */
import test from 'ava';
import protocols from '../../../checks/tls/protocols.ts';
import { CIPHER_SUITES, healthy, POLICY_CIPHER_SUITES } from '../../server/healthy.ts';
import { leaf, vpn } from '../../server/pki.ts';
import { addKey, type Server, setValue } from '../../server/state.ts';
import type { Windows } from '../../server/windows.ts';
import { judging } from '../judging.ts';

const elliptic = await leaf({ key: 'p256' });
const large = await leaf({ key: 'p521' });
const expected = { required: ['TLS 1.2'], forbidden: [] };
const policy =
  (...curves: string[]) =>
  (server: Server) =>
    addKey(server, POLICY_CIPHER_SUITES, { EccCurves: ['REG_MULTI_SZ', curves] });
const local =
  (...curves: string[]) =>
  (server: Server) =>
    setValue(server, CIPHER_SUITES, 'EccCurves', ['REG_MULTI_SZ', curves]);

for (const [what, given, certificate, status] of [
  ['a policy with another one only', policy('NistP384'), elliptic, 'unknown'],
  ['a policy with it', policy('NistP384', 'NistP256'), elliptic, 'pass'],
  ['a policy with it, in other letters', policy('nistp256'), elliptic, 'pass'],
  ['an order of the server with another one only', local('NistP384'), elliptic, 'unknown'],
  ['an order of the server that Windows comes with', local('curve25519', 'NistP256', 'NistP384'), elliptic, 'pass'],
  [
    'a policy with it, before an order of the server without it',
    (server: Server) => {
      local('NistP384')(server);
      policy('NistP256')(server);
    },
    elliptic,
    'pass',
  ],
  ['a policy that was left empty', policy(), elliptic, 'pass'],
  ['a policy without any curve of its own kind', policy('NistP384'), vpn, 'pass'],
  ['a policy with one that clients have off by default', policy('NistP521', 'NistP256'), large, 'unknown'],
] as const)
  test(`a key on a curve, and ${what}: ${status}`, judging, protocols, {
    server: () => healthy({ certificate }),
    given,
    expected,
    status,
    ...(certificate === elliptic &&
      status === 'unknown' && {
        reason: 'unreadable' as const,
        says: /is on the curve P-256, and the curves that are chosen \(ECC Curve Order\) are NistP384: whether Windows takes/,
      }),
  });

for (const [windows, status] of [
  ['2012r2', 'pass'],
  ['2016', 'unknown'],
] as const satisfies readonly (readonly [Windows, string])[])
  test(`an order of curves is heeded from Server 2016 on: ${windows}: ${status}`, judging, protocols, {
    server: () => healthy({ windows, certificate: elliptic }),
    given: policy('NistP384'),
    expected,
    status,
  });
