import { isLoopback } from './address.ts';
import { type Block, blockOf, type Entry, entriesOf, portAt } from './info-block.ts';
import type { Passage } from './passage.ts';

/** What NAT does with one port of one interface: it sends what comes to it on, to a host inside or to the server itself. */
type PortMapping = Readonly<{
  protocol: number;
  /** The only public address for which it does; absent where the interface has one. */
  address?: string;
  port?: number;
  toAddress: string;
  toPort?: number;
}>;

/** The NAT settings of an interface. `outside`: packets from here are translated. `strict`: all others are dropped. */
export type Nat = Readonly<{ outside: boolean; strict: boolean; mappings: readonly PortMapping[] }>;

/** MS_IP_NAT of routprot.h in the Windows SDK: an IP_NAT_INTERFACE_INFO. */
export const NAT_SETTINGS = 0x81372715;
/** IP_NAT_PORT_MAPPING_TYPE: IP_GENERAL_INFO_BASE and 3. */
const PORT_MAPPINGS = 0xffff0003;
/** Index and flags, then a block of its own. */
const INDEX_AND_FLAGS = 8;
const HEADER = 12;
const MAPPING = 16;
const FLAGS = { boundary: 0x1, firewall: 0x10 } as const;
const TCP = 6;

const addressAt = ({ view }: Block, at: number): string =>
  [0, 1, 2, 3].map((part) => view.getUint8(at + part)).join('.');

const mappingAt = (block: Block, at: number, listener: number): PortMapping => {
  const address = addressAt(block, at + 4);
  const [port, toPort] = [portAt(block, at + 2, listener), portAt(block, at + 8, listener)];
  return {
    protocol: block.view.getUint8(at),
    ...(address !== '0.0.0.0' && { address }),
    ...(port && { port }),
    toAddress: addressAt(block, at + 12),
    ...(toPort && { toPort }),
  };
};

/**
 * The entry NAT_SETTINGS of an InterfaceInfo. Throws Unknown `unreadable` for any inconsistency. Source: MS-RRASM 2.2.1.2.197
 * and 2.2.1.2.199; never seen on a real server. That ports and addresses are in network order: belief.
 */
export const natAt = ({ view, unreadable }: Block, entry: Entry, name: string, listener: number): Nat => {
  const { at, size, count, offset } = entry;
  if (count !== 1 || size < INDEX_AND_FLAGS + HEADER) unreadable(at, `${count} settings of NAT of ${size} bytes`);
  const flags = view.getUint32(offset + 4, true);
  const own = view.getUint32(offset + INDEX_AND_FLAGS + 4, true);
  if (own < HEADER || own > size - INDEX_AND_FLAGS)
    unreadable(offset + INDEX_AND_FLAGS + 4, `settings of NAT of ${own} bytes`);
  const block = blockOf(
    `NAT settings of ${name}`,
    new Uint8Array(view.buffer, view.byteOffset + offset + INDEX_AND_FLAGS, own),
  );
  const lists = entriesOf(block).filter(({ type }) => type === PORT_MAPPINGS);
  const odd = lists.find((list) => list.size !== MAPPING);
  if (odd) block.unreadable(odd.at, `port mappings of ${odd.size} bytes`);
  const mappings = lists.flatMap((list) =>
    Array.from({ length: list.count }, (_, number) => mappingAt(block, list.offset + MAPPING * number, listener)),
  );
  return {
    outside: (flags & (FLAGS.boundary | FLAGS.firewall)) !== 0,
    strict: (flags & FLAGS.firewall) !== 0,
    mappings,
  };
};

const takersOf = ({ outside, mappings }: Nat, port: number): readonly PortMapping[] =>
  outside ? mappings.filter((mapping) => mapping.protocol === TCP && mapping.port === port) : [];

/** Whether it depends on the server's own addresses where NAT sends the packets of SSTP. */
export const natAsksForOwnAddresses = (nat: Nat, port: number): boolean =>
  takersOf(nat, port).some(({ address, toAddress }) => address !== undefined || !isLoopback(toAddress));

const said = ({ address, toAddress, toPort = 0 }: PortMapping): string =>
  `what comes${address ? ` to ${address}` : ''} is sent on to ${toAddress} port ${toPort}`;

/** What NAT does to packets that come to the port of SSTP. `own` are the server's addresses, where they matter. */
export const throughNat = (nat: Nat, port: number, own: readonly string[]): Passage => {
  const takers = takersOf(nat, port);
  const arrives = ({ toAddress, toPort }: PortMapping): boolean =>
    toPort === port && (isLoopback(toAddress) || own.includes(toAddress));
  // What it does with addresses that are none of the server's is no matter of SSTP.
  const ours = takers.filter(({ address }) => !address || own.includes(address));
  const lost = ours.filter((taker) => !arrives(taker));
  if (lost.length > 0)
    return { verdict: lost.every(({ address }) => address) ? 'partly' : 'blocked', because: lost.map(said).join(', ') };
  if (nat.strict && ours.every(({ address }) => address))
    return { verdict: 'unknown', because: 'it drops what it has no mapping for, and has none for all of this port' };
  return { verdict: 'open', because: takers.map(said).join(', ') || 'it sends this port nowhere' };
};
