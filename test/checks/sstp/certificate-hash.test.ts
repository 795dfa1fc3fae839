import test from 'ava';
import certificateHash from '../../../checks/sstp/certificate-hash.ts';
import { healthy, SSTP_PARAMETERS } from '../../server/healthy.ts';
import { bind, unbind } from '../../server/http.ts';
import { leaf, vpn } from '../../server/pki.ts';
import { removeValue, type Server, setValue } from '../../server/state.ts';
import { install, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';

const renewed = await leaf({ notAfter: '2028-06-03T00:00:00Z' });
const SHA256 = 'SHA256CertificateHash';
const SHA1 = 'SHA1CertificateHash';
const bytes = (length: number): readonly ['REG_BINARY', Uint8Array] => [
  'REG_BINARY',
  new Uint8Array(length).fill(0xab),
];
const set = (name: string, length: number) => (server: Server) =>
  setValue(server, SSTP_PARAMETERS, name, bytes(length));

test('the healthy server keeps the hashes of its certificate', judging, certificateHash, {
  status: 'pass',
  says: [/Sha256CertificateHash: .* is the hash/, new RegExp(`Sha1CertificateHash: .*${vpn.thumbprint}`)],
});

for (const [name, length] of [
  [SHA256, 32],
  [SHA1, 20],
] as const) {
  const says = name === SHA256 ? /Sha256CertificateHash: / : /Sha1CertificateHash: /;
  test(`${name} of another certificate fails with both values`, judging, certificateHash, {
    given: set(name, length),
    status: 'fail',
    says: [
      says,
      new RegExp(`is ${'AB'.repeat(length)}, and the certificate bound to .*:443 has [0-9A-F]{${length * 2}}$`, 'm'),
    ],
  });
  for (const wrong of [0, length - 1, length + 1, 52 - length])
    test(`${name} of ${wrong} bytes fails`, judging, certificateHash, {
      given: set(name, wrong),
      status: 'fail',
      says: [says, new RegExp(`holds ${wrong} bytes, not ${length}`)],
    });
  test(`${name} as text fails`, judging, certificateHash, {
    given: (server) => setValue(server, SSTP_PARAMETERS, name, ['REG_SZ', vpn.thumbprint]),
    status: 'fail',
    says: [says, /is REG_SZ, not REG_BINARY/],
  });
}

test('the older hash may be missing', judging, certificateHash, {
  given: (server) => removeValue(server, SSTP_PARAMETERS, SHA1),
  status: 'pass',
});

test('whether the older hash alone is enough is unknown: Microsoft says both', judging, certificateHash, {
  given: (server) => removeValue(server, SSTP_PARAMETERS, SHA256),
  status: 'unknown',
  reason: 'absent',
  says: [
    /Sha256CertificateHash: it is not there, and whether SSTP takes Sha1CertificateHash alone/,
    /Sha1CertificateHash is the hash/,
  ],
});

test('no hash at all fails', judging, certificateHash, {
  given: (server) => {
    removeValue(server, SSTP_PARAMETERS, SHA256);
    removeValue(server, SSTP_PARAMETERS, SHA1);
  },
  status: 'fail',
  says: /neither Sha256CertificateHash nor Sha1CertificateHash is there/,
});

test('the hash by which an administrator chose the certificate has to be there', judging, certificateHash, {
  given: (server) => {
    setValue(server, SSTP_PARAMETERS, 'isHashConfiguredByAdmin', ['REG_DWORD', 2]);
    removeValue(server, SSTP_PARAMETERS, SHA256);
  },
  status: 'fail',
  says: [/Sha256CertificateHash: an administrator chose the certificate/, /Sha1CertificateHash: .*is the hash/],
});

test('hashes left over after a renewal fail', judging, certificateHash, {
  server: () => healthy({ certificate: renewed }),
  given: (server) =>
    setValue(server, SSTP_PARAMETERS, SHA1, ['REG_BINARY', new Uint8Array(Buffer.from(vpn.thumbprint, 'hex'))]),
  status: 'fail',
  says: new RegExp(`is ${vpn.thumbprint}, and the certificate bound to .* has `),
});

test('a certificate that is gone is known by one hash only, and the other is not compared', judging, certificateHash, {
  given: (server) => uninstall(server, vpn),
  status: 'unknown',
  reason: 'absent',
  says: /Sha256CertificateHash: .*cannot be compared/,
});

test('a certificate that is gone does not hide a wrong hash', judging, certificateHash, {
  given: (server) => {
    uninstall(server, vpn);
    set(SHA1, 20)(server);
  },
  status: 'fail',
  says: /Sha1CertificateHash: /,
});

test(
  'a certificate that is gone is known by the hash that is bound where SSTP keeps no other',
  judging,
  certificateHash,
  {
    given: (server) => {
      uninstall(server, vpn);
      removeValue(server, SSTP_PARAMETERS, SHA256);
    },
    status: 'unknown',
    says: /Sha1CertificateHash is the hash of the bound certificate/,
  },
);

test('of two bound certificates the hashes can be those of one only', judging, certificateHash, {
  given: (server) => {
    install(server, renewed);
    bind(server, '[::]:443', renewed.thumbprint);
  },
  status: 'fail',
  says: new RegExp(
    `Sha1CertificateHash is ${vpn.thumbprint}, and the certificate bound to \\[::\\]:443 has ${renewed.thumbprint}$`,
    'm',
  ),
});

test('where nothing is bound there is nothing to compare', judging, certificateHash, {
  given: (server) => {
    unbind(server, '0.0.0.0:443');
    unbind(server, '[::]:443');
  },
  status: 'inapplicable',
  says: /no certificate is bound/,
});

test("with TLS offload the hash is that of the balancer's certificate", judging, certificateHash, {
  server: () => healthy({ offload: true }),
  status: 'inapplicable',
  says: /load balancer/,
});
