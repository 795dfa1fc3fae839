import test from 'ava';
import {
  type Family,
  type InterfaceFilters,
  isFilteringEnabled,
  parseInterfaceInfo,
} from '../../../checks/facts/read/interface-info.ts';
import { Unknown } from '../../../engine/define.ts';
import { type Filter, type FilterList, filterBlock, switchedFilterBlock } from '../../server/filters.ts';
import { keysOf, sample } from './samples.ts';

const parse = (bytes: Uint8Array, family: Family = 'IPv4', port = 443): InterfaceFilters =>
  parseInterfaceInfo('Ethernet', family, bytes, port);
const block = (...filters: readonly Filter[]): Uint8Array => filterBlock({ direction: 'in', action: 'drop', filters });

test('the recorded interfaces have no filters, in either family', (t) => {
  const text = sample(t, 'rras-interfaceinfo-registry-en-1.txt');
  if (text === undefined) return;
  const blobs = [...keysOf(text)].flatMap(([key, values]) => {
    const value = values.get('InterfaceInfo');
    return value?.[0] === 'REG_BINARY' ? [[key, value[1]] as const] : [];
  });
  t.deepEqual(
    blobs.map(([key]) => key.slice(key.lastIndexOf('s\\') + 2)),
    ['0\\Ip', '0\\Ipv6'],
  );
  for (const [key, bytes] of blobs)
    t.deepEqual(parse(bytes, key.endsWith('Ipv6') ? 'IPv6' : 'IPv4'), { enabled: true });
});

test('the recorded global settings leave filters in force', (t) => {
  const text = sample(t, 'rras-parameters-registry-en-1.txt');
  if (text === undefined) return;
  const value = [...keysOf(text).values()].map((values) => values.get('GlobalInfo')).find((found) => found);
  t.is(value?.[0], 'REG_BINARY');
  t.true(value?.[0] === 'REG_BINARY' && isFilteringEnabled('all interfaces', 'IPv4', value[1]));
});

test('an IPv4 filter is read with all that it names', (t) => {
  const { in: input } = parse(
    block({
      protocol: 6,
      source: '198.51.100.0/24',
      destination: '203.0.113.10/32',
      sourcePort: 1234,
      destinationPort: 443,
      lateBound: 0x14,
    }),
  );
  t.is(input?.action, 'drop');
  t.like(input?.filters[0], { protocol: 6, sourcePort: 1234, destinationPort: 443, lateBound: true });
  t.is(input?.filters[0]?.source?.text, '198.51.100.0/24');
  t.is(input?.filters[0]?.destination?.text, '203.0.113.10/32');
});

test('an IPv6 filter is read with all that it names', (t) => {
  const list: FilterList = {
    family: 6,
    direction: 'out',
    action: 'forward',
    filters: [{ protocol: 17, source: '2001:db8::10/128', destination: '2001:db8:1::/48', sourcePort: 500 }],
  };
  const { in: input, out: output } = parse(filterBlock(list), 'IPv6');
  t.is(input, undefined);
  t.is(output?.action, 'forward');
  t.like(output?.filters[0], { protocol: 17, sourcePort: 500, lateBound: false });
  t.is(output?.filters[0]?.source?.text, '2001:db8::10/128');
  t.is(output?.filters[0]?.destination?.text, '2001:db8:1::/48');
});

test('what a filter does not name is absent', (t) => {
  t.deepEqual(parse(block({})).in?.filters, [{ protocol: 0, lateBound: false }]);
});

test('filters keep their order', (t) => {
  const filters = [80, 25, 443].map((destinationPort) => ({ protocol: 6, destinationPort }));
  t.deepEqual(
    parse(block(...filters)).in?.filters.map(({ destinationPort }) => destinationPort),
    [80, 25, 443],
  );
});

for (const enabled of [true, false])
  test(`filtering that is switched ${enabled ? 'on' : 'off'} is told`, (t) => {
    t.is(parse(switchedFilterBlock(enabled)).enabled, enabled);
    t.is(isFilteringEnabled('all interfaces', 'IPv4', switchedFilterBlock(enabled)), enabled);
  });

