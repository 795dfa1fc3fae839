import test from 'ava';
import remainingLife from '../../../checks/certificate/remaining-life.ts';
import { healthy } from '../../server/healthy.ts';
import { leaf, vpn } from '../../server/pki.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

const expected = { minimumDays: 30, orPercentOfLife: 33 };

// Observed at 2026-11-01T00:00:00Z.
const rows = [
  ['2026-12-02T00:00:00Z', 'pass', /31 more days/],
  ['2026-12-01T00:00:00Z', 'pass', /30 more days/],
  ['2026-11-30T23:59:59Z', 'fail', /29 more days \(until 2026-11-30\), less than 30/],
  ['2026-11-01T00:00:00Z', 'fail', /0 more days/],
  ['2026-10-31T23:59:59Z', 'fail', /was valid until 2026-10-31 only/],
] as const;
/** Of 90, 45 and 6 days, as public authorities issue them to programs, and of a year. */
const lives = [
  ['2026-09-01T00:00:01Z', '2026-11-30T00:00:00Z', 'pass', /29 more days/],
  ['2026-08-31T00:00:01Z', '2026-11-29T00:00:00Z', 'fail', /28 more days .*, less than 29/],
  ['2026-10-01T00:00:01Z', '2026-11-15T00:00:00Z', 'pass', /14 more days/],
  ['2026-09-30T00:00:01Z', '2026-11-14T00:00:00Z', 'fail', /13 more days .*, less than 14/],
  ['2026-10-27T08:00:00Z', '2026-11-03T00:00:00Z', 'pass', /2 more days/],
  ['2026-10-26T08:00:00Z', '2026-11-02T00:00:00Z', 'fail', /1 more days .*, less than 2/],
  ['2025-11-30T00:00:00Z', '2026-11-30T00:00:00Z', 'fail', /29 more days .*, less than 30/],
] as const;
const shortLived = await Promise.all(lives.map(([notBefore, notAfter]) => leaf({ notBefore, notAfter })));

const certificates = await Promise.all(rows.map(([notAfter]) => leaf({ notAfter })));

asksForTheCertificate(remainingLife, expected);

test('the healthy certificate lasts', judging, remainingLife, { expected, status: 'pass', says: /214 more days/ });

for (const [at, [notAfter, status, says]] of rows.entries())
  test(`a certificate until ${notAfter}: ${status}`, judging, remainingLife, {
    server: () => healthy({ certificate: certificates[at] ?? vpn }),
    expected,
    status,
    says,
  });

for (const [at, [notBefore, notAfter, status, says]] of lives.entries())
  test(`a certificate from ${notBefore} to ${notAfter}: ${status}`, judging, remainingLife, {
    server: () => healthy({ certificate: shortLived[at] ?? vpn }),
    expected,
    status,
    says,
  });
