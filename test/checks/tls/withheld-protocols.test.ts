/** What the settings of certificate bindings do to the protocols that Schannel offers. */
import test from 'ava';
import protocols from '../../../checks/tls/protocols.ts';
import { healthy, SCHANNEL_PROTOCOLS, SNI_BINDINGS, SSL_BINDINGS } from '../../server/healthy.ts';
import { bind, SHOW_SSLCERT } from '../../server/http.ts';
import { vpn } from '../../server/pki.ts';
import { deny, removeKey, type Server, setValue, type Tongue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const WITHOUT_LEGACY = 0x400;
const WITHOUT_12 = 0x1000;
const WITHOUT_13 = 0x40;
const FOUR = '0.0.0.0:443';
const SIX = '[::]:443';
const expected = { required: ['TLS 1.2'], forbidden: ['SSL 3.0', 'TLS 1.0', 'TLS 1.1'] };

type Given = (server: Server) => void;

const both =
  (...all: readonly Given[]): Given =>
  (server) => {
    for (const given of all) given(server);
  };
const binding =
  (flags: number, ...endpoints: string[]): Given =>
  (server) => {
    for (const endpoint of endpoints) bind(server, endpoint, vpn.thumbprint, { flags });
  };
/** Set in the registry, while HTTP.sys still has loaded what was there before. */
const waiting =
  (flags: number): Given =>
  (server) => {
    for (const endpoint of [FOUR, SIX])
      setValue(server, `${SSL_BINDINGS}\\${endpoint}`, 'DefaultFlags', ['REG_DWORD', flags]);
  };
/** A binding that withholds as well, but of which the registry makes no sense, and which netsh.exe does not show. */
const unread =
  (port: number): Given =>
  (server) => {
    const shown = server.programs.get(SHOW_SSLCERT);
    bind(server, `www.example.com:${port}`, vpn.thumbprint, { flags: WITHOUT_LEGACY });
    setValue(server, `${SNI_BINDINGS}\\www.example.com:${port}`, 'SslCertHash', ['REG_BINARY', new Uint8Array(7)]);
    if (shown) server.programs.set(SHOW_SSLCERT, shown);
  };
const portless: Given = (server) =>
  setValue(server, `${SNI_BINDINGS}\\www.example.com`, 'DefaultFlags', ['REG_DWORD', WITHOUT_LEGACY]);
/** Schannel offers TLS 1.0 and 1.1, as Windows does by default. */
const legacy: Given = (server) => {
  for (const protocol of ['TLS 1.0', 'TLS 1.1']) removeKey(server, `${SCHANNEL_PROTOCOLS}\\${protocol}`);
};

for (const [who, given, status] of [
  ['both bindings of SSTP', binding(WITHOUT_LEGACY, FOUR, SIX), 'pass'],
  ['one of them', binding(WITHOUT_LEGACY, FOUR), 'fail'],
  ['both, but not one of an address,', both(binding(WITHOUT_LEGACY, FOUR, SIX), binding(0, '192.0.2.7:443')), 'fail'],
  ['both, but not one of another port,', both(binding(WITHOUT_LEGACY, FOUR, SIX), binding(0, '[::]:8443')), 'pass'],
  ['both, and one that cannot be read,', both(binding(WITHOUT_LEGACY, FOUR, SIX), unread(443)), 'fail'],
  [
    'both, and one of another port that cannot be read,',
    both(binding(WITHOUT_LEGACY, FOUR, SIX), unread(8443)),
    'pass',
  ],
  ['both, and one of which not even the port can be read,', both(binding(WITHOUT_LEGACY, FOUR, SIX), portless), 'fail'],
  ['both from the next start on', waiting(WITHOUT_LEGACY), 'fail'],
  ['both until the next start', both(binding(WITHOUT_LEGACY, FOUR, SIX), waiting(0)), 'fail'],
  [
    'both, as netsh.exe does not tell,',
    both(binding(WITHOUT_LEGACY, FOUR, SIX), (server) => server.programs.delete(SHOW_SSLCERT)),
    'fail',
  ],
  [
    'both, as netsh.exe alone tells,',
    both(binding(WITHOUT_LEGACY, FOUR, SIX), (server) => deny(server, SSL_BINDINGS)),
    'pass',
  ],
  ['nobody, as both withhold TLS 1.3 only,', binding(WITHOUT_13, FOUR, SIX), 'fail'],
] as const)
  test(`outdated protocols that Schannel offers and ${who} withholds: ${status}`, judging, protocols, {
    given: both(legacy, given),
    expected: { ...expected, required: [] },
    status,
    says:
      status === 'pass'
        ? /TLS 1\.0: every certificate binding on the port withholds TLS 1\.0 \(TLS 1\.0 is on/
        : /TLS 1\.0: TLS 1\.0 is on: the default of build 20348/,
  });

for (const language of ['en', 'fr'] satisfies Tongue[])
  test(`outdated protocols that both bindings withhold pass, told in ${language}`, judging, protocols, {
    server: () => healthy({ language }),
    given: both(legacy, binding(WITHOUT_LEGACY, FOUR, SIX)),
    expected,
    status: 'pass',
  });

test('what updates may have changed in Server 2025 does not matter where it is withheld', judging, protocols, {
  server: () => healthy({ windows: '2025' }),
  given: both(legacy, binding(WITHOUT_LEGACY, FOUR, SIX)),
  expected,
  status: 'pass',
});

for (const [what, given, required, status] of [
  ['a binding withholds it', binding(WITHOUT_13, SIX), 'TLS 1.3', 'fail'],
  ['a binding withholds it', binding(WITHOUT_12, FOUR), 'TLS 1.2', 'fail'],
  ['a binding will withhold it from the next start on', waiting(WITHOUT_13), 'TLS 1.3', 'fail'],
  ['the bindings withhold TLS 1.3', binding(WITHOUT_13, FOUR, SIX), 'TLS 1.2', 'pass'],
  ['the bindings withhold outdated ones', binding(WITHOUT_LEGACY, FOUR, SIX), 'TLS 1.3', 'pass'],
  ['a binding of another port withholds it', binding(WITHOUT_13, '[::]:8443'), 'TLS 1.3', 'pass'],
] as const)
  test(`${required} is required, and ${what}: ${status}`, judging, protocols, {
    given,
    expected: { required: [required], forbidden: [] },
    status,
    ...(status === 'fail' && { says: new RegExp(`the certificate binding of \\S+:443.* withholds ${required}`) }),
  });

test('a required protocol that is off fails as such, even where it is withheld', judging, protocols, {
  given: both(binding(WITHOUT_12, FOUR, SIX), (server) =>
    setValue(server, `${SCHANNEL_PROTOCOLS}\\TLS 1.2\\Server`, 'Enabled', ['REG_DWORD', 0]),
  ),
  expected,
  status: 'fail',
  says: /TLS 1\.2 is off: Enabled is 0/,
});
