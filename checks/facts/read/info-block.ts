import { Unknown } from '../../../engine/define.ts';

/** A block of information of RRAS, and how to say that a byte of it makes no sense. Source: MS-RRASM 2.2.1.2.3. */
export type Block = Readonly<{ view: DataView; unreadable(at: number, what: string): never }>;
/** A line of its table of contents. Source: MS-RRASM 2.2.1.2.4. */
export type Entry = Readonly<{ at: number; type: number; size: number; count: number; offset: number }>;

const HEADER = 12;
const ENTRY = 16;
/** Ports of the VPN protocols: SSTP, PPTP, L2TP, IKE. */
const VPN_PORTS = [443, 80, 1723, 1701, 500, 4500];

/** `whose` is whom the block is about, as an administrator would say it. */
export const blockOf = (whose: string, bytes: Uint8Array): Block => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  unreadable: (at, what) => {
    throw new Unknown('unreadable', `the ${whose} hold ${what} at byte ${at}`);
  },
});

/** Every entry lies behind the table of contents, inside the block, and on no other one. */
export const entriesOf = ({ view, unreadable }: Block): readonly Entry[] => {
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
 * Ports are in network order, says MS-RRASM 2.2.1.2.6, and no block with filters was ever seen: so where only the other
 * order gives a port of a VPN protocol, neither is believed.
 */
export const portAt = ({ view, unreadable }: Block, at: number, listener: number): number | undefined => {
  const port = view.getUint16(at);
  const vpn = [listener, ...VPN_PORTS];
  const swapped = view.getUint16(at, true);
  if (vpn.includes(swapped) && !vpn.includes(port))
    unreadable(at, `port ${port}, or ${swapped} in the other byte order`);
  return port || undefined;
};
