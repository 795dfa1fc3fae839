import { Unknown } from '../../../engine/define.ts';
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

/** The filters of one interface and family. `enabled` is false where filtering is switched off for the interface. */
export type InterfaceFilters = Readonly<{ enabled: boolean; in?: FilterList; out?: FilterList }>;

type Entry = Readonly<{ at: number; type: number; size: number; count: number; offset: number }>;
type Blob = Readonly<{ view: DataView; unreadable(at: number, what: string): never }>;

const TYPES = {
  IPv4: { in: 0xffff0001, out: 0xffff0002, enabled: 0xffff0015 },
  IPv6: { in: 0xffff0011, out: 0xffff0012, enabled: 0xffff0016 },
} as const;
const HEADER = 12;
const ENTRY = 16;
const FILTER = { IPv4: 28, IPv6: 52 } as const;
const ACTIONS = ['forward', 'drop'] as const;
const PROTOCOLS_WITH_PORTS = [6, 0x86, 17];
/** Ports of the VPN protocols: SSTP, PPTP, L2TP, IKE. */
const VPN_PORTS = [443, 80, 1723, 1701, 500, 4500];

/** Every entry lies behind the table of contents, inside the blob, and on no other one. */
const entriesOf = ({ view, unreadable }: Blob): readonly Entry[] => {
  if (view.byteLength < HEADER || view.getUint32(0, true) !== 1) unreadable(0, 'no version 1');
  if (view.getUint32(4, true) !== view.byteLength) unreadable(4, `not the size ${view.byteLength}`);
  const end = HEADER + ENTRY * view.getUint32(8, true);
  if (end > view.byteLength) unreadable(8, 'more entries than there is room for');
  const entries: Entry[] = [];
  for (let at = HEADER; at < end; at += ENTRY) {
    const [type = 0, size = 0, count = 0, offset = 0] = [0, 4, 8, 12].map((part) => view.getUint32(at + part, true));
    if (count > 0) entries.push({ at, type, size, count, offset });
  }
  let free = end;
  for (const { at, size, count, offset } of entries.toSorted((one, other) => one.offset - other.offset)) {
    if (offset < free) unreadable(at, 'an entry that overlaps another');
    free = offset + size * count;
    if (free > view.byteLength) unreadable(at, 'an entry beyond the end');
  }
  return entries;
};

/**
 * Ports are in network order, says MS-RRASM 2.2.1.2.6, and no blob with filters was ever seen: so where only the other
 * order gives a port of a VPN protocol, neither is believed.
 */
const portAt = ({ view, unreadable }: Blob, at: number, listener: number): number | undefined => {
  const port = view.getUint16(at);
  const vpn = [listener, ...VPN_PORTS];
  const swapped = view.getUint16(at, true);
  if (vpn.includes(swapped) && !vpn.includes(port))
    unreadable(at, `port ${port}, or ${swapped} in the other byte order`);
  return port || undefined;
};

const networksAt = (blob: Blob, at: number, family: Family, lateBound: boolean) => {
  const { view, unreadable } = blob;
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

const filterAt = (blob: Blob, at: number, family: Family, listener: number): PacketFilter => {
  const { view, unreadable } = blob;
  const rest = at + FILTER[family] - 12;
  const protocol = view.getUint32(rest, true);
  if (protocol > 255) unreadable(rest, `protocol ${protocol}`);
  const late = view.getUint32(rest + 4, true);
  if (late > 0x3f) unreadable(rest + 4, `late binding 0x${late.toString(16)}`);
  const filter = { ...networksAt(blob, at, family, late !== 0), protocol, lateBound: late !== 0 };
  if (protocol === 0 && view.getUint32(rest + 8, true) !== 0) unreadable(rest + 8, 'ports of no protocol');
  if (!PROTOCOLS_WITH_PORTS.includes(protocol)) return filter;
  const [sourcePort, destinationPort] = [portAt(blob, rest + 8, listener), portAt(blob, rest + 10, listener)];
  return { ...filter, ...(sourcePort && { sourcePort }), ...(destinationPort && { destinationPort }) };
};

const listAt = (blob: Blob, { at, size, count, offset }: Entry, family: Family, listener: number): FilterList => {
  const { view, unreadable } = blob;
  if (count !== 1 || size < HEADER) unreadable(at, `${count} filter lists of ${size} bytes`);
  const [version, filters = 0, action = 0] = [0, 4, 8].map((part) => view.getUint32(offset + part, true));
  if (version !== 1) unreadable(offset, 'no version 1 of a filter list');
  if (filters === 0 || size !== HEADER + FILTER[family] * filters)
    unreadable(offset + 4, `${filters} filters in ${size} bytes`);
  return {
    action: ACTIONS[action] ?? unreadable(offset + 8, `action ${action}`),
    filters: Array.from({ length: filters }, (_, number) =>
      filterAt(blob, offset + HEADER + FILTER[family] * number, family, listener),
    ),
  };
};

/** Without the switch, filters are in force. */
const isEnabled = ({ view, unreadable }: Blob, entry: Entry | undefined): boolean => {
  if (!entry) return true;
  if (entry.count !== 1 || entry.size !== 4) unreadable(entry.at, `a switch of ${entry.size} bytes`);
  const value = view.getUint32(entry.offset, true);
  return value <= 1 ? value === 1 : unreadable(entry.offset, `a switch at ${value}`);
};

const blobOf = (name: string, family: Family, bytes: Uint8Array): Blob => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  unreadable: (at, what) => {
    throw new Unknown('unreadable', `the ${family} settings of ${name} hold ${what} at byte ${at}`);
  },
});

/** The entry of a kind of its own, in a blob that holds nothing of the other family. */
const entryReader = (blob: Blob, family: Family): ((type: number) => Entry | undefined) => {
  const entries = entriesOf(blob);
  const foreign = Object.values(TYPES[family === 'IPv4' ? 'IPv6' : 'IPv4']) as readonly number[];
  const stranger = entries.find(({ type }) => foreign.includes(type));
  if (stranger) blob.unreadable(stranger.at, 'filters of the other family');
  return (type) => {
    const [first, second] = entries.filter((entry) => entry.type === type);
    return second ? blob.unreadable(second.at, 'a second entry of its kind') : first;
  };
};

/**
 * The static filters in the InterfaceInfo of an interface. Throws Unknown `unreadable`, with the position of the byte, for
 * any inconsistency. The blob in the registry is little-endian, as recorded; its layout with filters in it rests on
 * MS-RRASM 2.2.1.2.3 to 2.2.1.2.9 alone: never seen on a real server.
 */
export const parseInterfaceInfo = (
  name: string,
  family: Family,
  bytes: Uint8Array,
  listenerPort: number,
): InterfaceFilters => {
  const blob = blobOf(name, family, bytes);
  const only = entryReader(blob, family);
  const [input, output] = [only(TYPES[family].in), only(TYPES[family].out)];
  return {
    enabled: isEnabled(blob, only(TYPES[family].enabled)),
    ...(input && { in: listAt(blob, input, family, listenerPort) }),
    ...(output && { out: listAt(blob, output, family, listenerPort) }),
  };
};

/** Whether the GlobalInfo of a family leaves filters in force. Throws Unknown `unreadable` for any inconsistency. */
export const isFilteringEnabled = (name: string, family: Family, bytes: Uint8Array): boolean => {
  const blob = blobOf(name, family, bytes);
  return isEnabled(blob, entryReader(blob, family)(TYPES[family].enabled));
};
