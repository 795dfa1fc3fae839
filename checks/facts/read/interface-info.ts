import { type Block, blockOf, type Entry, entriesOf, portAt } from './info-block.ts';
import { NAT_SETTINGS, type Nat, natAt } from './nat.ts';
import { type Network, networkOf, networkOfPrefix } from './network.ts';

export type Family = 'IPv4' | 'IPv6';

/** One static filter: what it names must all fit; what is absent fits everything. */
export type PacketFilter = Readonly<{
  source?: Network;
  destination?: Network;
  /** 0 any, 6 TCP, 0x86 TCP of an established connection. */
  protocol: number;
  /** RRAS replaces an address or mask of it at run time: what it then matches is not known. */
  lateBound: boolean;
  sourcePort?: number;
  destinationPort?: number;
}>;

/** `forward`: everything passes but the listed packets; `drop`: nothing passes but the listed packets. */
export type FilterList = Readonly<{ action: 'forward' | 'drop'; filters: readonly PacketFilter[] }>;

/**
 * The filters of one interface and family, and its NAT, which is for IPv4 only. `enabled` is false where filtering is switched
 * off for the interface.
 */
export type InterfaceFilters = Readonly<{ enabled: boolean; in?: FilterList; out?: FilterList; nat?: Nat }>;

const TYPES = {
  IPv4: { in: 0xffff0001, out: 0xffff0002, enabled: 0xffff0015 },
  IPv6: { in: 0xffff0011, out: 0xffff0012, enabled: 0xffff0016 },
} as const;
/** Version, number of filters, action. */
const LIST = 12;
const FILTER = { IPv4: 28, IPv6: 52 } as const;
const ACTIONS = ['forward', 'drop'] as const;
const PROTOCOLS_WITH_PORTS = [6, 0x86, 17];

const networksAt = (block: Block, at: number, family: Family, lateBound: boolean) => {
  const { view, unreadable } = block;
  const bytes = (from: number, length: number) => new Uint8Array(view.buffer, view.byteOffset + from, length);
  const network = (from: number): Network | undefined => {
    const found =
      family === 'IPv4'
        ? networkOf(bytes(from, 4), bytes(from + 4, 4))
        : networkOfPrefix(bytes(from, 16), view.getUint32(from + 16, true));
    return found === 'contradictory'
      ? lateBound
        ? undefined
        : unreadable(from, 'an address against its mask')
      : found;
  };
  const source = network(at);
  const destination = network(at + (family === 'IPv4' ? 8 : 20));
  return { ...(source && { source }), ...(destination && { destination }) };
};

const filterAt = (block: Block, at: number, family: Family, listener: number): PacketFilter => {
  const { view, unreadable } = block;
  const rest = at + FILTER[family] - 12;
  const protocol = view.getUint32(rest, true);
  if (protocol > 255) unreadable(rest, `protocol ${protocol}`);
  const late = view.getUint32(rest + 4, true);
  if (late > 0x3f) unreadable(rest + 4, `late binding 0x${late.toString(16)}`);
  const filter = { ...networksAt(block, at, family, late !== 0), protocol, lateBound: late !== 0 };
  if (protocol === 0 && view.getUint32(rest + 8, true) !== 0) unreadable(rest + 8, 'ports of no protocol');
  if (!PROTOCOLS_WITH_PORTS.includes(protocol)) return filter;
  const [sourcePort, destinationPort] = [portAt(block, rest + 8, listener), portAt(block, rest + 10, listener)];
  return { ...filter, ...(sourcePort && { sourcePort }), ...(destinationPort && { destinationPort }) };
};

const listAt = (block: Block, { at, size, count, offset }: Entry, family: Family, listener: number): FilterList => {
  const { view, unreadable } = block;
  if (count !== 1 || size < LIST) unreadable(at, `${count} filter lists of ${size} bytes`);
  const [version, filters = 0, action = 0] = [0, 4, 8].map((part) => view.getUint32(offset + part, true));
  if (version !== 1) unreadable(offset, 'no version 1 of a filter list');
  if (filters === 0 || size !== LIST + FILTER[family] * filters)
    unreadable(offset + 4, `${filters} filters in ${size} bytes`);
  return {
    action: ACTIONS[action] ?? unreadable(offset + 8, `action ${action}`),
    filters: Array.from({ length: filters }, (_, number) =>
      filterAt(block, offset + LIST + FILTER[family] * number, family, listener),
    ),
  };
};

/** Without the switch, filters are in force. */
const isEnabled = ({ view, unreadable }: Block, entry: Entry | undefined): boolean => {
  if (!entry) return true;
  if (entry.count !== 1 || entry.size !== 4) unreadable(entry.at, `a switch of ${entry.size} bytes`);
  const value = view.getUint32(entry.offset, true);
  return value <= 1 ? value === 1 : unreadable(entry.offset, `a switch at ${value}`);
};

/** The entry of a kind of its own, in a block that holds nothing of the other family. */
const entryReader = (block: Block, family: Family): ((type: number) => Entry | undefined) => {
  const entries = entriesOf(block);
  const foreign = Object.values(TYPES[family === 'IPv4' ? 'IPv6' : 'IPv4']) as readonly number[];
  const stranger = entries.find(({ type }) => foreign.includes(type));
  if (stranger) block.unreadable(stranger.at, 'filters of the other family');
  return (type) => {
    const [first, second] = entries.filter((entry) => entry.type === type);
    return second ? block.unreadable(second.at, 'a second entry of its kind') : first;
  };
};

/**
 * The static filters and the NAT in the InterfaceInfo of an interface. Throws Unknown `unreadable`, with the position of the
 * byte, for any inconsistency. The block in the registry is little-endian, as recorded; its layout with filters in it rests on
 * MS-RRASM 2.2.1.2.3 to 2.2.1.2.9 alone: never seen on a real server.
 */
export const parseInterfaceInfo = (
  name: string,
  family: Family,
  bytes: Uint8Array,
  listenerPort: number,
): InterfaceFilters => {
  const block = blockOf(`${family} settings of ${name}`, bytes);
  const only = entryReader(block, family);
  const [input, output] = [only(TYPES[family].in), only(TYPES[family].out)];
  const nat = family === 'IPv4' ? only(NAT_SETTINGS) : undefined;
  return {
    enabled: isEnabled(block, only(TYPES[family].enabled)),
    ...(input && { in: listAt(block, input, family, listenerPort) }),
    ...(output && { out: listAt(block, output, family, listenerPort) }),
    ...(nat && { nat: natAt(block, nat, name, listenerPort) }),
  };
};

/** Whether the GlobalInfo of a family leaves filters in force. Throws Unknown `unreadable` for any inconsistency. */
export const isFilteringEnabled = (name: string, family: Family, bytes: Uint8Array): boolean => {
  const block = blockOf(`${family} settings of ${name}`, bytes);
  return isEnabled(block, entryReader(block, family)(TYPES[family].enabled));
};
