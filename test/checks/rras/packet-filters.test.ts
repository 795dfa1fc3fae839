import test from 'ava';
import packetFilters from '../../../checks/rras/packet-filters.ts';
import {
  type Filter,
  type FilterList,
  filterBlock,
  type Mapping,
  natBlock,
  switchedFilterBlock,
} from '../../server/filters.ts';
import {
  ADAPTER,
  ADAPTER_INTERFACE,
  healthy,
  NETWORK_NAMES,
  observedAt,
  REMOTE_ACCESS_INTERFACES,
  ROUTER_MANAGERS,
  SERVICES,
} from '../../server/healthy.ts';
import { addKey, deny, removeKey, removeValue, type Server, setValue, transportTo } from '../../server/state.ts';
import { judging, resultOf } from '../judging.ts';

const TCP = 6;
const ESTABLISHED = 0x86;
const UDP = 17;
const OWN = '203.0.113.10';

const put = (family: 4 | 6, block: Uint8Array) => (server: Server) =>
  setValue(server, `${ADAPTER_INTERFACE}\\${family === 4 ? 'Ip' : 'Ipv6'}`, 'InterfaceInfo', ['REG_BINARY', block]);
const list = (action: FilterList['action'], direction: 'in' | 'out', ...filters: Filter[]) =>
  put(4, filterBlock({ action, direction, filters }));
const list6 = (action: FilterList['action'], direction: 'in' | 'out', ...filters: Filter[]) =>
  put(6, filterBlock({ family: 6, action, direction, filters }));

/** What the adapter's addresses are: fixed ones, or a leased one. */
const addressed =
  (addresses: readonly string[], leased = false) =>
  (server: Server) =>
    addKey(server, `${SERVICES}\\Tcpip\\Parameters\\Interfaces\\${ADAPTER}`, {
      EnableDHCP: ['REG_DWORD', leased ? 1 : 0],
      IPAddress: ['REG_MULTI_SZ', leased ? ['192.0.2.99'] : addresses],
      DhcpIPAddress: ['REG_SZ', leased ? (addresses[0] ?? '') : '192.0.2.98'],
    });
const both =
  (...steps: readonly ((server: Server) => void)[]) =>
  (server: Server) => {
    for (const step of steps) step(server);
  };

test('the healthy server has no filter on any interface, for either family and direction', judging, packetFilters, {
  server: () => healthy({ alias: 'イーサネット 2', language: 'ja' }),
  status: 'pass',
  says: ['IPv4', 'IPv6'].flatMap((family) => [
    new RegExp(`^イーサネット 2 ${family} inbound: packets to TCP port 443 pass: no filter is set$`, 'm'),
    new RegExp(`^イーサネット 2 ${family} outbound: packets from TCP port 443 pass: no filter is set$`, 'm'),
  ]),
});

