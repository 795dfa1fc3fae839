import test from 'ava';
import validity from '../../../checks/certificate/validity.ts';
import { healthy } from '../../server/healthy.ts';
import { bind } from '../../server/http.ts';
import { leaf, vpn } from '../../server/pki.ts';
import { install } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

// Observed at 2026-11-01T00:00:00Z.
const rows = [
  ['2026-05-01T00:00:00Z', '2026-10-31T23:59:59Z', 'fail', /expired at 2026-10-31T23:59:59/],
  ['2026-05-01T00:00:00Z', '2026-11-01T00:00:00Z', 'pass', /valid from/],
  ['2026-11-01T00:00:00Z', '2027-11-01T00:00:00Z', 'pass', /valid from/],
  ['2026-11-01T00:00:01Z', '2027-11-01T00:00:00Z', 'fail', /not valid before 2026-11-01T00:00:01/],
] as const;
const certificates = await Promise.all(rows.map(([notBefore, notAfter]) => leaf({ notBefore, notAfter })));
const old = await leaf({ names: ['old.example.com'], notAfter: '2026-06-01T00:00:00Z' });

asksForTheCertificate(validity);

test('the healthy certificate is valid', judging, validity, { status: 'pass', says: /2026-05-01.* to 2027-06-03/ });

for (const [at, [notBefore, notAfter, status, says]] of rows.entries())
  test(`a certificate from ${notBefore} to ${notAfter}: ${status}`, judging, validity, {
    server: () => healthy({ certificate: certificates[at] ?? vpn }),
    status,
    says,
  });

test('an expired certificate that only IPv6 clients meet fails', judging, validity, {
  given: (server) => {
    install(server, old);
    bind(server, '[::]:443', old.thumbprint);
  },
  status: 'fail',
  says: [/CN=vpn\.example\.com is valid/, /CN=old\.example\.com expired/],
});

test('an expired certificate that is not bound does not matter', judging, validity, {
  given: (server) => install(server, old),
  status: 'pass',
});
