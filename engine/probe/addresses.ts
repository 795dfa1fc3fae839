/** Which addresses a certificate of somebody else may send us to. */
import { BlockList, isIP } from 'node:net';

type Subnet = readonly [net: string, prefix: number];

const listOf = (v4: readonly Subnet[], v6: readonly Subnet[]): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of v4) list.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of v6) list.addSubnet(net, prefix, 'ipv6');
  return list;
};

/** This machine and private networks: where a company's own authority may well keep its lists. */
const PRIVATE = listOf(
  [
    ['127.0.0.0', 8],
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
  ],
  [
    ['::1', 128],
    ['fc00::', 7],
  ],
);

/** Where clouds keep the secrets of their machines on addresses that are not link-local. Source: documents of each. */
const METADATA = listOf(
  [
    ['100.100.100.200', 32], // Alibaba
    ['168.63.129.16', 32], // Azure
  ],
  [
    ['fd00:ec2::', 32], // AWS
    ['fd20:ce::', 32], // Google
    ['fd00:c1::', 32], // Oracle
    ['fd00:42::', 32], // Scaleway
  ],
);

/** Special addresses of IPv4, the private ones aside. Source: the IANA registries of special-purpose addresses. */
const SPECIAL_V4 = listOf(
  [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.31.196.0', 24],
    ['192.52.193.0', 24],
    ['192.88.99.0', 24],
    ['192.175.48.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ],
  [],
);

/** Of IPv6 only this is public, and of it not what stands for something else: 6to4, Teredo, documentation. */
const GLOBAL_V6 = listOf([], [['2000::', 3]]);
const SPECIAL_V6 = listOf(
  [],
  [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['2620:4f:8000::', 48],
    ['3fff::', 20],
  ],
);

const isMapped = (address: string): boolean => /^[0:]*:ffff:/i.test(address);

type AddressClass = 'public' | 'private' | 'special';

const classOfV4 = (address: string): AddressClass => {
  if (METADATA.check(address, 'ipv4')) return 'special';
  if (PRIVATE.check(address, 'ipv4')) return 'private';
  return SPECIAL_V4.check(address, 'ipv4') ? 'special' : 'public';
};

const classOfV6 = (address: string): AddressClass => {
  if (address.includes('%') || isMapped(address) || METADATA.check(address, 'ipv6')) return 'special';
  if (PRIVATE.check(address, 'ipv6')) return 'private';
  return GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6') ? 'public' : 'special';
};

/**
 * `private` needs the operator's leave. `special` is never asked, whoever allows it: link-local addresses and others
 * where clouds keep the secrets of their machines, multicast, and IPv6 addresses that stand for an IPv4 address.
 */
export const classOf = (address: string): AddressClass => {
  const family = isIP(address);
  if (family === 4) return classOfV4(address);
  return family === 6 ? classOfV6(address) : 'special';
};
