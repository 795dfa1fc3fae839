import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { needKey, readKey } from './read/ask.ts';
import { type Family, type FilterList, type InterfaceFilters, parseInterfaceInfo } from './read/interface-info.ts';
import type { Key } from './read/registry.ts';
import { REMOTE_ACCESS } from './remote-access.ts';
import { sstpParameters } from './sstp-parameters.ts';

/** The static filters of one interface and family. */
export type FilteredInterface = Readonly<
  InterfaceFilters & {
    /** As the administrator called it, or its GUID. */
    name: string;
    family: Family;
    /** The interface's own IPv4 addresses, known only where a filter names an address on the server's side. */
    own?: readonly string[];
  }
>;

const TRANSPORTS = { IPv4: 'Ip', IPv6: 'Ipv6' } as const;
const FAMILIES = ['IPv4', 'IPv6'] as const;
/** ROUTER_INTERFACE_TYPE of those that carry no packet from outside: a caller's end of a tunnel, internal, loopback. */
const INNER = [0, 4, 5];
const NETWORK_NAMES = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
const TCPIP_INTERFACES = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces`;

const isOuter = (key: Key): boolean => !INNER.includes(key.dword('Type') ?? -1);

/** Names are for messages only: where they cannot be read, the GUID stands for them. */
const nameReader = async ($: Shell): Promise<(guid: string) => string> => {
  const names = await readKey($, NETWORK_NAMES, { recursive: true, partial: true }).catch(() => undefined);
  return (guid) => names?.key(`${guid}\\Connection`)?.text('Name') || guid;
};

/** What an interface without settings of its own gets. A filter set that is only named has its content elsewhere. */
const defaultFilters = (managers: Key, family: Family, port: number): InterfaceFilters => {
  const manager = managers.key(TRANSPORTS[family]);
  const set = manager?.type('GlobalInFilter') && manager.text('GlobalInFilter');
  if (set) throw new Unknown('unreadable', `${manager?.path} names the filter set ${set}, which cannot be read`);
  const bytes = manager?.binary('GlobalInterfaceInfo');
  return bytes ? parseInterfaceInfo('every interface', family, bytes, port) : { enabled: true };
};

const namesOwnAddress = ({ in: input, out: output }: InterfaceFilters): boolean =>
  [...(input?.filters ?? []).map((it) => it.destination), ...(output?.filters ?? []).map((it) => it.source)].some(
    Boolean,
  );

/** The addresses of an adapter, fixed or leased. */
const ownAddresses = async ($: Shell, guid: string): Promise<readonly string[]> => {
  const key = await needKey($, `${TCPIP_INTERFACES}\\${guid}`);
  const fixed = key.list('IPAddress') ?? [];
  const found = [...fixed, key.text('DhcpIPAddress') ?? ''].filter(
    (it) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(it) && it !== '0.0.0.0',
  );
  if (found.length === 0) throw new Unknown('unreadable', `${key.path} holds no address`);
  return [...new Set(found)];
};

/**
 * Static packet filters of every interface that carries packets from outside. Sources: KB947031 situation 8, step 8;
 * windows-facts 7; MS-RRASM 2.2.3.1 and 2.2.3.2.
 */
export const packetFilters = defineFact<readonly FilteredInterface[]>({
  id: 'rras/packet-filters',
  vantage: 'server',
  right: 'read HKLM (any user)',
  mayAsk: [`reg.exe query ${TCPIP_INTERFACES}\\GUID`],
  async ask($, facts) {
    const [{ port }, interfaces, managers, nameOf] = await Promise.all([
      facts.need(sstpParameters),
      needKey($, `${REMOTE_ACCESS}\\Interfaces`, { recursive: true }),
      needKey($, `${REMOTE_ACCESS}\\RouterManagers`, { recursive: true }),
      nameReader($),
    ]);
    const found = interfaces
      .keys()
      .filter(isOuter)
      .flatMap((key) => FAMILIES.map((family) => filtersOf(key, family)));
    return Promise.all(found);

    async function filtersOf(key: Key, family: Family): Promise<FilteredInterface> {
      const guid = key.text('InterfaceName') ?? key.name;
      const name = nameOf(guid);
      const bytes = key.key(TRANSPORTS[family])?.binary('InterfaceInfo');
      const filters = bytes ? parseInterfaceInfo(name, family, bytes, port) : defaultFilters(managers, family, port);
      const own = family === 'IPv4' && namesOwnAddress(filters) ? await ownAddresses($, guid) : undefined;
      return { name, family, ...filters, ...(own && { own }) };
    }
  },
});

export type { FilterList };
