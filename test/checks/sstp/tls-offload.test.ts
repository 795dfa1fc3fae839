import test from 'ava';
import tlsOffload from '../../../checks/sstp/tls-offload.ts';
import { healthy, SSTP_CONFIG_STORE, SSTP_PARAMETERS } from '../../server/healthy.ts';
import { deny, removeValue, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const HERE = { role: 'tls-here' };
const OFFLOAD = { role: 'tls-offload' };
const offloaded = (): Server => healthy({ offload: true });
const set = (name: string, value: number) => (server: Server) =>
  setValue(server, SSTP_PARAMETERS, name, ['REG_DWORD', value]);
const unset = (name: string) => (server: Server) => removeValue(server, SSTP_PARAMETERS, name);

test('the healthy server ends TLS itself', judging, tlsOffload, {
  expected: HERE,
  status: 'pass',
  says: /UseHttps: SSTP uses HTTPS on port 443: TLS ends here/,
});

test('without UseHttps it does so, too', judging, tlsOffload, {
  given: unset('UseHttps'),
  expected: HERE,
  status: 'pass',
});

test('an administrator may have chosen its certificate', judging, tlsOffload, {
  given: set('isHashConfiguredByAdmin', 1),
  expected: HERE,
  status: 'pass',
});

test('plain HTTP fails where TLS has to end here', judging, tlsOffload, {
  given: set('UseHttps', 0),
  expected: HERE,
  status: 'fail',
  says: /UseHttps: SSTP uses plain HTTP on port 80: TLS ends elsewhere/,
});

for (const [role, applied, says] of [
  ['tls-here', 0, /until RRAS starts again, SSTP uses plain HTTP on port 443: TLS ends elsewhere/],
  ['tls-offload', 1, /until RRAS starts again, SSTP uses HTTPS on port 80: TLS ends here/],
] as const)
  test(`a change that waits for a restart fails: ${role}`, judging, tlsOffload, {
    server: role === 'tls-here' ? healthy : offloaded,
    given: (server) => setValue(server, SSTP_CONFIG_STORE, 'UseHttps', ['REG_DWORD', applied]),
    expected: { role },
    status: 'fail',
    says,
  });

test('behind a balancer the healthy server accepts plain HTTP, and knows the hash', judging, tlsOffload, {
  server: offloaded,
  expected: OFFLOAD,
  status: 'pass',
  says: [
    /UseHttps: SSTP uses plain HTTP on port 80/,
    /isHashConfiguredByAdmin: .* is set/,
    /Sha256CertificateHash: the balancer is expected to show the certificate with the hash [0-9A-F]{64}$/m,
  ],
});

test('behind a balancer the roles are told apart', judging, tlsOffload, {
  server: offloaded,
  expected: HERE,
  status: 'fail',
});

test('HTTPS fails where the balancer has to end TLS', judging, tlsOffload, {
  expected: OFFLOAD,
  status: 'fail',
  says: [/UseHttps: SSTP uses HTTPS on port 443/, /isHashConfiguredByAdmin: .* is not set/],
});

for (const [name, given] of [
  ['switched off', set('isHashConfiguredByAdmin', 0)],
  ['not set', unset('isHashConfiguredByAdmin')],
] as const)
  test(`a hash that the service may replace fails: isHashConfiguredByAdmin is ${name}`, judging, tlsOffload, {
    server: offloaded,
    given,
    expected: OFFLOAD,
    status: 'fail',
    says: /isHashConfiguredByAdmin is not set: the service may replace the hash/,
  });

test('a missing hash fails', judging, tlsOffload, {
  server: offloaded,
  given: unset('SHA256CertificateHash'),
  expected: OFFLOAD,
  status: 'fail',
  says: /Sha256CertificateHash is not there/,
});

for (const [name, value, says] of [
  ['SHA256CertificateHash', ['REG_BINARY', new Uint8Array(20)], /Sha256CertificateHash holds 20 bytes, not 32/],
  ['SHA256CertificateHash', ['REG_SZ', 'AB'], /Sha256CertificateHash is REG_SZ, not REG_BINARY/],
  ['SHA1CertificateHash', ['REG_BINARY', new Uint8Array(32)], /Sha1CertificateHash holds 32 bytes, not 20/],
] as const)
  test(`${name} that the service does not take fails: ${says.source}`, judging, tlsOffload, {
    server: offloaded,
    given: (server) => {
      setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', ['REG_DWORD', 1]);
      setValue(server, SSTP_PARAMETERS, 'SHA1CertificateHash', ['REG_BINARY', new Uint8Array(20)]);
      setValue(server, SSTP_PARAMETERS, name, value);
    },
    expected: OFFLOAD,
    status: 'fail',
    says,
  });

test('a malformed SHA-1 hash that SSTP does not read leaves older versions open', judging, tlsOffload, {
  server: offloaded,
  given: (server) => setValue(server, SSTP_PARAMETERS, 'SHA1CertificateHash', ['REG_BINARY', new Uint8Array(32)]),
  expected: OFFLOAD,
  status: 'unknown',
  reason: 'unreadable',
  says: /SSTP does not read it .*older versions/,
});

test('the SHA-1 hash has to be there where SSTP reads it', judging, tlsOffload, {
  server: offloaded,
  given: (server) => setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', ['REG_DWORD', 1]),
  expected: OFFLOAD,
  status: 'fail',
  says: /Sha1CertificateHash: it is not there, though SHA1Enabled/,
});

test('without any hash that SSTP reads, the balancer cannot help', judging, tlsOffload, {
  server: offloaded,
  given: (server) => setValue(server, SSTP_PARAMETERS, 'SHA256Enabled', ['REG_DWORD', 0]),
  expected: OFFLOAD,
  status: 'fail',
  says: /SHA256Enabled: it is 0, and SHA1Enabled is not set/,
});

test('a well-formed SHA-1 hash beside it does not matter', judging, tlsOffload, {
  server: offloaded,
  given: (server) => setValue(server, SSTP_PARAMETERS, 'SHA1CertificateHash', ['REG_BINARY', new Uint8Array(20)]),
  expected: OFFLOAD,
  status: 'pass',
});

test('settings that may not be read are unknown', judging, tlsOffload, {
  given: (server) => deny(server, SSTP_PARAMETERS),
  expected: HERE,
  status: 'unknown',
  reason: 'denied',
});
