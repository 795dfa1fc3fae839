import { createHash } from 'node:crypto';
import test from 'ava';
import certificateHash from '../../../checks/sstp/certificate-hash.ts';
import { healthy, SSTP_PARAMETERS } from '../../server/healthy.ts';
import { bind, unbind } from '../../server/http.ts';
import { leaf, type Made, vpn } from '../../server/pki.ts';
import { removeValue, type Server, setValue } from '../../server/state.ts';
import { install, uninstall } from '../../server/stores.ts';
import { judging } from '../judging.ts';

const renewed = await leaf({ notAfter: '2028-06-03T00:00:00Z' });
const SHA256 = 'SHA256CertificateHash';
const sha256 = ({ der }: Made): string => createHash('sha256').update(der).digest('hex').toUpperCase();
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
  // SSTP reads SHA-1 only where it is told to.
  const given = (change: (server: Server) => void) => (server: Server) => {
    if (name === SHA1) setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', ['REG_DWORD', 1]);
    change(server);
  };
  test(`${name} of another certificate fails with both values`, judging, certificateHash, {
    given: given(set(name, length)),
    status: 'fail',
    says: [
      says,
      new RegExp(`is ${'AB'.repeat(length)}, and the certificate bound to .*:443 has [0-9A-F]{${length * 2}}$`, 'm'),
    ],
  });
  for (const wrong of [0, length - 1, length + 1, 52 - length])
    test(`${name} of ${wrong} bytes fails`, judging, certificateHash, {
      given: given(set(name, wrong)),
      status: 'fail',
      says: [says, new RegExp(`holds ${wrong} bytes, not ${length}`)],
    });
  test(`${name} as text fails`, judging, certificateHash, {
    given: given((server) => setValue(server, SSTP_PARAMETERS, name, ['REG_SZ', vpn.thumbprint])),
    status: 'fail',
    says: [says, /is REG_SZ, not REG_BINARY/],
  });
}

test('the older hash may be missing', judging, certificateHash, {
  given: (server) => removeValue(server, SSTP_PARAMETERS, SHA1),
  status: 'pass',
});

test('the older hash alone is not enough', judging, certificateHash, {
  given: (server) => removeValue(server, SSTP_PARAMETERS, SHA256),
  status: 'fail',
  says: [/Sha256CertificateHash: it is not there, and SSTP accepts no connection/, /Sha1CertificateHash is the hash/],
});

test('a hash that SSTP does not read may be of another certificate', judging, certificateHash, {
  given: set(SHA1, 20),
  status: 'pass',
  says: new RegExp(
    `Sha1CertificateHash is ${'AB'.repeat(20)}, and .*; SSTP does not read it \\(SHA1Enabled is not set\\)`,
  ),
});

test('whether older versions read a malformed hash that newer ones do not is unknown', judging, certificateHash, {
  given: set(SHA1, 19),
  status: 'unknown',
  reason: 'unreadable',
  says: /Sha1CertificateHash holds 19 bytes, not 20; SSTP does not read it .*older versions/,
});

for (const value of [['REG_DWORD', 0] as const, ['REG_SZ', '1'] as const])
  test(`SHA1Enabled does not have SSTP read SHA-1 as ${value.join(' ')}`, judging, certificateHash, {
    given: (server) => {
      set(SHA1, 20)(server);
      setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', value);
    },
    status: 'pass',
    says: /SSTP does not read it/,
  });

test('the older hash has to be there where SSTP reads it', judging, certificateHash, {
  given: (server) => {
    setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', ['REG_DWORD', 1]);
    removeValue(server, SSTP_PARAMETERS, SHA1);
  },
  status: 'fail',
  says: [/Sha1CertificateHash: it is not there, though SHA1Enabled/, /Sha256CertificateHash is the hash/],
});

test('where SHA-256 is switched off, whether clients take SHA-1 alone is unknown', judging, certificateHash, {
  given: (server) => {
    setValue(server, SSTP_PARAMETERS, 'SHA256Enabled', ['REG_DWORD', 0]);
    setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', ['REG_DWORD', 1]);
    setValue(server, SSTP_PARAMETERS, 'isHashConfiguredByAdmin', ['REG_DWORD', 1]);
    removeValue(server, SSTP_PARAMETERS, SHA256);
  },
  status: 'unknown',
  reason: 'absent',
  says: [/SHA256Enabled: it is 0: SSTP offers SHA-1 alone/, /Sha1CertificateHash is the hash/],
});

test('without any hash that SSTP reads, no connection comes about', judging, certificateHash, {
  given: (server) => {
    set(SHA256, 32)(server);
    setValue(server, SSTP_PARAMETERS, 'SHA256Enabled', ['REG_DWORD', 0]);
  },
  status: 'fail',
  says: [/SHA256Enabled: it is 0, and SHA1Enabled is not set/, /SSTP does not read it \(SHA256Enabled is 0\)/],
});

test('no hash at all fails', judging, certificateHash, {
  given: (server) => {
    removeValue(server, SSTP_PARAMETERS, SHA256);
    removeValue(server, SSTP_PARAMETERS, SHA1);
  },
  status: 'fail',
  says: /Sha256CertificateHash: it is not there/,
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
    setValue(server, SSTP_PARAMETERS, SHA256, ['REG_BINARY', new Uint8Array(Buffer.from(sha256(vpn), 'hex'))]),
  status: 'fail',
  says: new RegExp(`is ${sha256(vpn)}, and the certificate bound to .* has ${sha256(renewed)}`),
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
    setValue(server, SSTP_PARAMETERS, 'SHA1Enabled', ['REG_DWORD', 1]);
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
    status: 'fail',
    says: [/Sha256CertificateHash: it is not there/, /Sha1CertificateHash is the hash of the bound certificate/],
  },
);

test('of two bound certificates the hashes can be those of one only', judging, certificateHash, {
  given: (server) => {
    install(server, renewed);
    bind(server, '[::]:443', renewed.thumbprint);
  },
  status: 'fail',
  says: new RegExp(
    `Sha256CertificateHash is ${sha256(vpn)}, and the certificate bound to \\[::\\]:443 has ${sha256(renewed)}$`,
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
