import test from 'ava';
import wildcards from '../../../checks/binding/wildcards.ts';
import { healthy, SNI_BINDINGS, SSL_BINDINGS } from '../../server/healthy.ts';
import { agreeOnBindings, bind, IIS_APP_ID, SHOW_SSLCERT, SSTP_APP_ID, unbind } from '../../server/http.ts';
import { vpn } from '../../server/pki.ts';
import { deny, removeValue, type Server, setValue, type Tongue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const FOUR = '0.0.0.0:443';
const SIX = '[::]:443';
const OTHER = 'AB'.repeat(20);
const expected = { port: 443, applicationIds: [SSTP_APP_ID.toUpperCase()], addressFamilies: ['IPv4', 'IPv6'] };
const only = (...addressFamilies: string[]) => ({ ...expected, addressFamilies });
const setFlags = (flags: number) => (server: Server) => bind(server, FOUR, vpn.thumbprint, { flags });
/** No administrator: the registry refuses, netsh.exe does not. */
const asUser = (server: Server) => deny(server, SSL_BINDINGS);
const silent = (server: Server) =>
  server.programs.set(SHOW_SSLCERT, {
    stdout: '\nSSL Certificate bindings:\n-------------------------\n\n',
    exitCode: 0,
  });

test('the healthy server binds one certificate to both wildcards', judging, wildcards, {
  expected,
  status: 'pass',
  says: [/0\.0\.0\.0:443: .*is bound/, /\[::\]:443: .*is bound/],
});

for (const language of ['fr', 'ja', 'de'] satisfies Tongue[])
  test(`a user without rights learns it from netsh.exe in ${language}`, judging, wildcards, {
    server: () => healthy({ language, windows: '2012r2' }),
    given: asUser,
    expected,
    status: 'pass',
  });

test('the registry alone is enough', judging, wildcards, { given: silent, expected, status: 'pass' });

test('neither source means unknown', judging, wildcards, {
  given: (server) => {
    asUser(server);
    silent(server);
  },
  expected,
  status: 'unknown',
  reason: 'denied',
  says: /listed no certificate binding/,
});

test('an empty list of netsh.exe means that nothing is bound where the registry says so, too', judging, wildcards, {
  given: (server) => {
    unbind(server, FOUR);
    unbind(server, SIX);
  },
  expected,
  status: 'fail',
  says: [/nothing is bound to 0\.0\.0\.0:443/, /nothing is bound to \[::\]:443/],
});

test('a key that may not be read beside one that may is unknown', judging, wildcards, {
  given: (server) => deny(server, SNI_BINDINGS),
  expected,
  status: 'unknown',
  reason: 'denied',
});

test('bindings of which the key holds more than bindings are unknown', judging, wildcards, {
  given: (server) => {
    setValue(server, SSL_BINDINGS, 'SslCertHash', ['REG_BINARY', new Uint8Array(20)]);
    silent(server);
  },
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /SslBindingInfo holds values of its own/,
});

test('a missing IPv6 binding fails', judging, wildcards, {
  given: (server) => unbind(server, SIX),
  expected,
  status: 'fail',
  says: /nothing is bound to \[::\]:443/,
});

test('a missing IPv6 binding is fine where clients come by IPv4 only', judging, wildcards, {
  given: (server) => unbind(server, SIX),
  expected: only('IPv4'),
  status: 'pass',
});

test('a wildcard binding that names no certificate fails', judging, wildcards, {
  given: (server) => {
    unbind(server, SIX);
    bind(server, SIX);
    asUser(server);
  },
  expected,
  status: 'fail',
  says: /\[::\]:443: no certificate is named \(certificate none from MY /,
});

/** What netsh.exe shows, with another word in place of the hash of a binding. */
const garbled = (endpoint: string) => (server: Server) => {
  const { stdout = '' } = server.programs.get(SHOW_SSLCERT) ?? {};
  const [before = '', after = ''] = stdout.split(endpoint);
  const shown = [before, after.replace(/[0-9a-f]{40}/, 'unreadable')].join(endpoint);
  server.programs.set(SHOW_SSLCERT, { stdout: shown, exitCode: 0 });
  asUser(server);
};

test('a wildcard binding of which netsh.exe shows no hash is unknown where the registry refuses', judging, wildcards, {
  given: garbled(FOUR),
  expected,
  status: 'unknown',
  reason: 'denied',
  says: /netsh\.exe shows 0\.0\.0\.0:443 without certificate hash/,
});

test('another binding of which netsh.exe shows no hash leaves the wildcards to be judged', judging, wildcards, {
  given: (server) => {
    bind(server, 'www.example.com:443', OTHER);
    garbled('www.example.com:443')(server);
  },
  expected,
  status: 'pass',
});

test('registry and driver disagreeing fails with both values', judging, wildcards, {
  given: (server) =>
    setValue(server, `${SSL_BINDINGS}\\${FOUR}`, 'SslCertHash', ['REG_BINARY', new Uint8Array(20).fill(0xab)]),
  expected,
  status: 'fail',
  says: [new RegExp(`registry binds certificate ${OTHER}`), new RegExp(`loaded certificate ${vpn.thumbprint}`)],
});

test('a binding that only the registry holds fails', judging, wildcards, {
  given: (server) => {
    const { stdout = '' } = server.programs.get(SHOW_SSLCERT) ?? {};
    server.programs.set(SHOW_SSLCERT, { stdout: stdout.slice(0, stdout.indexOf('    IP:port', 60)), exitCode: 0 });
  },
  expected,
  status: 'fail',
  says: /\[::\]:443: the registry binds certificate .*, HTTP\.sys has loaded nothing/,
});

test('different certificates for IPv4 and IPv6 fail, whatever families are expected', judging, wildcards, {
  given: (server) => bind(server, SIX, OTHER),
  expected: only('IPv4'),
  status: 'fail',
  says: new RegExp(`different certificates are bound: ${vpn.thumbprint} to 0.0.0.0:443, ${OTHER} to`),
});

test("another program's binding fails with its id", judging, wildcards, {
  given: (server) => bind(server, FOUR, vpn.thumbprint, { appId: IIS_APP_ID }),
  expected,
  status: 'fail',
  says: /application id is \{4dc3e181-e14b-4a21-b022-59fc669b0914\}/,
});

test("another program's binding passes where the profile accepts its id", judging, wildcards, {
  given: (server) => bind(server, FOUR, vpn.thumbprint, { appId: IIS_APP_ID }),
  expected: { ...expected, applicationIds: [SSTP_APP_ID, IIS_APP_ID] },
  status: 'pass',
});

test('whoever made the binding does not matter where the profile names nobody', judging, wildcards, {
  given: (server) => bind(server, FOUR, vpn.thumbprint, { appId: IIS_APP_ID }),
  expected: { ...expected, applicationIds: [] },
  status: 'pass',
});

test('another store fails with its name', judging, wildcards, {
  given: (server) => bind(server, FOUR, vpn.thumbprint, { store: 'WebHosting' }),
  expected,
  status: 'fail',
  says: /store WebHosting, not MY/,
});

test('a store named My, or none at all, is MY', judging, wildcards, {
  given: (server) => {
    bind(server, FOUR, vpn.thumbprint, { store: 'My' });
    removeValue(server, `${SSL_BINDINGS}\\${SIX}`, 'SslCertStoreName');
    agreeOnBindings(server);
  },
  expected,
  status: 'pass',
});

for (const [flag, bit] of [
  ['Reject Connections', 0x8],
  ['Disable TLS1\\.2', 0x1000],
] as const) {
  const says = new RegExp(`0\\.0\\.0\\.0:443: ${flag} is on`);
  test(`${flag} fails`, judging, wildcards, { given: setFlags(bit), expected, status: 'fail', says });
  test(`${flag} fails for a user without rights, too`, judging, wildcards, {
    given: (server) => {
      setFlags(bit)(server);
      asUser(server);
    },
    expected,
    status: 'fail',
    says,
  });
}

for (const [whom, given] of [
  ['an administrator', setFlags(0x2)],
  [
    'a user without rights',
    (server: Server) => {
      setFlags(0x2)(server);
      asUser(server);
    },
  ],
] as const)
  test(`whether clients get on that are asked for a certificate is unknown to ${whom}`, judging, wildcards, {
    given,
    expected,
    status: 'unknown',
    reason: 'unreadable',
    says: /0\.0\.0\.0:443: Negotiate Client Certificate is on, and whether clients of SSTP.* is not known/,
  });

test('a question for a certificate does not hide what keeps clients out', judging, wildcards, {
  given: setFlags(0x1002),
  expected,
  status: 'fail',
  says: /0\.0\.0\.0:443: Disable TLS1\.2 is on \(/,
});

test('a flag that is configured and not loaded fails: it waits for the next start', judging, wildcards, {
  given: (server) => setValue(server, `${SSL_BINDINGS}\\${FOUR}`, 'DefaultFlags', ['REG_DWORD', 0x8]),
  expected,
  status: 'fail',
  says: /0\.0\.0\.0:443: Reject Connections is on/,
});

test('flags that do not matter to SSTP pass', judging, wildcards, {
  given: setFlags(0x0d71),
  expected,
  status: 'pass',
});

test('the port is that of the profile', judging, wildcards, {
  expected: { ...expected, port: 4443 },
  status: 'fail',
  says: /nothing is bound to 0\.0\.0\.0:4443/,
});

test('a binding without the value that holds its hash leaves it to netsh.exe', judging, wildcards, {
  given: (server) => {
    removeValue(server, `${SSL_BINDINGS}\\${FOUR}`, 'SslCertHash');
    silent(server);
  },
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

/** Host names that are no plain words; the last is not in the code page of the server, and is printed as signs. */
for (const name of ['bücher.example.com', 'my host', '+', 'パン.example.com']) {
  const odd = (server: Server) => bind(server, `${name}:443`, OTHER);
  test(`a binding of the host name "${name}" leaves the wildcards to be judged`, judging, wildcards, {
    given: odd,
    expected,
    status: 'pass',
  });
  test(
    `a binding of the host name "${name}" leaves the wildcards to be judged without rights, too`,
    judging,
    wildcards,
    {
      given: (server) => {
        odd(server);
        asUser(server);
      },
      expected,
      status: 'pass',
    },
  );
  test(`a binding of the host name "${name}" does not stand in for a wildcard`, judging, wildcards, {
    given: (server) => {
      odd(server);
      unbind(server, SIX);
      asUser(server);
    },
    expected,
    status: 'fail',
    says: /nothing is bound to \[::\]:443/,
  });
}

test(
  'a binding of a host name that the registry does not hold in full leaves the wildcards to be judged',
  judging,
  wildcards,
  {
    given: (server) => {
      bind(server, 'www.example.com:443', OTHER);
      removeValue(server, `${SNI_BINDINGS}\\www.example.com:443`, 'AppId');
      silent(server);
    },
    expected,
    status: 'pass',
  },
);

test('a wildcard binding that the registry does not hold in full is not left out', judging, wildcards, {
  given: (server) => {
    removeValue(server, `${SSL_BINDINGS}\\${SIX}`, 'AppId');
    silent(server);
  },
  expected,
  status: 'unknown',
  reason: 'unreadable',
});

for (const spelling of ['[0:0:0:0:0:0:0:0]:443', '[0::0]:443'])
  test(`${spelling} is the wildcard, however it is spelled`, judging, wildcards, {
    given: (server) => {
      const { stdout = '' } = server.programs.get(SHOW_SSLCERT) ?? {};
      server.programs.set(SHOW_SSLCERT, { stdout: stdout.replace(SIX, spelling), exitCode: 0 });
    },
    expected,
    status: 'pass',
  });

test('a wildcard that is bound twice, in two spellings, is not told by one of them', judging, wildcards, {
  given: (server) => bind(server, '[0:0:0:0:0:0:0:0]:443', OTHER),
  expected,
  status: 'unknown',
  reason: 'unreadable',
  says: /\[::\]:443 is bound twice/,
});

test('a wildcard that is garbled is not taken for a host name', judging, wildcards, {
  given: (server) => {
    const { stdout = '' } = server.programs.get(SHOW_SSLCERT) ?? {};
    server.programs.set(SHOW_SSLCERT, { stdout: stdout.replace(FOUR, '0.0.0:443'), exitCode: 0 });
    asUser(server);
  },
  expected,
  status: 'unknown',
});

test('with TLS offload no binding is expected', judging, wildcards, {
  server: () => healthy({ offload: true }),
  given: asUser,
  expected: { ...expected, port: 80 },
  status: 'inapplicable',
  says: /load balancer/,
});
