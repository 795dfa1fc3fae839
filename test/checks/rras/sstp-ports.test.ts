import test from 'ava';
import sstpPorts from '../../../checks/rras/sstp-ports.ts';
import type { Answer, Transport } from '../../../engine/transports/transport.ts';
import { healthy, NETWORK_CLASS, observedAt, REMOTE_ACCESS_PARAMETERS, SSTP_MINIPORT } from '../../server/healthy.ts';
import { listeners, NETSTAT_6, ORDINARY, type Socket, setSockets } from '../../server/sockets.ts';
import { addKey, deny, removeKey, removeValue, type Server, setValue, transportTo } from '../../server/state.ts';
import { judging, resultOf } from '../judging.ts';

const ONE = { minimumPorts: 1 };
const set = (name: string, value: number) => (server: Server) =>
  setValue(server, SSTP_MINIPORT, name, ['REG_DWORD', value]);
const setIp = (name: string, value: number) => (server: Server) =>
  setValue(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip`, name, ['REG_DWORD', value]);
const leftBehind = (ports: number) => (server: Server) =>
  addKey(server, `${NETWORK_CLASS}\\0012`, {
    ComponentId: ['REG_SZ', 'ms_sstpminiport'],
    WanEndpoints: ['REG_DWORD', ports],
    EnableForRas: ['REG_DWORD', 1],
  });

test('the healthy server accepts calls on its ports', judging, sstpPorts, {
  expected: ONE,
  status: 'pass',
  says: /accepts calls on 128 ports/,
});

test('as many ports as expected are enough', judging, sstpPorts, { expected: { minimumPorts: 128 }, status: 'pass' });

test('one port too few fails with both numbers', judging, sstpPorts, {
  expected: { minimumPorts: 129 },
  status: 'fail',
  says: /has 128 ports, fewer than 129/,
});

test('no port at all fails', judging, sstpPorts, {
  given: set('WanEndpoints', 0),
  expected: ONE,
  status: 'fail',
  says: /has 0 ports, fewer than 1/,
});

test('of the ports that are set, those above MaxWanEndpoints do not count', judging, sstpPorts, {
  given: set('MaxWanEndpoints', 64),
  expected: { minimumPorts: 65 },
  status: 'fail',
  says: /has 64 ports \(MaxWanEndpoints\), of 128 that are set, fewer than 65/,
});

test('ports up to MaxWanEndpoints count', judging, sstpPorts, {
  given: set('MaxWanEndpoints', 64),
  expected: { minimumPorts: 64 },
  status: 'pass',
  says: /accepts calls on 64 ports \(MaxWanEndpoints\), of 128 that are set/,
});

test('a device without MaxWanEndpoints has as many ports as are set', judging, sstpPorts, {
  given: (server) => removeValue(server, SSTP_MINIPORT, 'MaxWanEndpoints'),
  expected: ONE,
  status: 'pass',
  says: /accepts calls on 128 ports$/m,
});

test('ports that do not serve remote access fail', judging, sstpPorts, {
  given: set('EnableForRas', 0),
  expected: ONE,
  status: 'fail',
  says: /does not accept remote access connections \(EnableForRas is 0\)/,
});

test('a server without the device fails', judging, sstpPorts, {
  given: (server) => removeKey(server, SSTP_MINIPORT),
  expected: ONE,
  status: 'fail',
  says: /no device WAN Miniport \(SSTP\)/,
});

for (const [name, win32ExitCode, says] of [
  ['that was disabled', 0, /driver RasSstp is STOPPED$/m],
  ['that was disabled before the server booted', 1077, /driver RasSstp is STOPPED \(never started since/],
  ['that does not start', 31, /driver RasSstp is STOPPED \(error 31\)/],
] as const)
  test(`a device ${name} fails by its driver, whatever its ports`, judging, sstpPorts, {
    given: (server) => void server.services.set('RasSstp', { state: 1, type: 1, win32ExitCode }),
    expected: ONE,
    status: 'fail',
    says: [/WAN Miniport \(SSTP\) is disabled or does not start/, says],
  });

test('a device without its driver fails', judging, sstpPorts, {
  given: (server) => void server.services.delete('RasSstp'),
  expected: ONE,
  status: 'fail',
  says: /driver RasSstp is not installed/,
});

test('a driver that may not be queried is unknown', judging, sstpPorts, {
  given: (server) => void server.services.set('RasSstp', { state: 4, denied: true }),
  expected: ONE,
  status: 'unknown',
  reason: 'denied',
  says: /the service RasSstp may not be queried/,
});

for (const [name, hide] of [
  ['the driver', (server: Server) => void server.services.set('RasSstp', { state: 4, denied: true })],
  ['the connections', (server: Server) => void server.programs.set(NETSTAT_6, { stdout: '', exitCode: 1 })],
] as const)
  test(`what is known to be wrong fails where ${name} cannot be asked about`, judging, sstpPorts, {
    given(server) {
      hide(server);
      set('WanEndpoints', 0)(server);
      set('EnableForRas', 0)(server);
    },
    expected: ONE,
    status: 'fail',
    says: [/has 0 ports, fewer than 1/, /EnableForRas is 0/],
  });

test('a device that does not start fails where the connections cannot be asked about', judging, sstpPorts, {
  given(server) {
    server.services.set('RasSstp', { state: 1, type: 1, win32ExitCode: 1077 });
    server.programs.set(NETSTAT_6, { stdout: '', exitCode: 1 });
  },
  expected: ONE,
  status: 'fail',
  says: /disabled or does not start/,
});

test('a driver of which nothing is said, and evidence that does not hold the question, are unknown', async (t) => {
  const healthyServer = transportTo(healthy(), { recordedAt: observedAt });
  const saying =
    (said: Partial<Answer>): Transport['exchange'] =>
    async (commands, options) =>
      (await healthyServer.exchange(commands, options)).map((answer) =>
        answer.command === 'sc.exe query RasSstp' ? { ...answer, stdout: new Uint8Array(), ...said } : answer,
      );
  const missing = { reason: 'not-recorded', detail: 'the evidence does not hold this' } as const;
  for (const [said, reason] of [
    [{ exitCode: 1 }, 'unreadable'],
    [{ exitCode: 0 }, 'unreadable'],
    [{ exitCode: null, missing }, 'not-recorded'],
  ] as const) {
    const result = await resultOf(sstpPorts, { ...healthyServer, exchange: saying(said) }, ONE);
    t.deepEqual([result.status, result.reason], ['unknown', reason]);
  }
});

/** Connections of as many clients as there are numbers. */
const connected = (clients: number, { local = '203.0.113.10:443', pid = 4, state = 'ESTABLISHED' } = {}) =>
  Array.from({ length: clients }, (_, at) => ({ local, pid, state, foreign: `198.51.100.7:${50_000 + at}` }));
const busy =
  (...sockets: readonly Socket[]) =>
  (server: Server) =>
    setSockets(server, [...listeners(443), ...ORDINARY, ...sockets]);
const six = { local: '[2001:db8::10]:443' };

test('as many connections as ports leave open whether the next user gets one', judging, sstpPorts, {
  given: busy(...connected(100), ...connected(28, six)),
  expected: ONE,
  status: 'unknown',
  reason: 'unreadable',
  says: /accepts calls on 128 ports, and 128 connections are open to its TCP port: whether a port is left/,
});

test('one connection fewer leaves a port', judging, sstpPorts, {
  given: busy(...connected(100), ...connected(27, six)),
  expected: ONE,
  status: 'pass',
});

test('connections to other ports, of other programs, and those that have ended take none', judging, sstpPorts, {
  given: busy(
    ...connected(200, { local: '203.0.113.10:445' }),
    ...connected(200, { pid: 3084 }),
    ...connected(200, { pid: 0, state: 'TIME_WAIT' }),
  ),
  expected: ONE,
  status: 'pass',
});

test('ports that are too few fail, however many connections there are', judging, sstpPorts, {
  given: busy(...connected(200)),
  expected: { minimumPorts: 129 },
  status: 'fail',
});

test('connections that netstat.exe does not tell of leave it open', judging, sstpPorts, {
  given: (server) => void server.programs.set(NETSTAT_6, { stdout: '', exitCode: 1 }),
  expected: ONE,
  status: 'unknown',
  reason: 'unreadable',
});

/** The addresses come from a static pool of so many, in two ranges. */
const pool = (size: number) => (server: Server) => {
  setValue(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip`, 'UseDhcpAddressing', ['REG_DWORD', 0]);
  for (const [at, from, to] of [
    [0, 0x0a010201, 0x0a010200 + size - 4],
    [1, 0x0a010301, 0x0a010304],
  ] as const)
    addKey(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip\\StaticAddressPool\\${at}`, {
      From: ['REG_DWORD', from],
      To: ['REG_DWORD', to],
    });
};

for (const [size, minimumPorts, status] of [
  [50, 50, 'unknown'],
  [51, 50, 'pass'],
  [5, 1, 'pass'],
] as const)
  test(
    `a static pool of ${size} addresses, the server's among them, and ${minimumPorts} users: ${status}`,
    judging,
    sstpPorts,
    {
      given: pool(size),
      expected: { minimumPorts },
      status,
      ...(status === 'unknown' && {
        reason: 'unreadable' as const,
        says: /accepts calls on 128 ports, but the static pool has IPv4 addresses for 49 callers: whether 50 users get one/,
      }),
    },
  );

