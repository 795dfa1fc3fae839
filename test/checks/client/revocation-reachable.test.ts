import test from 'ava';
import reachable from '../../../checks/client/revocation-reachable.ts';
import { ISSUING_CRL, listed, ROOT_CRL } from '../../outside/healthy.ts';
import { breakAt, type Outside, trouble } from '../../outside/outside.ts';
import { healthy } from '../../server/healthy.ts';
import { authority, issuing, leaf } from '../../server/pki.ts';
import { deny, type Server, setValue } from '../../server/state.ts';
import { judgingOutside } from '../judging-outside.ts';

const PARAMETERS = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters`;
const elsewhere = await leaf({ names: ['elsewhere.example.com'], ocsp: [] });
const brief = await leaf({ notBefore: '2026-10-29T00:00:00Z', notAfter: '2026-11-04T15:59:59Z', crl: [], ocsp: [] });
const selfSigned = await authority({ name: 'vpn.example.com', key: 'other' });
const unreachable = (outside: Outside): void => {
  outside.served.set('*', [listed, issuing]);
  outside.urls.delete(ISSUING_CRL);
};
const unchecking = (): Server => {
  const server = healthy();
  setValue(server, PARAMETERS, 'NoCertRevocationCheck', ['REG_DWORD', 1]);
  return server;
};
const unreadable = (): Server => {
  const server = healthy();
  deny(server, PARAMETERS);
  return server;
};

test('lists that answer pass, and who fetched them is said', judgingOutside, reachable, {
  server: healthy,
  status: 'pass',
  says: /CN=vpn\.example\.com.*issuing\.crl answers; fetched by the machine that runs the audit/,
});

test('a list that does not answer fails', judgingOutside, reachable, {
  server: healthy,
  given: unreachable,
  status: 'fail',
  says: [/0x80092013/, /fetched by the machine that runs the audit/],
});

test('a machine that does not check has no need of them', judgingOutside, reachable, {
  server: unchecking,
  given: unreachable,
  status: 'inapplicable',
  says: /NoCertRevocationCheck is set/,
});

test('settings that may not be read are unknown', judgingOutside, reachable, {
  server: unreadable,
  status: 'unknown',
  reason: 'denied',
});

test('a list that may not be asked from here is unknown', judgingOutside, reachable, {
  server: healthy,
  given: (outside) => outside.urls.set(ISSUING_CRL, { trouble: { kind: 'forbidden', detail: 'at 10.0.0.1' } }),
  status: 'unknown',
});

test('a certificate that was not met is unknown', judgingOutside, reachable, {
  server: healthy,
  given: (outside) => breakAt(outside, 'tcp', trouble('refused', 'said so')),
  status: 'unknown',
  reason: 'refused',
});

test('of two lists, each is told of by itself', judgingOutside, reachable, {
  server: healthy,
  given: (outside) => {
    outside.served.set('*', [listed, issuing]);
    outside.urls.set(ISSUING_CRL, { trouble: { kind: 'forbidden', detail: 'at 10.0.0.1' } });
    outside.urls.delete(ROOT_CRL);
  },
  status: 'fail',
  says: [
    /CN=vpn\.example\.com, met at .*: whether it was revoked could not be told/,
    /^CN=Example Issuing CA.*0x80092013/m,
  ],
});

test('what else is wrong with a certificate is not told here', judgingOutside, reachable, {
  server: healthy,
  given: (outside) => outside.served.set('*', [elsewhere, issuing]),
  status: 'pass',
});

test('nobody revokes a certificate that is self-signed', judgingOutside, reachable, {
  server: healthy,
  given: (outside) => outside.served.set('*', [selfSigned]),
  status: 'inapplicable',
  says: /self-signed/,
});

test('a certificate that lives for a week at most needs no list', judgingOutside, reachable, {
  server: healthy,
  given: (outside) => outside.served.set('*', [brief, issuing]),
  status: 'pass',
  says: [/it lives for a week at most/, /root\.crl answers/],
});
