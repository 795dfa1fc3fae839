import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { needKey, readKey } from './read/ask.ts';
import {
  type Family,
  type FilterList,
  type InterfaceFilters,
  isFilteringEnabled,
  parseInterfaceInfo,
} from './read/interface-info.ts';
import { type Nat, natAsksForOwnAddresses, throughNat } from './read/nat.ts';
import { asksForOwnAddresses, type Direction, type Passage, passageOf } from './read/passage.ts';
import type { Key } from './read/registry.ts';
import { REMOTE_ACCESS } from './remote-access.ts';
import { sstpParameters } from './sstp-parameters.ts';

/** What the static filters of one interface and family, and its NAT, do to the packets of SSTP. */
export type FilteredInterface = Readonly<
  Record<Direction, Passage> & {
    /** As the administrator called it, or its GUID. */
    name: string;
    family: Family;
    /** What NAT does with those that come in, where the interface has NAT. */
    nat?: Passage;
  }
>;

const TRANSPORTS = { IPv4: 'Ip', IPv6: 'Ipv6' } as const;
const FAMILIES = ['IPv4', 'IPv6'] as const;
/** ROUTER_INTERFACE_TYPE of those that carry no packet from outside: a caller's end of a tunnel, internal, loopback. */
const INNER = [0, 4, 5];
const NETWORK_NAMES = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
const TCPIP_INTERFACES = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces`;

const SWITCHED_OFF: Passage = { verdict: 'open', because: 'filtering is switched off' };

const isOuter = (key: Key): boolean => !INNER.includes(key.dword('Type') ?? -1);

/** Names are for messages only: where they cannot be read, the GUID stands for them. */
const nameReader = async ($: Shell): Promise<(guid: string) => string> => {
  const names = await readKey($, NETWORK_NAMES, { recursive: true, partial: true }).catch(() => undefined);
  return (guid) => names?.key(`${guid}\\Connection`)?.text('Name') || guid;
};

/** All adapters are asked for: a question that names none can stand in a list of questions that is made beforehand. */
const adapters = ($: Shell): Promise<Key> => needKey($, TCPIP_INTERFACES, { recursive: true });

/** The addresses of an adapter, fixed or leased: a lease can outlive the day on which an address was fixed. */
const addressesIn = (key: Key): readonly string[] => {
  const addresses = key.dword('EnableDHCP') === 1 ? [key.text('DhcpIPAddress') ?? ''] : (key.list('IPAddress') ?? []);
  const found = addresses.filter((it) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(it) && it !== '0.0.0.0');
  return [...new Set(found)];
};

/** Not known of an adapter that has none, or that is gone: RRAS may still list it, and it hides nothing of the others. */
const ownAddresses = async ($: Shell, guid: string): Promise<readonly string[] | undefined> => {
  const key = (await adapters($)).key(guid);
  const found = key ? addressesIn(key) : [];
  return found.length > 0 ? found : undefined;
};

/** NAT may send packets on to any address of the server. */
const natPassage = async ($: Shell, nat: Nat, port: number): Promise<Passage> => {
  if (!natAsksForOwnAddresses(nat, port)) return throughNat(nat, port, []);
  const own = (await adapters($)).keys().flatMap(addressesIn);
  if (own.length === 0) throw new Unknown('unreadable', `${TCPIP_INTERFACES} holds no address`);
  return throughNat(nat, port, own);
};

/** A family that RRAS does not route on this interface has no key there, and no filters. */
const filtersOf = (key: Key, name: string, family: Family, port: number): InterfaceFilters => {
  const transport = key.key(TRANSPORTS[family]);
  if (!transport) return { enabled: true };
  const bytes = transport.binary('InterfaceInfo');
  if (!bytes) throw new Unknown('unreadable', `${transport.path} holds no InterfaceInfo`);
  return parseInterfaceInfo(name, family, bytes, port);
};

const hasFilters = ({ in: input, out: output }: InterfaceFilters): boolean => (input ?? output) !== undefined;

/** MPR_FILTER_0 can switch off the filters of all interfaces. Source: MS-RRASM 2.2.1.2.89 and 3.1.4.10. */
const isSwitchedOn = (managers: Key, family: Family): boolean => {
  const info = managers.key(TRANSPORTS[family])?.binary('GlobalInfo');
  return info ? isFilteringEnabled('all interfaces', family, info) : true;
};

/**
 * What the static packet filters and the NAT of every interface that carries packets from outside do to SSTP. What
 * RouterManagers sets for the interfaces of callers (GlobalInFilter, GlobalInterfaceInfo) is about packets inside the tunnels.
 * Sources: KB947031 situation 8, step 8; windows-facts 7; MS-RRASM 2.2.3.1 and 2.2.3.2.
 */
export const packetFilters = defineFact<readonly FilteredInterface[]>({
  id: 'rras/packet-filters',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: [`reg.exe query ${TCPIP_INTERFACES} /s`],
  async ask($, facts) {
    const [{ port }, interfaces, managers, nameOf] = await Promise.all([
      facts.need(sstpParameters),
      needKey($, `${REMOTE_ACCESS}\\Interfaces`, { recursive: true }),
      needKey($, `${REMOTE_ACCESS}\\RouterManagers`, { recursive: true }),
      nameReader($),
    ]);
    const outer = interfaces.keys().filter(isOuter);
    if (outer.length === 0)
      throw new Unknown('absent', `${interfaces.path} lists no interface that carries packets from outside`);
    return Promise.all(outer.flatMap((key) => FAMILIES.map((family) => filteredInterface(key, family))));

    async function filteredInterface(key: Key, family: Family): Promise<FilteredInterface> {
      const guid = key.text('InterfaceName') ?? key.name;
      const name = nameOf(guid);
      const filters = filtersOf(key, name, family, port);
      const enabled = filters.enabled && (!hasFilters(filters) || isSwitchedOn(managers, family));
      const asks = family === 'IPv4' && enabled && asksForOwnAddresses(filters, port);
      const own = asks ? await ownAddresses($, guid) : undefined;
      const through = (list: FilterList | undefined, direction: Direction): Passage =>
        enabled || !list ? passageOf(list, { direction, port }, own) : SWITCHED_OFF;
      const nat = filters.nat && (await natPassage($, filters.nat, port));
      const [inbound, outbound] = [through(filters.in, 'inbound'), through(filters.out, 'outbound')];
      return { name, family, inbound, outbound, ...(nat && { nat }) };
    }
  },
});