type Row = readonly [name: string, given: (server: Server) => void, status: 'pass' | 'fail', says: RegExp];
const INBOUND: readonly Row[] = [
  [
    'drops the port',
    list('forward', 'in', { protocol: TCP, destinationPort: 443 }),
    'fail',
    /Ethernet IPv4 inbound: packets to TCP port 443 are dropped: dropped by filter 1 \(TCP from any address to any address port 443\)/,
  ],
  ['drops all of TCP', list('forward', 'in', { protocol: TCP }), 'fail', /are dropped: dropped by filter 1/],
  ['drops any protocol', list('forward', 'in', {}), 'fail', /dropped by filter 1 \(any protocol from any address to/],
  [
    'drops established connections, which ends every one',
    list('forward', 'in', { protocol: ESTABLISHED }),
    'fail',
    /dropped by filter 1 \(TCP established/,
  ],
  ['drops UDP', list('forward', 'in', { protocol: UDP, destinationPort: 443 }), 'pass', /pass: no filter drops them/],
  ['drops another port', list('forward', 'in', { protocol: TCP, destinationPort: 80 }), 'pass', /no filter drops them/],
  [
    'drops some clients',
    list('forward', 'in', { protocol: TCP, source: '198.51.100.0/24' }),
    'fail',
    /pass in part only: dropped in part by filter 1 \(TCP from 198\.51\.100\.0\/24 to any address\)/,
  ],
  [
    'drops some ports of clients',
    list('forward', 'in', { protocol: TCP, sourcePort: 53 }),
    'fail',
    /pass in part only: dropped in part by filter 1 \(TCP from any address port 53 to any address\)/,
  ],
  [
    'admits the port, as the setup wizard does',
    list(
      'drop',
      'in',
      { protocol: UDP, destinationPort: 4500 },
      { protocol: TCP, destinationPort: 443 },
      { protocol: TCP, destinationPort: 1723 },
    ),
    'pass',
    /packets to TCP port 443 pass: admitted by filter 2 \(TCP from any address to any address port 443\)/,
  ],
  ['admits all of TCP', list('drop', 'in', { protocol: TCP }), 'pass', /admitted by filter 1/],
  ['admits any protocol', list('drop', 'in', {}), 'pass', /admitted by filter 1/],
  [
    'admits only other ports',
    list('drop', 'in', { protocol: TCP, destinationPort: 1723 }, { protocol: UDP, destinationPort: 443 }),
    'fail',
    /are dropped: all is dropped but what is listed, and they are not listed/,
  ],
  [
    'admits only established connections, not the first packet of one',
    list('drop', 'in', { protocol: ESTABLISHED }),
    'fail',
    /are dropped: all is dropped but what is listed, and they are not listed/,
  ],
  [
    'admits some clients only',
    list('drop', 'in', { protocol: TCP, source: '198.51.100.0/24', destinationPort: 443 }),
    'fail',
    /pass in part only: all is dropped but what is listed, and only a part is listed: filter 1/,
  ],
  [
    'admits answers to browsing only',
    list('drop', 'in', { protocol: TCP, sourcePort: 443 }),
    'fail',
    /pass in part only: .*from any address port 443/,
  ],
  [
    'admits some clients, and in another filter all of them',
    list('drop', 'in', { protocol: TCP, source: '198.51.100.0/24' }, { protocol: TCP, destinationPort: 443 }),
    'pass',
    /admitted by filter 2/,
  ],
];
const OUTBOUND: readonly Row[] = [
  [
    'drops the port',
    list('forward', 'out', { protocol: TCP, sourcePort: 443 }),
    'fail',
    /Ethernet IPv4 outbound: packets from TCP port 443 are dropped: dropped by filter 1 \(TCP from any address port 443/,
  ],
  [
    'drops what the server sends to web sites',
    list('forward', 'out', { protocol: TCP, destinationPort: 443 }),
    'fail',
    /outbound: packets from TCP port 443 pass in part only: dropped in part by filter 1/,
  ],
  ['drops another port', list('forward', 'out', { protocol: TCP, sourcePort: 80 }), 'pass', /no filter drops them/],
  [
    'admits the port',
    list('drop', 'out', { protocol: TCP, sourcePort: 443 }),
    'pass',
    /outbound: .*admitted by filter 1/,
  ],
  [
    'admits established connections, of which all answers are part',
    list('drop', 'out', { protocol: ESTABLISHED }),
    'pass',
    /outbound: packets from TCP port 443 pass: admitted by filter 1 \(TCP established/,
  ],
  [
    'admits the port as destination only',
    list('drop', 'out', { protocol: TCP, destinationPort: 443 }),
    'fail',
    /outbound: packets from TCP port 443 pass in part only/,
  ],
];
const IPV6: readonly Row[] = [
  [
    'drops the port for IPv6',
    list6('forward', 'in', { protocol: TCP, destinationPort: 443 }),
    'fail',
    /Ethernet IPv6 inbound: packets to TCP port 443 are dropped/,
  ],
  [
    'drops some IPv6 clients',
    list6('forward', 'in', { protocol: TCP, source: '2001:db8:1::/48' }),
    'fail',
    /IPv6 inbound: .*dropped in part by filter 1 \(TCP from 2001:db8:1::\/48 to any address\)/,
  ],
  [
    'admits the port for IPv6',
    list6('drop', 'out', { protocol: TCP, sourcePort: 443 }),
    'pass',
    /IPv6 outbound: packets from TCP port 443 pass: admitted by filter 1/,
  ],
];
for (const [title, rows] of Object.entries({
  'an inbound list': INBOUND,
  'an outbound list': OUTBOUND,
  'a list': IPV6,
}))
  for (const [name, given, status, says] of rows)
    test(`${title} that ${name} is a ${status}`, judging, packetFilters, { given, status, says });

test('a filter in one direction leaves the other one alone', judging, packetFilters, {
  given: list('forward', 'in', { protocol: TCP, destinationPort: 443 }),
  status: 'fail',
  says: [/IPv4 outbound: .*pass: no filter is set/, /IPv6 inbound: .*pass: no filter is set/],
});

const toOwn = (address: string): Filter => ({ protocol: TCP, destination: address, destinationPort: 443 });
for (const leased of [false, true])
  test(
    `a filter that admits the port at the server's ${leased ? 'leased' : 'fixed'} address passes`,
    judging,
    packetFilters,
    {
      given: both(addressed([OWN], leased), list('drop', 'in', toOwn(`${OWN}/32`))),
      status: 'pass',
      says: /admitted by filter 1 \(TCP from any address to 203\.0\.113\.10\/32 port 443\)/,
    },
  );

test('filters that admit the port at each address of the server pass', judging, packetFilters, {
  given: both(
    addressed([OWN, '203.0.113.11']),
    list('drop', 'in', toOwn('203.0.113.11/32'), toOwn(`${OWN}/32`), toOwn('192.0.2.1/32')),
  ),
  status: 'pass',
  says: /admitted by filter 1 .*filter 2/,
});

test('a filter that admits the port at one of two addresses is partly', judging, packetFilters, {
  given: both(addressed([OWN, '203.0.113.11']), list('drop', 'in', toOwn(`${OWN}/32`))),
  status: 'fail',
  says: /pass in part only: .*filter 1/,
});

test('a filter that admits the port at another address only admits nothing', judging, packetFilters, {
  given: both(addressed([OWN]), list('drop', 'in', toOwn('203.0.113.99/32'))),
  status: 'fail',
  says: /are dropped: all is dropped/,
});

test("a filter that drops the network of the server's address drops it", judging, packetFilters, {
  given: both(addressed([OWN]), list('forward', 'in', { destination: '203.0.113.0/24' })),
  status: 'fail',
  says: /are dropped: dropped by filter 1/,
});

test('a filter that drops another address drops nothing of SSTP', judging, packetFilters, {
  given: both(addressed([OWN]), list('forward', 'in', { destination: '203.0.113.99/32' })),
  status: 'pass',
  says: /no filter drops them/,
});

test("the answers' own address counts on the way out", judging, packetFilters, {
  given: both(addressed([OWN]), list('drop', 'out', { protocol: TCP, source: `${OWN}/32`, sourcePort: 443 })),
  status: 'pass',
  says: /outbound: .*admitted by filter 1/,
});

test('an address of the server whose addresses cannot be read is unknown', judging, packetFilters, {
  given: list('drop', 'in', toOwn(`${OWN}/32`)),
  status: 'unknown',
  reason: 'absent',
  says: /Tcpip/,
});

test('an address of the server without any address is unknown', judging, packetFilters, {
  given: both(addressed(['0.0.0.0']), list('drop', 'in', toOwn(`${OWN}/32`))),
  status: 'unknown',
  reason: 'unreadable',
  says: /Ethernet IPv4 inbound: .* names an address of the server, and its addresses are not known/,
});

test(
  'a filter for an address of an adapter that is gone hides none that blocks at another one',
  judging,
  packetFilters,
  {
    given: both(list('drop', 'in', toOwn('192.0.2.99/32')), (server) => {
      addKey(server, `${SERVICES}\\Tcpip\\Parameters\\Interfaces\\{another}`);
      addKey(server, `${REMOTE_ACCESS_INTERFACES}\\9`, { InterfaceName: ['REG_SZ', 'new'], Type: ['REG_DWORD', 3] });
      addKey(server, `${REMOTE_ACCESS_INTERFACES}\\9\\Ip`, {
        InterfaceInfo: [
          'REG_BINARY',
          filterBlock({ action: 'drop', direction: 'in', filters: [{ protocol: TCP, destinationPort: 1723 }] }),
        ],
      });
    }),
    status: 'fail',
    says: [
      /Ethernet IPv4 inbound: .* names an address of the server, and its addresses are not known/,
      /new IPv4 inbound: packets to TCP port 443 are dropped/,
    ],
  },
);

test('an IPv6 address of the server is unknown: nobody knows which it has', judging, packetFilters, {
  given: list6('drop', 'in', { protocol: TCP, destination: '2001:db8::10/128', destinationPort: 443 }),
  status: 'unknown',
  reason: 'unreadable',
  says: /Ethernet IPv6 inbound: whether packets to TCP port 443 pass is not known: filter 1 .*2001:db8::10\/128 port 443\) names an address of the server/,
});

test('a filter that is not known hides none that blocks', judging, packetFilters, {
  given: both(
    list6('drop', 'in', { protocol: TCP, destination: '2001:db8::10/128', destinationPort: 443 }),
    list('drop', 'in', { protocol: UDP }),
  ),
  status: 'fail',
  says: [
    /Ethernet IPv4 inbound: packets to TCP port 443 are dropped/,
    /Ethernet IPv6 inbound: whether .* is not known/,
  ],
});

test('a filter that takes an address at run time is unknown', judging, packetFilters, {
  given: list('drop', 'in', { protocol: TCP, destinationPort: 443, lateBound: 0x4 }),
  status: 'unknown',
  reason: 'unreadable',
  says: /Ethernet IPv4 inbound: whether .* pass is not known: filter 1 takes an address from the interface at run time/,
});

test('a filter that takes an address at run time does not matter for another port', judging, packetFilters, {
  given: list('forward', 'in', { protocol: TCP, destinationPort: 25, lateBound: 0x4 }),
  status: 'pass',
});

test('a filter that takes an address at run time does not matter beside one that decides', judging, packetFilters, {
  given: list('drop', 'in', { protocol: TCP, destinationPort: 443, lateBound: 0x4 }, { protocol: TCP }),
  status: 'pass',
  says: /admitted by filter 2/,
});

const BLOCKING: FilterList = { action: 'drop', direction: 'in', filters: [{ protocol: UDP }] };
test('filters that are switched off at the interface block nothing', judging, packetFilters, {
  given: put(4, switchedFilterBlock(false, BLOCKING)),
  status: 'pass',
  says: /IPv4 inbound: packets to TCP port 443 pass: filtering is switched off/,
});

test('filters that are switched on block', judging, packetFilters, {
  given: put(4, switchedFilterBlock(true, BLOCKING)),
  status: 'fail',
  says: /are dropped/,
});

test('filters that are switched off for the whole family block nothing', judging, packetFilters, {
  given: both(put(4, filterBlock(BLOCKING)), (server) =>
    setValue(server, `${ROUTER_MANAGERS}\\Ip`, 'GlobalInfo', ['REG_BINARY', switchedFilterBlock(false)]),
  ),
  status: 'pass',
  says: /filtering is switched off/,
});

test('global settings that make no sense leave filters unknown', judging, packetFilters, {
  given: both(put(4, filterBlock(BLOCKING)), (server) =>
    setValue(server, `${ROUTER_MANAGERS}\\Ip`, 'GlobalInfo', ['REG_BINARY', Uint8Array.of(9, 9, 9)]),
  ),
  status: 'unknown',
  reason: 'unreadable',
});

test('the port is that of the listener', judging, packetFilters, {
  server: () => healthy({ port: 4443 }),
  given: list('drop', 'in', { protocol: TCP, destinationPort: 443 }),
  status: 'fail',
  says: /packets to TCP port 4443 are dropped/,
});

test('with TLS offload the port is 80', judging, packetFilters, {
  server: () => healthy({ offload: true }),
  given: list('drop', 'in', { protocol: TCP, destinationPort: 80 }),
  status: 'pass',
  says: /packets to TCP port 80 pass: admitted by filter 1/,
});

test('filters inside the tunnels are not about SSTP', judging, packetFilters, {
  given: (server) =>
    setValue(server, `${REMOTE_ACCESS_INTERFACES}\\1\\Ip`, 'InterfaceInfo', ['REG_BINARY', filterBlock(BLOCKING)]),
  status: 'pass',
});

test('an interface of a kind that nobody named is one from outside', judging, packetFilters, {
  given: both(list('forward', 'in', {}), (server) => removeValue(server, ADAPTER_INTERFACE, 'Type')),
  status: 'fail',
  says: /are dropped/,
});

test('a family that RRAS does not route has no filters', judging, packetFilters, {
  given: (server) => removeKey(server, `${ADAPTER_INTERFACE}\\Ipv6`),
  status: 'pass',
  says: /Ethernet IPv6 inbound: .*no filter is set/,
});

test('without its name an interface is called by its GUID', judging, packetFilters, {
  given: (server) => removeKey(server, NETWORK_NAMES),
  status: 'pass',
  says: /^\{8A1C9D34-6B0E-4F52-9C77-2D5E13B0A6F8\} IPv4 inbound: /m,
});

test('settings without InterfaceInfo are unknown', judging, packetFilters, {
  given: (server) => removeValue(server, `${ADAPTER_INTERFACE}\\Ip`, 'InterfaceInfo'),
  status: 'unknown',
  reason: 'unreadable',
  says: /holds no InterfaceInfo/,
});

test('an RRAS without an interface from outside is unknown', judging, packetFilters, {
  given: (server) => removeKey(server, ADAPTER_INTERFACE),
  status: 'unknown',
  reason: 'absent',
  says: /lists no interface that carries packets from outside/,
});

for (const [name, key] of [
  ['interfaces', REMOTE_ACCESS_INTERFACES],
  ['router managers', ROUTER_MANAGERS],
  ['one interface', ADAPTER_INTERFACE],
] as const)
  test(`${name} that may not be read are unknown`, judging, packetFilters, {
    given: (server) => deny(server, key),
    status: 'unknown',
    reason: 'denied',
  });

/** Flags of the interface to the outside; NAT of Server 2003 could drop all else, too. */
const OUTSIDE = 0x3;
const STRICT = 0x13;
const nat =
  (flags: number, ...mappings: readonly Mapping[]) =>
  (server: Server) =>
    put(4, natBlock(flags, ...mappings))(server);
const HERE = '127.0.0.1';

const NAT: readonly Row[] = [
  [
    'without a mapping',
    nat(OUTSIDE),
    'pass',
    /^Ethernet NAT: NAT leaves TCP port 443 to this server: it sends this port/m,
  ],
  [
    'that sends the port to a host inside',
    both(addressed([OWN]), nat(OUTSIDE, {})),
    'fail',
    /^Ethernet NAT: NAT takes TCP port 443 from this server: what comes is sent on to 192\.168\.1\.10 port 443$/m,
  ],
  ['that sends another port on', nat(OUTSIDE, { port: 8443 }), 'pass', /it sends this port nowhere/],
  ['that sends UDP on', nat(OUTSIDE, { protocol: UDP }), 'pass', /it sends this port nowhere/],
  [
    'that sends the port to the server itself',
    nat(OUTSIDE, { toAddress: HERE }),
    'pass',
    /sent on to 127\.0\.0\.1 port 443/,
  ],
  [
    'that sends the port to an address of the server',
    both(addressed([OWN, '10.0.0.1']), nat(OUTSIDE, { toAddress: '10.0.0.1' })),
    'pass',
    /sent on to 10\.0\.0\.1 port 443/,
  ],
  [
    'that sends the port to another one of the server',
    nat(OUTSIDE, { toAddress: HERE, toPort: 8443 }),
    'fail',
    /sent on to 127\.0\.0\.1 port 8443/,
  ],
  [
    'that takes the port of one address of the server',
    both(addressed([OWN, '203.0.113.11']), nat(OUTSIDE, { address: '203.0.113.11' })),
    'fail',
    /what comes to 203\.0\.113\.11 is sent on to 192\.168\.1\.10/,
  ],
  [
    'that takes the port of an address that is none of the server',
    both(addressed([OWN]), nat(OUTSIDE, { address: '203.0.113.99' })),
    'pass',
    /what comes to 203\.0\.113\.99 is sent on/,
  ],
  [
    'that takes the port with its last mapping',
    both(addressed([OWN]), nat(OUTSIDE, { port: 80 }, { toAddress: HERE, port: 25 }, {})),
    'fail',
    /NAT takes TCP port 443/,
  ],
  ['on the inside', nat(0, {}), 'pass', /it sends this port nowhere/],
  ['that drops all else, and not this port', nat(STRICT, { toAddress: HERE }), 'pass', /sent on to 127\.0\.0\.1/],
];
for (const [name, given, status, says] of NAT)
  test(`NAT ${name}: ${status}`, judging, packetFilters, { given, status, says });

test('an interface without NAT tells nothing of it', async (t) => {
  const { findings } = await resultOf(packetFilters, transportTo(healthy(), { recordedAt: observedAt }));
  t.deepEqual(
    findings.filter(({ subject = '' }) => subject.endsWith('NAT')),
    [],
  );
});

test('the port of a server behind a balancer is the one that NAT must leave', judging, packetFilters, {
  server: () => healthy({ offload: true }),
  given: both(addressed([OWN]), nat(OUTSIDE, { port: 80 })),
  status: 'fail',
  says: /NAT takes TCP port 80 from this server/,
});

for (const [name, mapping] of [
  ['another port only', { port: 1723, toAddress: HERE }],
  ['an address that is none of the server only', { address: '203.0.113.99' }],
  ['one address of the server only', { address: OWN, toAddress: HERE }],
] as const)
  test(`NAT that drops all else, and has a mapping for ${name}, is unknown`, judging, packetFilters, {
    given: both(addressed([OWN, '203.0.113.11']), nat(STRICT, mapping)),
    status: 'unknown',
    reason: 'unreadable',
    says: /whether NAT leaves TCP port 443 to this server is not known: it drops what it has no mapping for/,
  });

test('a filter that drops packets fails beside NAT that is not known', judging, packetFilters, {
  given: both(nat(STRICT), list6('forward', 'in', {})),
  status: 'fail',
});

for (const [name, given, reason] of [
  ['may not be read', (server: Server) => deny(server, `${SERVICES}\\Tcpip\\Parameters\\Interfaces`), 'denied'],
  ['are not there', () => {}, 'absent'],
  ['are none', addressed([]), 'unreadable'],
] as const)
  test(`where the addresses of the server ${name}, NAT that sends the port on is unknown`, judging, packetFilters, {
    given: both(given, nat(OUTSIDE, {})),
    status: 'unknown',
    reason,
  });

/** Settings of NAT with one byte of another value. */
const spoiled = (at: number, value: number) => (server: Server) => {
  const block = natBlock(OUTSIDE, {});
  // The settings of NAT stand behind four entries and what they hold: index, flags, then the block of their own.
  const from = Buffer.from(block).lastIndexOf(Buffer.from('0000000003000000', 'hex'));
  block[from + at] = value;
  put(4, block)(server);
};
/** The same in so many entries of the size that leaves their length as it is. */
const divided = (server: Server): void => {
  const block = natBlock(OUTSIDE, {}, {});
  const view = new DataView(block.buffer, block.byteOffset);
  const entry = 12 + 3 * 16;
  view.setUint32(entry + 4, view.getUint32(entry + 4, true) / 2, true);
  view.setUint32(entry + 8, 2, true);
  put(4, block)(server);
};
for (const [name, given, says] of [
  ['that are there twice', divided, /2 settings of NAT of \d+ bytes/],
  ['of another version', spoiled(8, 2), /the NAT settings of Ethernet hold no version 1 at byte 0/],
  ['larger than their room', spoiled(12, 0xff), /settings of NAT of 255 bytes/],
  ['with more entries than there is room for', spoiled(16, 9), /hold more entries than there is room for/],
  ['with mappings of another size', spoiled(24, 8), /port mappings of 8 bytes/],
  [
    'with the port in the other byte order',
    nat(OUTSIDE, { port: 0xbb01 }),
    /port 47873, or 443 in the other byte order/,
  ],
] as const)
  test(`settings of NAT ${name} are unknown`, judging, packetFilters, {
    given,
    status: 'unknown',
    reason: 'unreadable',
    says,
  });
