import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { needKey } from './read/ask.ts';
import type { Family } from './read/interface-info.ts';
import type { Key } from './read/registry.ts';

export const REMOTE_ACCESS = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\RemoteAccess`;

export type RemoteAccess = Readonly<{
  /** ConfigurationFlags: 0 where nobody has set RRAS up; that it is 1 elsewhere is a belief. */
  configured: boolean;
  /** RouterType, bits of MS-RRASM 2.2.3.4.1. */
  routerType: number;
  /** Families for which EnableIn shuts remote access out. Absent means that it does not. */
  shut: readonly Family[];
  /** Addresses in the static pool from which callers get theirs; absent where DHCP gives them. */
  poolSize?: number;
}>;

/** Ways in which a caller may prove who he is, and the bit of ServerFlags that lets it be negotiated. Source: MS-RRASM 2.2.3.4.6. */
export const METHODS = {
  unauthenticated: 0x4000,
  PAP: 0x10000,
  SPAP: 0x40,
  CHAP: 0x20000,
  'MS-CHAPv1': 0x100,
  'MS-CHAPv2': 0x800000,
  EAP: 0x8000,
} as const;
export type Method = keyof typeof METHODS;

const parameters = ($: Shell): Promise<Key> => needKey($, `${REMOTE_ACCESS}\\Parameters`, { recursive: true });

const needNumber = (key: Key, name: string): number => {
  const value = key.dword(name);
  if (value === undefined) throw new Unknown('absent', `${key.path} holds no ${name}`);
  return value;
};

const isConfigured = (service: Key): boolean => {
  const flags = needNumber(service, 'ConfigurationFlags');
  if (flags > 1) throw new Unknown('unreadable', `${service.path} holds ConfigurationFlags ${flags}`);
  return flags === 1;
};

/** Ranges below StaticAddressPool; without that key, IpAddress and IpMask are the pool, and only an empty one is counted (belief). */
const poolSizeOf = (ip: Key | undefined): number | undefined => {
  if (ip?.dword('UseDhcpAddressing') !== 0) return;
  const pool = ip.key('StaticAddressPool');
  if (!pool) return ['0.0.0.0', ''].includes(ip.text('IpAddress') ?? '') ? 0 : undefined;
  const sizes = pool.keys().map((range) => needNumber(range, 'To') - needNumber(range, 'From') + 1);
  return sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
};

/** Bits of RouterType. Source: MS-RRASM 2.2.3.4.1. */
export const REMOTE_ACCESS_SERVER = { IPv4: 0x1, IPv6: 0x8 } as const;

/** The server itself takes the first address of a static pool. */
export const OWN_ADDRESSES = 1;

/**
 * How many callers get an IPv4 address from the static pool; absent where none or no pool limits them. Source:
 * learn.microsoft.com, "RRAS IPCP Negotiation".
 */
export const addressesForCallers = defineFact<number | undefined>({
  id: 'rras/addresses-for-callers',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const settings = await parameters($);
    const ip = settings.key('Ip');
    const size = poolSizeOf(ip);
    const isGiven = needNumber(settings, 'RouterType') & REMOTE_ACCESS_SERVER.IPv4 && ip?.dword('EnableIn') !== 0;
    return isGiven && size !== undefined ? Math.max(0, size - OWN_ADDRESSES) : undefined;
  },
});

/** Whether RRAS is a remote access server. Source: KB947031 situation 2; MS-RRASM 2.2.3.4.1, 2.2.3.4.7, 2.2.3.4.9. */
export const remoteAccess = defineFact<RemoteAccess>({
  id: 'rras/remote-access',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const [service, settings] = await Promise.all([needKey($, REMOTE_ACCESS), parameters($)]);
    const shut = (['IPv4', 'IPv6'] as const).filter(
      (family) => settings.key(family === 'IPv4' ? 'Ip' : 'Ipv6')?.dword('EnableIn') === 0,
    );
    const poolSize = poolSizeOf(settings.key('Ip'));
    return {
      configured: isConfigured(service),
      routerType: needNumber(settings, 'RouterType'),
      shut,
      ...(poolSize !== undefined && { poolSize }),
    };
  },
});

/** The value ServerFlags: what RRAS may negotiate with a caller. Source: MS-RRASM 2.2.3.4.6. */
export const serverFlags = defineFact<number>({
  id: 'rras/server-flags',
  vantage: 'server',
  right: 'read HKLM (any user)',
  ask: async ($) => needNumber(await parameters($), 'ServerFlags'),
});