/** A port that only the other byte order would make one of a VPN protocol. */
const swapped = (port: number): number => ((port & 255) << 8) | (port >> 8);
for (const port of [443, 80, 1723, 1701, 500, 4500, 4443])
  test(`a port that is ${port} in the other byte order is not believed`, (t) => {
    for (const filter of [{ destinationPort: swapped(port) }, { sourcePort: swapped(port) }])
      t.throws(() => parse(block({ protocol: 6, ...filter }), 'IPv4', 4443), {
        instanceOf: Unknown,
        message: new RegExp(`or ${port} in the other byte order`),
      });
  });

test('a port that is one of a VPN protocol in either byte order is believed', (t) => {
  t.is(parse(block({ protocol: 6, destinationPort: 443 }), 'IPv4', swapped(443)).in?.filters[0]?.destinationPort, 443);
});

const with32 = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
};
const one = block({ protocol: 6, destinationPort: 443 });
/** Of the block above: the entry of the list in the table of contents, and the list. */
const ENTRY = 12 + 3 * 16;
const LIST = new DataView(one.buffer, one.byteOffset).getUint32(ENTRY + 12, true);
/** Where three filters stood, the first one is a list of its own, and so may the rest be. */
const twice = [
  [ENTRY + 4, 40],
  [ENTRY + 8, 2],
  [LIST + 4, 1],
].reduce<Uint8Array>((bytes, [at = 0, value = 0]) => with32(bytes, at, value), block({}, {}, {}));
const switched = switchedFilterBlock(true);
const SWITCH = new DataView(switched.buffer, switched.byteOffset).getUint32(ENTRY + 12, true);
for (const [name, bytes] of [
  ['nothing', new Uint8Array()],
  ['a header that was cut', one.slice(0, 11)],
  ['another version', with32(one, 0, 2)],
  ['a size that is not its own', with32(one, 4, one.length - 4)],
  ['a blob that was cut', one.slice(0, -16)],
  ['more entries than there is room for', with32(one, 8, 1_000)],
  ['an entry beyond the end', with32(one, ENTRY + 12, one.length)],
  ['an entry inside the table of contents', with32(one, ENTRY + 12, 16)],
  ['two lists in one entry', with32(one, ENTRY + 8, 2)],
  ['two lists in one entry, with room for both', twice],
  ['a list of another length', with32(one, ENTRY + 4, 44)],
  ['filters of the other family', with32(one, ENTRY, 0xffff0011)],
  ['another version of a list', with32(one, LIST, 2)],
  ['a list of no filters', with32(one, LIST + 4, 0)],
  ['a list of no filters, and no room for any', with32(with32(one, LIST + 4, 0), ENTRY + 4, 12)],
  ['more filters than there is room for', with32(one, LIST + 4, 2)],
  ['an action that is none', with32(one, LIST + 8, 2)],
  ['a mask without an address', with32(one, LIST + 12 + 4, 0xffffffff)],
  ['an address without a mask', with32(one, LIST + 12, 0x0100000a)],
  ['a protocol that is none', with32(one, LIST + 12 + 16, 256)],
  ['late binding that nobody knows', with32(one, LIST + 12 + 20, 0x40)],
  ['ports of any protocol', with32(one, LIST + 12 + 16, 0)],
  ['two switches in one entry', with32(switched, ENTRY + 8, 2)],
  ['a switch of another length', with32(switched, ENTRY + 4, 8)],
  ['a switch that is neither on nor off', with32(switched, SWITCH, 2)],
] as const)
  test(`${name} is unknown`, (t) => {
    t.throws(() => parse(bytes), {
      instanceOf: Unknown,
      message: /^the IPv4 settings of Ethernet hold .* at byte \d+$/,
    });
  });

test('a second list of the same direction is unknown', (t) => {
  const list: FilterList = { direction: 'in', action: 'drop', filters: [{}] };
  t.throws(() => parse(filterBlock(list, list)), { instanceOf: Unknown, message: /a second entry of its kind/ });
});

test('a byte changed anywhere never makes anything but filters or an Unknown', (t) => {
  for (let at = 0; at < one.length; at++)
    for (const bit of [1, 0x80]) {
      const bytes = Uint8Array.from(one);
      bytes[at] = (bytes[at] ?? 0) ^ bit;
      try {
        parse(bytes);
      } catch (error) {
        t.true(error instanceof Unknown, `byte ${at}: ${error}`);
      }
    }
  t.pass();
});