for (const [what, given] of [
  ['where DHCP gives the addresses', setIp('UseDhcpAddressing', 1)],
  ['where callers get no IPv4', setIp('EnableIn', 0)],
  [
    'where the server is one for IPv6 only',
    (server: Server) => setValue(server, REMOTE_ACCESS_PARAMETERS, 'RouterType', ['REG_DWORD', 0x8]),
  ],
] as const)
  test(`a small static pool does not matter ${what}`, judging, sstpPorts, {
    given: (server) => {
      pool(5)(server);
      given(server);
    },
    expected: { minimumPorts: 50 },
    status: 'pass',
  });

test('too few ports fail whatever the pool, and a pool that cannot be read leaves it open', async (t) => {
  const statusOf = async (minimumPorts: number) => {
    const server = healthy();
    deny(server, REMOTE_ACCESS_PARAMETERS);
    return (await resultOf(sstpPorts, transportTo(server, { recordedAt: observedAt }), { minimumPorts })).status;
  };
  t.deepEqual([await statusOf(1), await statusOf(129)], ['unknown', 'fail']);
});

test('the device is found by either of its ids, in any case', judging, sstpPorts, {
  given: (server) => {
    removeValue(server, SSTP_MINIPORT, 'ComponentId');
    setValue(server, SSTP_MINIPORT, 'MatchingDeviceId', ['REG_SZ', 'MS_SstpMiniport']);
  },
  expected: ONE,
  status: 'pass',
});

