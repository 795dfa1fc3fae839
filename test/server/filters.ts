/** InterfaceInfo blobs of RemoteAccess: little-endian, addresses and ports in network order. Source: windows-facts 7.3. */

/** One filter; what is left out matches everything. Addresses as `192.0.2.0/24` or `2001:db8::/32`. */
export type Filter = Readonly<{
  source?: string;
  destination?: string;
  /** 6 TCP, 0x86 TCP established, 17 UDP; 0 any. */
  protocol?: number;
  sourcePort?: number;
  destinationPort?: number;
  lateBound?: number;
}>;

/** `forward`: all but the listed packets pass; `drop`: only the listed packets pass. */
export type FilterList = Readonly<{
  family?: 4 | 6;
  direction: 'in' | 'out';
  action: 'forward' | 'drop';
  filters: readonly Filter[];
}>;

type Block = Readonly<{ type: number; count: number; size: number; data: Buffer }>;

const FILTER_TYPES = { 4: { in: 0xffff0001, out: 0xffff0002 }, 6: { in: 0xffff0011, out: 0xffff0012 } } as const;
const ENABLE_TYPES = { 4: 0xffff0015, 6: 0xffff0016 } as const;

const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, at * 4);
  return bytes;
};
const port = (value = 0): Buffer => Buffer.from([value >> 8, value & 255]);

/** An address and its mask: 4 and 4 bytes. */
const network4 = (text = '0.0.0.0/0'): Buffer => {
  const [address = '', length = '32'] = text.split('/');
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(Number(length) === 0 ? 0 : (0xffffffff << (32 - Number(length))) >>> 0);
  return Buffer.concat([Buffer.from(address.split('.').map(Number)), mask]);
};

const words = (text: string | undefined): number[] =>
  text ? text.split(':').map((word) => Number.parseInt(word, 16)) : [];

/** An address and its prefix length: 16 and 4 bytes. */
const network6 = (text = '::/0'): Buffer => {
  const [address = '', length = '128'] = text.split('/');
  const [head, tail] = address.split('::');
  const [front, back] = [words(head), words(tail)];
  const all = [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Buffer.concat([...all.map(port), u32(Number(length))]);
};

const filterOf = (family: 4 | 6, filter: Filter): Buffer => {
  const network = family === 4 ? network4 : network6;
  return Buffer.concat([
    network(filter.source),
    network(filter.destination),
    u32(filter.protocol ?? 0, filter.lateBound ?? 0),
    port(filter.sourcePort),
    port(filter.destinationPort),
  ]);
};

const listOf = ({ family = 4, direction, action, filters }: FilterList): Block => {
  const data = Buffer.concat([
    u32(1, filters.length, action === 'drop' ? 1 : 0),
    ...filters.map((filter) => filterOf(family, filter)),
  ]);
  return { type: FILTER_TYPES[family][direction], count: 1, size: data.length, data };
};

/** What an interface without filters carries, as recorded: no routes, the interface up, router discovery off. */
const PLAIN: readonly Block[] = [
  { type: 0xffff0005, count: 0, size: 0x48, data: Buffer.alloc(0) },
  { type: 0xffff0004, count: 1, size: 4, data: u32(1) },
  { type: 0xffff0007, count: 1, size: 16, data: Buffer.from('5802c201080700000000000000000000', 'hex') },
];

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

/** RTR_INFO_BLOCK: header, table of contents, and each block at a multiple of 8. */
const infoBlock = (blocks: readonly Block[]): Uint8Array => {
  const start = Math.ceil((12 + 16 * blocks.length) / 8) * 8;
  let data = Buffer.alloc(0);
  const contents = blocks.map(({ type, size, count, data: own }) => {
    const entry = u32(type, size, count, start + data.length);
    data = Buffer.concat([data, padded(own)]);
    return entry;
  });
  const size = start + data.length + 16;
  const head = padded(Buffer.concat([u32(1, size, blocks.length), ...contents]));
  return new Uint8Array(Buffer.concat([head, data, Buffer.alloc(16)]));
};

/** The InterfaceInfo of an interface with these filter lists; without any it is the recorded one of an open interface. */
export const filterBlock = (...lists: readonly FilterList[]): Uint8Array => infoBlock([...PLAIN, ...lists.map(listOf)]);

/** The same with IP_FILTER_ENABLE_INFO: filtering switched on or off for the interface. */
export const switchedFilterBlock = (enabled: boolean, ...lists: readonly FilterList[]): Uint8Array => {
  const type = ENABLE_TYPES[lists[0]?.family ?? 4];
  return infoBlock([...PLAIN, ...lists.map(listOf), { type, count: 1, size: 4, data: u32(enabled ? 1 : 0) }]);
};

/** A port mapping of NAT; without an address it is for the only one of the interface. */
export type Mapping = Readonly<{
  protocol?: number;
  address?: string;
  port?: number;
  toAddress?: string;
  toPort?: number;
}>;

const address4 = (text: string): Buffer => Buffer.from(text.split('.').map(Number));

const mappingOf = ({
  protocol = 6,
  address = '0.0.0.0',
  port: from = 443,
  toAddress = '192.168.1.10',
  toPort = 443,
}: Mapping): Buffer =>
  Buffer.concat([
    Buffer.from([protocol, 0]),
    port(from),
    address4(address),
    port(toPort),
    Buffer.alloc(2),
    address4(toAddress),
  ]);

/** IP_NAT_INTERFACE_INFO: index and flags, then a block with the mappings. Without any it has room for one entry. */
const natOf = (flags: number, mappings: readonly Mapping[]): Buffer => {
  const data = Buffer.concat(mappings.map(mappingOf));
  const inner =
    mappings.length === 0
      ? Buffer.concat([u32(1, 28, 0), Buffer.alloc(16)])
      : Buffer.concat([u32(1, 32 + data.length, 1), u32(0xffff0003, 16, mappings.length, 32), Buffer.alloc(4), data]);
  return Buffer.concat([u32(0, flags), inner]);
};

/** The InterfaceInfo of an interface with NAT. Flags: 1 to the outside, 2 ports are translated, 0x10 all else is dropped. */
export const natBlock = (flags: number, ...mappings: readonly Mapping[]): Uint8Array => {
  const data = natOf(flags, mappings);
  return infoBlock([...PLAIN, { type: 0x81372715, count: 1, size: data.length, data }]);
};
