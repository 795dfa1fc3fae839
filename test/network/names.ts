/** A pretended DNS server on loopback. Source: RFC 1035. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Addresses of a name, or how it goes wrong. */
export type Record = Readonly<{ a?: readonly string[]; aaaa?: readonly string[] }> | 'nxdomain' | 'servfail' | 'silent';

export type Names = Readonly<{ server: string; asked: readonly string[]; close(): Promise<void> }>;

const TYPES = { 1: 'a', 28: 'aaaa' } as const;
const FLAGS = { ok: 0x8180, nxdomain: 0x8183, servfail: 0x8182 } as const;

const questionIn = (packet: Buffer): { name: string; type: number; end: number } => {
  const labels: string[] = [];
  let at = 12;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at + 1), end: at + 5 };
};

const bytesOf = (address: string): Buffer => {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const words = (text: string): number[] => (text ? text.split(':').map((word) => Number.parseInt(word, 16)) : []);
  const [first, last] = [words(head), words(tail)];
  const all = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
};

const reply = (packet: Buffer, end: number, type: number, flags: number, addresses: readonly string[]): Buffer => {
  const head = Buffer.from(packet.subarray(0, end));
  head.writeUInt16BE(flags, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const answers = addresses.map((address) => {
    const bytes = bytesOf(address);
    return Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length]), bytes]);
  });
  return Buffer.concat([head, ...answers]);
};

/** `server` is the address of the DNS server, `asked` what was asked, as `a NAME` or `aaaa NAME`. */
export const startNames = async (records: Readonly<{ [name: string]: Record | (() => Record) }>): Promise<Names> => {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (packet, { port, address }) => {
    const { name, type, end } = questionIn(packet);
    const family = TYPES[type as keyof typeof TYPES];
    asked.push(`${family} ${name}`);
    const known = records[name] ?? 'nxdomain';
    const record = typeof known === 'function' ? known() : known;
    if (record === 'silent') return;
    const addresses = typeof record === 'string' ? [] : (record[family] ?? []);
    const flags = typeof record === 'string' ? FLAGS[record] : FLAGS.ok;
    socket.send(reply(packet, end, type, flags, addresses), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};