test('a key that always refuses does not matter', judging, sstpPorts, {
  given: (server) => deny(server, `${NETWORK_CLASS}\\Properties`),
  expected: ONE,
  status: 'pass',
});

test('a second key of the device that says the same does not matter', judging, sstpPorts, {
  given: leftBehind(128),
  expected: ONE,
  status: 'pass',
});

test('a second key of the device that says otherwise is unknown', judging, sstpPorts, {
  given: leftBehind(2),
  expected: ONE,
  status: 'unknown',
  reason: 'unreadable',
  says: /0003 and otherwise in .*0012/,
});

for (const [kind, status] of [
  ['ROOT\\MS_SSTPMINIPORT\\0000', 'pass'],
  ['SWD\\MSRRAS\\MS_SSTPMINIPORT', 'unknown'],
] as const)
  test(`a second key of the device ${kind} that says otherwise: ${status}`, judging, sstpPorts, {
    given: (server) => {
      leftBehind(2)(server);
      setValue(server, `${NETWORK_CLASS}\\0012`, 'DeviceInstanceID', ['REG_SZ', kind]);
    },
    expected: ONE,
    status,
  });

test('a device of an older Windows is known, too', judging, sstpPorts, {
  given: (server) => {
    setValue(server, SSTP_MINIPORT, 'DeviceInstanceID', ['REG_SZ', 'ROOT\\MS_SSTPMINIPORT\\0000']);
    set('WanEndpoints', 2)(server);
  },
  expected: ONE,
  status: 'pass',
  says: /accepts calls on 2 ports/,
});

test('a device that may hide in a key that refuses is unknown', judging, sstpPorts, {
  given: (server) => deny(server, SSTP_MINIPORT),
  expected: ONE,
  status: 'unknown',
  reason: 'denied',
  says: /0003/,
});

for (const name of ['WanEndpoints', 'EnableForRas'])
  test(`a device without ${name} is unknown`, judging, sstpPorts, {
    given: (server) => removeValue(server, SSTP_MINIPORT, name),
    expected: ONE,
    status: 'unknown',
    reason: 'unreadable',
    says: new RegExp(`holds no ${name}`),
  });

test('a number of ports that is no number is unknown', judging, sstpPorts, {
  given: (server) => setValue(server, SSTP_MINIPORT, 'WanEndpoints', ['REG_SZ', '128']),
  expected: ONE,
  status: 'unknown',
  reason: 'unreadable',
});
