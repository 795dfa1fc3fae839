import { createHash } from 'node:crypto';
import test from 'ava';
import sameCertificate from '../../../checks/reach/same-certificate.ts';
import { SIX } from '../../outside/healthy.ts';
import { breakAt, trouble } from '../../outside/outside.ts';
import { healthy } from '../../server/healthy.ts';
import { bind, unbind } from '../../server/http.ts';
import { issuing, leaf, vpn } from '../../server/pki.ts';
import { deny, removeValue, setValue } from '../../server/state.ts';
import { judgingOutside } from '../judging-outside.ts';

const PARAMETERS = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters`;
const other = await leaf({ notBefore: '2026-06-01T00:00:00Z' });

test('the certificate that is bound and configured passes', judgingOutside, sameCertificate, {
  server: healthy,
  status: 'pass',
  says: [/192\.0\.2\.7:443 and \[2001:db8::7\]:443/, new RegExp(vpn.thumbprint)],
});

test('a binding may name it by SHA-256, too', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy();
    for (const endpoint of ['0.0.0.0:443', '[::]:443'])
      bind(server, endpoint, createHash('sha256').update(vpn.der).digest('hex'));
    return server;
  },
  status: 'pass',
});

test('another certificate fails with its hash and those of the server', judgingOutside, sameCertificate, {
  server: healthy,
  given: (outside) => outside.served.set('*', [other, issuing]),
  status: 'fail',
  says: [new RegExp(other.thumbprint), new RegExp(`HTTP\\.sys has ${vpn.thumbprint}`), /Sha256CertificateHash is/],
});

test('another certificate at one address fails', judgingOutside, sameCertificate, {
  server: healthy,
  given: (outside) => outside.served.set(SIX, [other, issuing]),
  status: 'fail',
  says: [/192\.0\.2\.7:443: .*as the server believes/, /\[2001:db8::7\]:443: .*but/],
});

test('a certificate that is met while none is bound fails', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy();
    unbind(server, '0.0.0.0:443');
    unbind(server, '[::]:443');
    return server;
  },
  status: 'fail',
  says: /HTTP\.sys has nothing bound/,
});

test('a hash that SSTP keeps of another certificate fails', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy();
    setValue(server, PARAMETERS, 'Sha256CertificateHash', ['REG_BINARY', new Uint8Array(32)]);
    return server;
  },
  status: 'fail',
  says: /Sha256CertificateHash is 0{64}/,
});

test('a hash of the wrong length is not compared', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy();
    setValue(server, PARAMETERS, 'Sha256CertificateHash', ['REG_BINARY', new Uint8Array(3)]);
    return server;
  },
  status: 'pass',
});

test('a load balancer must show the certificate whose hash is configured', judgingOutside, sameCertificate, {
  server: () => healthy({ offload: true }),
  status: 'pass',
});

test('where neither a binding nor a hash says what to expect, nothing is compared', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy({ offload: true });
    removeValue(server, PARAMETERS, 'SHA256CertificateHash');
    return server;
  },
  status: 'inapplicable',
  says: /no hash of its certificate is configured to compare with/,
});

test('a load balancer with another certificate fails', judgingOutside, sameCertificate, {
  server: () => healthy({ offload: true, certificate: other }),
  status: 'fail',
  says: /Sha256CertificateHash is/,
});

test('bindings that may not be read are unknown', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy();
    deny(server, PARAMETERS);
    return server;
  },
  status: 'unknown',
  reason: 'denied',
});

test('a server that was not asked is unknown', judgingOutside, sameCertificate, {
  status: 'unknown',
  reason: 'not-recorded',
});

test('an address to which this machine has no route leaves no pass', judgingOutside, sameCertificate, {
  server: healthy,
  given: (outside) => breakAt(outside, 'tcp', trouble('unreachable', 'no route'), SIX),
  status: 'unknown',
  reason: 'unreachable',
});

test('an address to which this machine has no route does not hide a difference', judgingOutside, sameCertificate, {
  server: () => {
    const server = healthy();
    bind(server, '0.0.0.0:443', other.thumbprint);
    bind(server, '[::]:443', other.thumbprint);
    return server;
  },
  given: (outside) => breakAt(outside, 'tcp', trouble('unreachable', 'no route'), SIX),
  status: 'fail',
});

for (const stage of ['tcp', 'tls'] as const)
  test(`a connection that ends at ${stage} is unknown`, judgingOutside, sameCertificate, {
    server: healthy,
    given: (outside) => breakAt(outside, stage, trouble('reset', 'said so')),
    status: 'unknown',
    reason: 'refused',
    says: /said so/,
  });
