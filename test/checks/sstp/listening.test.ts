import test from 'ava';
import listening from '../../../checks/sstp/listening.ts';
import { HTTP_PARAMETERS, healthy, SSTP_PARAMETERS } from '../../server/healthy.ts';
import { listeners, NETSTAT_4, NETSTAT_6, ORDINARY, type Socket, setSockets } from '../../server/sockets.ts';
import { deny, type Server, setValue, type Tongue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const BOTH = { addressFamilies: ['IPv4', 'IPv6'] };
const IPV4 = { addressFamilies: ['IPv4'] };
const sockets =
  (...held: readonly Socket[]) =>
  (server: Server) =>
    setSockets(server, [...held, ...ORDINARY]);
const FOUR = { local: '0.0.0.0:443', pid: 4 };
const SIX = { local: '[::]:443', pid: 4 };

for (const language of ['en', 'ja', 'de', 'fr', 'ru'] satisfies Tongue[])
  test(`HTTP.sys listens for both families, told in ${language}`, judging, listening, {
    server: () => healthy({ language }),
    expected: BOTH,
    status: 'pass',
    says: [/^0\.0\.0\.0:443: HTTP\.sys listens/m, /^\[::\]:443: HTTP\.sys listens/m],
  });

test('nothing on the port fails for each family', judging, listening, {
  given: sockets(),
  expected: BOTH,
  status: 'fail',
  says: [/^0\.0\.0\.0:443: nothing listens$/m, /^\[::\]:443: nothing listens$/m],
});

test('a server without IPv6 fails where IPv6 is expected', judging, listening, {
  given: (server) =>
    setSockets(
      server,
      [FOUR, ...ORDINARY].filter(({ local }) => !local.startsWith('[')),
    ),
  expected: BOTH,
  status: 'fail',
  says: [/0\.0\.0\.0:443: HTTP\.sys listens/, /\[::\]:443: nothing listens/],
});

test('a server without IPv6 passes where IPv4 is expected', judging, listening, {
  given: (server) =>
    setSockets(
      server,
      [FOUR, ...ORDINARY].filter(({ local }) => !local.startsWith('[')),
    ),
  expected: IPV4,
  status: 'pass',
});

test('another process on the port fails by its number', judging, listening, {
  given: sockets({ local: '0.0.0.0:443', pid: 3084 }, { local: '[::]:443', pid: 3084 }),
  expected: BOTH,
  status: 'fail',
  says: [/0\.0\.0\.0:443: process 3084 listens, not HTTP\.sys/, /\[::\]:443: process 3084 listens/],
});

test('another process for one family only fails for that one', judging, listening, {
  given: sockets(FOUR, { local: '[::]:443', pid: 3084 }),
  expected: BOTH,
  status: 'fail',
  says: [/0\.0\.0\.0:443: HTTP\.sys listens/, /\[::\]:443: process 3084/],
});

test('another process at one address, beside HTTP.sys, fails for that address', judging, listening, {
  given: sockets(FOUR, SIX, { local: '203.0.113.10:443', pid: 2588 }),
  expected: BOTH,
  status: 'fail',
  says: /203\.0\.113\.10:443: process 2588 listens/,
});

test('another process at the loopback address is out of reach of clients', judging, listening, {
  given: sockets(FOUR, SIX, { local: '127.0.0.1:443', pid: 2588 }, { local: '[::1]:443', pid: 2588 }),
  expected: BOTH,
  status: 'pass',
});

test('the SSTP service as owner passes, and is told', judging, listening, {
  given: (server) => {
    const pid = server.services.get('SstpSvc')?.pid ?? 0;
    sockets({ local: '0.0.0.0:443', pid }, SIX)(server);
  },
  expected: BOTH,
  status: 'pass',
  says: /the SSTP service itself listens \(process 1044\)/,
});

test('another process where the SSTP service cannot be asked is unknown', judging, listening, {
  given: (server) => {
    sockets({ local: '0.0.0.0:443', pid: 3084 }, SIX)(server);
    server.services.set('SstpSvc', { state: 4, denied: true });
  },
  expected: BOTH,
  status: 'unknown',
  reason: 'denied',
});

for (const [what, change] of [
  ['stopped', ({ services }: Server) => services.set('SstpSvc', { state: 1, pid: 0 })],
  ['not installed', ({ services }: Server) => services.delete('SstpSvc')],
] as const)
  test(`another process while the SSTP service is ${what} fails`, judging, listening, {
    given: (server) => {
      sockets({ local: '0.0.0.0:443', pid: 3084 }, SIX)(server);
      change(server);
    },
    expected: BOTH,
    status: 'fail',
    says: /process 3084/,
  });

test('HTTP.sys at some addresses only fails, and names them', judging, listening, {
  given: sockets({ local: '203.0.113.10:443', pid: 4 }, { local: '127.0.0.1:443', pid: 4 }, SIX),
  expected: BOTH,
  status: 'fail',
  says: /0\.0\.0\.0:443: nothing listens at every address, only at 203\.0\.113\.10$/m,
});

test('443 as a part of another port, as a foreign port or as a process is no listener', judging, listening, {
  given: sockets(
    { local: '0.0.0.0:4430', pid: 443 },
    { local: '203.0.113.10:50443', pid: 4, foreign: '198.51.100.7:443', state: 'ESTABLISHED' },
    { local: '203.0.113.10:443', pid: 4, foreign: '198.51.100.7:50443', state: 'ESTABLISHED' },
  ),
  expected: IPV4,
  status: 'fail',
  says: /0\.0\.0\.0:443: nothing listens$/m,
});

test('the port is the configured one', judging, listening, {
  given: (server) => setValue(server, SSTP_PARAMETERS, 'ListenerPort', ['REG_DWORD', 4443]),
  expected: BOTH,
  status: 'fail',
  says: /0\.0\.0\.0:4443: nothing listens/,
});

test('with TLS offload it listens on 80', judging, listening, {
  server: () => healthy({ offload: true }),
  expected: BOTH,
  status: 'pass',
  says: /0\.0\.0\.0:80: HTTP\.sys listens/,
});

for (const [name, command] of [
  ['IPv4', NETSTAT_4],
  ['IPv6', NETSTAT_6],
] as const)
  test(`a netstat.exe that fails for ${name} is unknown`, judging, listening, {
    given: (server) => void server.programs.set(command, { stdout: '', exitCode: 1 }),
    expected: BOTH,
    status: 'unknown',
    reason: 'unreadable',
  });

test('a server on which nothing listens at all is unknown: netstat.exe was not heard', judging, listening, {
  given: (server) => setSockets(server, listeners(443).slice(1)),
  expected: BOTH,
  status: 'unknown',
  reason: 'unreadable',
  says: /listed no listener at all/,
});

test('the wildcard of IPv6 is known in every spelling', judging, listening, {
  given: sockets(FOUR, { ...SIX, local: '[0:0:0:0:0:0:0:0]:443' }),
  expected: BOTH,
  status: 'pass',
  says: /\[::\]:443: HTTP\.sys listens/,
});

test('a loopback address is known in every spelling', judging, listening, {
  given: sockets(
    FOUR,
    SIX,
    { local: '[0:0:0:0:0:0:0:1]:443', pid: 2588 },
    { local: '[::FFFF:127.0.0.1]:443', pid: 2588 },
  ),
  expected: BOTH,
  status: 'pass',
});

const listed =
  (...addresses: readonly string[]) =>
  (server: Server) =>
    setValue(server, HTTP_PARAMETERS, 'ListenOnlyList', ['REG_MULTI_SZ', addresses]);

for (const [what, addresses, status, says] of [
  ['one address', ['203.0.113.10'], 'fail', /^0\.0\.0\.0:443: a restart is pending: .* at 203\.0\.113\.10 only$/m],
  ['IPv4 alone', ['0.0.0.0'], 'fail', /^\[::\]:443: a restart is pending: .* at 0\.0\.0\.0 only$/m],
  ['every address', ['0.0.0.0', '::'], 'pass', /HTTP\.sys listens/],
  ['every address, in another spelling', ['0.0.0.0', '[0:0:0:0:0:0:0:0]'], 'pass', /HTTP\.sys listens/],
  ['nothing', [], 'pass', /HTTP\.sys listens/],
  ['no address', ['vpn.example.com'], 'unknown', /ListenOnlyList holds vpn\.example\.com, which is no address/],
] as const)
  test(`an IP listen list with ${what}, for which HTTP.sys was not restarted: ${status}`, judging, listening, {
    given: listed(...addresses),
    expected: BOTH,
    status,
    says,
  });

test('an IP listen list that is in force is told', judging, listening, {
  given: (server) => {
    sockets({ local: '203.0.113.10:443', pid: 4 })(server);
    listed('203.0.113.10')(server);
  },
  expected: BOTH,
  status: 'fail',
  says: [/only at 203\.0\.113\.10 \(IP listen list of HTTP\.sys\)$/m, /^\[::\]:443: nothing listens \(IP listen list/m],
});

test('an IP listen list that cannot be read leaves open how long it listens', judging, listening, {
  given: (server) => deny(server, HTTP_PARAMETERS),
  expected: BOTH,
  status: 'unknown',
  reason: 'denied',
  says: /HTTP\.sys listens, and whether it does after a restart is not known/,
});

test('an IP listen list that cannot be read hides no other process', judging, listening, {
  given: (server) => {
    deny(server, HTTP_PARAMETERS);
    sockets({ local: '0.0.0.0:443', pid: 3084 }, SIX)(server);
  },
  expected: BOTH,
  status: 'fail',
  says: /process 3084 listens/,
});
