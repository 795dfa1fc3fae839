import test from 'ava';
import conflicts from '../../../checks/binding/conflicts.ts';
import { healthy, observedAt, SNI_BINDINGS, SSL_BINDINGS } from '../../server/healthy.ts';
import { bind, SHOW_SSLCERT, unbind } from '../../server/http.ts';
import { vpn } from '../../server/pki.ts';
import { deny, setValue, transportTo } from '../../server/state.ts';
import { judging, resultOf } from '../judging.ts';

const OTHER = 'AB'.repeat(20);
const expected = { port: 443, names: ['vpn.example.com', 'www.example.com', 'bücher.example.com'] };

test('the healthy server binds nothing but the wildcards', judging, conflicts, {
  expected,
  status: 'pass',
  says: /nothing but 0\.0\.0\.0:443 and \[::\]:443/,
});

for (const [endpoint, met] of [
  ['192.0.2.7:443', 'clients of this address meet'],
  ['[2001:db8::7]:443', 'clients of this address meet'],
  ['www.example.com:443', 'clients that dial this name meet'],
] as const) {
  const says = [endpoint, met, OTHER, vpn.thumbprint].map((word) => new RegExp(word.replace(/[.[\]]/g, '\\$&')));
  test(`another certificate on ${endpoint} fails with both hashes`, judging, conflicts, {
    given: (server) => bind(server, endpoint, OTHER),
    expected,
    status: 'fail',
    says,
  });
  test(`another certificate on ${endpoint} fails for a user without rights, too`, judging, conflicts, {
    given: (server) => {
      bind(server, endpoint, OTHER);
      deny(server, SSL_BINDINGS);
    },
    expected,
    status: 'fail',
    says,
  });
  test(`the same certificate on ${endpoint} passes`, judging, conflicts, {
    given: (server) => bind(server, endpoint, vpn.thumbprint.toLowerCase()),
    expected,
    status: 'pass',
    says: /the certificate of SSTP, too/,
  });
}

for (const endpoint of ['192.0.2.7:443', 'vpn.example.com:443'])
  test(`the same certificate on ${endpoint}, where a setting keeps clients out, fails`, judging, conflicts, {
    given: (server) => bind(server, endpoint, vpn.thumbprint, { flags: 0x1000 }),
    expected,
    status: 'fail',
    says: new RegExp(
      `^${endpoint}: clients .* meet the certificate of SSTP, but Disable TLS1\\.2 keeps them out$`,
      'm',
    ),
  });

test('the same certificate where clients are asked for one of their own is unknown', judging, conflicts, {
  given: (server) => bind(server, '192.0.2.7:443', vpn.thumbprint, { flags: 0x2 }),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /^192\.0\.2\.7:443: clients .* meet the certificate of SSTP, but Negotiate Client Certificate is on, and whether/m,
});

test('a host name in another script is a rival like any other', judging, conflicts, {
  given: (server) => bind(server, 'bücher.example.com:443', OTHER),
  expected,
  status: 'fail',
  says: new RegExp(`bücher\\.example\\.com:443: clients that dial this name meet certificate ${OTHER}`),
});

for (const [endpoint, why] of [
  ['shop.example.org:443', 'clients of SSTP do not dial this name'],
  ['*.example.org:443', 'clients of SSTP do not dial this name'],
  ['localhost:443', 'clients of SSTP do not dial this name'],
  ['127.0.0.1:443', 'only the server itself comes to this address'],
  ['[::1]:443', 'only the server itself comes to this address'],
] as const)
  test(`another certificate on ${endpoint} passes: no client of SSTP meets it`, judging, conflicts, {
    given: (server) => bind(server, endpoint, OTHER),
    expected,
    status: 'pass',
    says: new RegExp(`: ${why}$`, 'm'),
  });

test('a wildcard that stands for the dialled name wins over the addresses', judging, conflicts, {
  given: (server) => bind(server, '*.example.com:443', OTHER),
  expected,
  status: 'fail',
  says: /\*\.example\.com:443: clients that dial this name meet/,
});

test('one address in two spellings is one rival', async (t) => {
  const server = healthy();
  bind(server, '[2001:db8::7]:443', OTHER);
  const { stdout = '' } = server.programs.get(SHOW_SSLCERT) ?? {};
  server.programs.set(SHOW_SSLCERT, { stdout: stdout.replace('2001:db8::7', '2001:DB8:0:0::7'), exitCode: 0 });
  const { findings } = await resultOf(conflicts, transportTo(server, { recordedAt: observedAt }), expected);
  t.deepEqual(
    findings.map(({ verdict, subject }) => [verdict, subject]),
    [['fail', '[2001:db8::7]:443']],
  );
});

