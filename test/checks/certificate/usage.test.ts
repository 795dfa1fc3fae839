import test from 'ava';
import usage from '../../../checks/certificate/usage.ts';
import { healthy } from '../../server/healthy.ts';
import {
  ANY_PURPOSE,
  applicationPolicies,
  authority,
  CLIENT_AUTHENTICATION,
  leaf,
  SERVER_AUTHENTICATION,
  vpn,
} from '../../server/pki.ts';
import { install } from '../../server/stores.ts';
import { judging } from '../judging.ts';
import { asksForTheCertificate } from './aside.ts';

const rows = [
  ['client authentication only', [CLIENT_AUTHENTICATION], 'fail', /it is for client authentication$/m],
  ['an unknown purpose only', ['1.2.3.4'], 'fail', /it is for 1\.2\.3\.4$/m],
  ['both authentications', [CLIENT_AUTHENTICATION, SERVER_AUTHENTICATION], 'pass', /client authentication, server/],
  ['any purpose', [ANY_PURPOSE], 'pass', /any purpose/],
  ['no list of purposes', null, 'pass', /all purposes, as it names none/],
] as const;
const certified = [
  ['server authentication', {}, [SERVER_AUTHENTICATION], 'pass'],
  ['any application', {}, ['1.3.6.1.4.1.311.10.12.1'], 'pass'],
  ['client authentication', {}, [CLIENT_AUTHENTICATION], 'unknown'],
  ['client authentication, without a list of purposes', { eku: null }, [CLIENT_AUTHENTICATION], 'unknown'],
  [
    'servers, where its list of purposes is for clients',
    { eku: [CLIENT_AUTHENTICATION] },
    [SERVER_AUTHENTICATION],
    'fail',
  ],
] as const;
const withPolicies = await Promise.all(
  certified.map(([, options, oids]) => leaf({ ...options, extensions: [applicationPolicies(...oids)] })),
);
const certificates = await Promise.all(rows.map(([, eku]) => leaf({ eku })));

const onlySigning = await authority({ name: 'vpn.example.com', key: 'other' });

asksForTheCertificate(usage);

test('the healthy certificate is for server authentication', judging, usage, {
  status: 'pass',
  says: /is for server authentication/,
});

for (const [at, [what, , status, says]] of rows.entries())
  test(`a certificate with ${what}: ${status}`, judging, usage, {
    server: () => healthy({ certificate: certificates[at] ?? vpn }),
    status,
    says,
  });

for (const [at, [what, , , status]] of certified.entries())
  test(`a certificate with application policies for ${what}: ${status}`, judging, usage, {
    server: () => healthy({ certificate: withPolicies[at] ?? vpn }),
    status,
    ...(status === 'unknown' && {
      reason: 'unreadable' as const,
      says: /its application policies are for client authentication, its enhanced key usage is for .*, and which of them/,
    }),
  });

test('a certificate whose key may sign for others only is unknown, as it is from outside', judging, usage, {
  server: () => healthy({ certificate: onlySigning }),
  status: 'unknown',
  reason: 'unreadable',
  says: /CN=vpn\.example\.com, O=Example: its key usage has neither digital signature nor key encipherment, and whether/,
});

for (const [what, restrictedEku, status, says] of [
  ['nothing', [], 'fail', /store restricts it to nothing/],
  ['client authentication', [CLIENT_AUTHENTICATION], 'fail', /store restricts it to client authentication/],
  ['server authentication', [SERVER_AUTHENTICATION], 'pass', /server authentication/],
] as const)
  test(`a certificate that the store restricts to ${what}: ${status}`, judging, usage, {
    given: (server) => install(server, vpn, 'MY', { keyLink: true, restrictedEku }),
    status,
    says,
  });
