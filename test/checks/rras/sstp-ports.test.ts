import test from 'ava';
import sstpPorts from '../../../checks/rras/sstp-ports.ts';
import { NETWORK_CLASS, SSTP_MINIPORT } from '../../server/healthy.ts';
import { addKey, deny, removeKey, removeValue, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const ONE = { minimumPorts: 1 };
const set = (name: string, value: number) => (server: Server) =>
  setValue(server, SSTP_MINIPORT, name, ['REG_DWORD', value]);
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