for (const [where, port, status] of [
  ['on the port of SSTP', 443, 'unknown'],
  ['on another port', 8443, 'pass'],
] as const)
  test(`a binding ${where} of which the certificate cannot be read: ${status}`, judging, conflicts, {
    given: (server) => {
      bind(server, `www.example.com:${port}`, OTHER);
      setValue(server, `${SNI_BINDINGS}\\www.example.com:${port}`, 'SslCertHash', ['REG_BINARY', new Uint8Array(7)]);
      server.programs.set(SHOW_SSLCERT, { stdout: '\nSSL Certificate bindings:\n', exitCode: 0 });
    },
    expected,
    status,
    ...(status === 'unknown' && { reason: 'unreadable', says: /www\.example\.com:443: .*SslCertHash holds 7 bytes/ }),
  });

test('a binding of which not even the port can be read is unknown', judging, conflicts, {
  given: (server) => setValue(server, `${SNI_BINDINGS}\\www.example.com`, 'DefaultFlags', ['REG_DWORD', 0]),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /^www\.example\.com: what clients meet at this binding cannot be read/m,
});

for (const name of ['www.example.com', 'WWW.example.com'])
  test(
    `a binding of ${name} that the registry does not hold in full is known where netsh.exe shows it`,
    judging,
    conflicts,
    {
      given: (server) => {
        bind(server, `${name}:443`, vpn.thumbprint);
        setValue(server, `${SNI_BINDINGS}\\${name}:443`, 'SslCertHash', ['REG_BINARY', new Uint8Array(7)]);
      },
      expected,
      status: 'pass',
    },
  );

test('a binding that refuses its connections fails, whatever it shows', judging, conflicts, {
  given: (server) => bind(server, '192.0.2.7:443', vpn.thumbprint, { flags: 0x8 }),
  expected,
  status: 'fail',
  says: /192\.0\.2\.7:443: this binding refuses/,
});

test('the central certificate store fails: nobody knows what it shows', judging, conflicts, {
  given: (server) => bind(server, '443'),
  expected,
  status: 'fail',
  says: /central certificate store:443: .* does not name/,
});

test('bindings on other ports do not matter', judging, conflicts, {
  given: (server) => {
    bind(server, '192.0.2.7:8443', OTHER);
    bind(server, 'www.example.com:4443', OTHER);
    bind(server, '8443');
  },
  expected,
  status: 'pass',
});

test('a rival that shows what is configured for SSTP, and not loaded, fails', judging, conflicts, {
  given: (server) => {
    bind(server, '192.0.2.7:443', OTHER);
    for (const endpoint of ['0.0.0.0:443', '[::]:443'])
      setValue(server, `${SSL_BINDINGS}\\${endpoint}`, 'SslCertHash', ['REG_BINARY', new Uint8Array(20).fill(0xab)]);
  },
  expected,
  status: 'fail',
  says: new RegExp(`192\\.0\\.2\\.7:443: clients of this address meet certificate ${OTHER}, not ${vpn.thumbprint}`),
});

test('a rival that shows the certificate of one wildcard, and not that of the other, fails', judging, conflicts, {
  given: (server) => {
    bind(server, '[::]:443', OTHER);
    bind(server, 'www.example.com:443', OTHER);
  },
  expected,
  status: 'fail',
  says: new RegExp(`clients that dial this name meet certificate ${OTHER}, not ${vpn.thumbprint}$`, 'm'),
});

test('a rival has nothing to win over where nothing is bound', judging, conflicts, {
  given: (server) => {
    unbind(server, '0.0.0.0:443');
    unbind(server, '[::]:443');
    bind(server, '192.0.2.7:443', OTHER);
  },
  expected,
  status: 'inapplicable',
  says: /no certificate is bound to 0\.0\.0\.0:443 or \[::\]:443/,
});

test('with TLS offload HTTP.sys shows no certificate', judging, conflicts, {
  server: () => healthy({ offload: true }),
  expected: { ...expected, port: 80 },
  status: 'inapplicable',
  says: /load balancer/,
});
