import test from 'ava';
import enabled from '../../../checks/rras/remote-access-enabled.ts';
import { REMOTE_ACCESS, REMOTE_ACCESS_PARAMETERS } from '../../server/healthy.ts';
import { addKey, deny, removeKey, removeValue, type Server, setValue } from '../../server/state.ts';
import { judging } from '../judging.ts';

const IPV4 = { addressFamilies: ['IPv4'] };
const IPV6 = { addressFamilies: ['IPv6'] };
const BOTH = { addressFamilies: ['IPv4', 'IPv6'] };
const flags = (value: number) => (server: Server) =>
  setValue(server, REMOTE_ACCESS, 'ConfigurationFlags', ['REG_DWORD', value]);
const type = (value: number) => (server: Server) =>
  setValue(server, REMOTE_ACCESS_PARAMETERS, 'RouterType', ['REG_DWORD', value]);
const enableIn = (family: 'Ip' | 'Ipv6', value: number) => (server: Server) =>
  setValue(server, `${REMOTE_ACCESS_PARAMETERS}\\${family}`, 'EnableIn', ['REG_DWORD', value]);

test('the healthy server is a remote access server for IPv4', judging, enabled, {
  expected: IPV4,
  status: 'pass',
  says: [/RRAS: RRAS is configured/, /IPv4: RouterType 0x7 makes it a remote access server/],
});

test('it is none for IPv6 until its type says so', judging, enabled, {
  expected: BOTH,
  status: 'fail',
  says: /IPv6: RouterType 0x7 does not make it a remote access server for IPv6/,
});

test('a server for both families passes', judging, enabled, { given: type(0x0f), expected: BOTH, status: 'pass' });

test('an RRAS that nobody configured fails, whatever its type', judging, enabled, {
  given: flags(0),
  expected: IPV4,
  status: 'fail',
  says: /RRAS: RRAS is not configured \(ConfigurationFlags is 0\)/,
});

for (const [kind, value] of [
  ['a LAN router', 0x2],
  ['a LAN and demand-dial router', 0x6],
  ['a remote access server for IPv6 only', 0x38],
  ['nothing', 0],
] as const)
  test(`an RRAS that is ${kind} fails`, judging, enabled, {
    given: type(value),
    expected: IPV4,
    status: 'fail',
    says: new RegExp(`RouterType 0x${value.toString(16)} does not make it a remote access server for IPv4`),
  });

test('remote access shut for a family fails', judging, enabled, {
  given: enableIn('Ip', 0),
  expected: IPV4,
  status: 'fail',
  says: /IPv4: EnableIn is 0/,
});

test('remote access shut for the other family does not matter', judging, enabled, {
  given: enableIn('Ipv6', 0),
  expected: IPV4,
  status: 'pass',
});

test('IPv6 shut fails where IPv6 is expected', judging, enabled, {
  given: (server) => {
    type(0x0f)(server);
    enableIn('Ipv6', 0)(server);
  },
  expected: IPV6,
  status: 'fail',
  says: /IPv6: EnableIn is 0/,
});

/** The addresses come from a static pool with these ranges. */
const pool =
  (...ranges: readonly (readonly [from: number, to: number])[]) =>
  (server: Server) => {
    setValue(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip`, 'UseDhcpAddressing', ['REG_DWORD', 0]);
    for (const [at, [from, to]] of ranges.entries())
      addKey(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip\\StaticAddressPool\\${at}`, {
        From: ['REG_DWORD', from],
        To: ['REG_DWORD', to],
      });
  };

for (const [what, given, size] of [
  ['without any range', pool(), 0],
  ['with a range that ends before it begins', pool([0x0a010209, 0x0a010200]), 0],
  ['with one address, which the server takes', pool([0x0a010200, 0x0a010200]), 1],
] as const)
  test(`a static pool ${what} fails`, judging, enabled, {
    given,
    expected: IPV4,
    status: 'fail',
    says: new RegExp(`IPv4: callers get no IPv4 address: the static pool holds ${size}, and`),
  });

for (const [what, given] of [
  ['with addresses', pool([0x0a010200, 0x0a010209])],
  ['with an address in each of two ranges', pool([0x0a010200, 0x0a010200], [0x0a010300, 0x0a010300])],
] as const)
  test(`a static pool ${what} passes`, judging, enabled, { given, expected: IPV4, status: 'pass' });

test('a static pool says nothing of IPv6', judging, enabled, {
  given: (server) => {
    pool()(server);
    type(0x0f)(server);
  },
  expected: IPV6,
  status: 'pass',
});

test('a static pool in the older form is not counted', judging, enabled, {
  given: (server) => {
    pool()(server);
    setValue(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip`, 'IpAddress', ['REG_SZ', '10.1.2.0']);
  },
  expected: IPV4,
  status: 'pass',
});

test('an empty static pool does not matter where DHCP gives the addresses', judging, enabled, {
  given: (server) => addKey(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip\\StaticAddressPool`),
  expected: IPV4,
  status: 'pass',
});

test('a range without an end is unknown', judging, enabled, {
  given: (server) => {
    pool([0x0a010200, 0x0a010209])(server);
    removeValue(server, `${REMOTE_ACCESS_PARAMETERS}\\Ip\\StaticAddressPool\\0`, 'To');
  },
  expected: IPV4,
  status: 'unknown',
  says: /holds no To/,
});

for (const [what, key, name] of [
  ['ConfigurationFlags', REMOTE_ACCESS, 'ConfigurationFlags'],
  ['RouterType', REMOTE_ACCESS_PARAMETERS, 'RouterType'],
] as const)
  test(`a missing ${what} is unknown`, judging, enabled, {
    given: (server) => removeValue(server, key, name),
    expected: IPV4,
    status: 'unknown',
    reason: 'absent',
    says: new RegExp(`holds no ${name}`),
  });

test('ConfigurationFlags that nobody has seen are unknown', judging, enabled, {
  given: flags(3),
  expected: IPV4,
  status: 'unknown',
  reason: 'unreadable',
  says: /ConfigurationFlags 3/,
});

test('a server without the service is unknown', judging, enabled, {
  given: (server) => removeKey(server, REMOTE_ACCESS),
  expected: IPV4,
  status: 'unknown',
  reason: 'absent',
});

test('settings that may not be read are unknown', judging, enabled, {
  given: (server) => deny(server, REMOTE_ACCESS_PARAMETERS),
  expected: IPV4,
  status: 'unknown',
  reason: 'denied',
});
