import type { FilterList, InterfaceFilters, PacketFilter } from './interface-info.ts';
import { covers, type Network } from './network.ts';

export type Direction = 'inbound' | 'outbound';

/** What becomes of SSTP's packets; `because` is the reason, as an administrator would say it. `unknown`: it cannot be told. */
export type Passage = Readonly<{ verdict: 'open' | 'partly' | 'blocked' | 'unknown'; because: string }>;

/** The packets of SSTP in one direction, to or from the listener's port. */
type Traffic = Readonly<{ direction: Direction; port: number }>;

/** A filter that concerns packets of SSTP. `server` and `client` are the addresses that it is limited to. */
type Part = Readonly<{ number: number; filter: PacketFilter; server?: Network; client?: Network; clientPort?: number }>;

const ANY = 0;
const TCP = 6;
const ESTABLISHED = 0x86;
const PROTOCOLS: Readonly<Record<number, string>> = {
  [ANY]: 'any protocol',
  [TCP]: 'TCP',
  [ESTABLISHED]: 'TCP established',
};

/**
 * Dropping what belongs to an established connection ends every connection. Letting it pass does not let the first packet
 * in; but all that the server sends is part of one, its first answer included (belief).
 */
const protocolsOf = ({ action }: FilterList, direction: Direction): readonly number[] =>
  action === 'drop' && direction === 'inbound' ? [ANY, TCP] : [ANY, TCP, ESTABLISHED];

const partsOf = (list: FilterList, traffic: Traffic): readonly Part[] => {
  const protocols = protocolsOf(list, traffic.direction);
  return list.filters.flatMap((filter, at) => {
    const { source, destination, sourcePort, destinationPort } = filter;
    const inbound = traffic.direction === 'inbound';
    const [server, client] = inbound ? [destination, source] : [source, destination];
    const [port, clientPort] = inbound ? [destinationPort, sourcePort] : [sourcePort, destinationPort];
    const concerns = protocols.includes(filter.protocol) && (port === undefined || port === traffic.port);
    const limits = { ...(server && { server }), ...(client && { client }), ...(clientPort && { clientPort }) };
    return concerns ? [{ number: at + 1, filter, ...limits }] : [];
  });
};

/** Whether a part is about the packets of every client. */
const isForAllClients = ({ filter, client, clientPort }: Part): boolean =>
  !filter.lateBound && !client && clientPort === undefined;

const end = (network: Network | undefined, port: number | undefined): string =>
  `${network?.text ?? 'any address'}${port === undefined ? '' : ` port ${port}`}`;

const said = ({ number, filter }: Part): string => {
  const { protocol, source, sourcePort, destination, destinationPort } = filter;
  return `filter ${number} (${PROTOCOLS[protocol]} from ${end(source, sourcePort)} to ${end(destination, destinationPort)})`;
};

/** Whether what the filters do depends on the server's own addresses. */
export const asksForOwnAddresses = ({ in: input, out: output }: InterfaceFilters, port: number): boolean =>
  [
    ...(input ? partsOf(input, { direction: 'inbound', port }) : []),
    ...(output ? partsOf(output, { direction: 'outbound', port }) : []),
  ].some(({ server }) => server);

/** What follows from it that filters match all packets of SSTP, some of them, or none. */
const FATES: Readonly<
  Record<
    FilterList['action'],
    Record<'all' | 'some' | 'none', readonly [Passage['verdict'], (filters: string) => string]>
  >
> = {
  forward: {
    all: ['blocked', (filters) => `dropped by ${filters}`],
    some: ['partly', (filters) => `dropped in part by ${filters}`],
    none: ['open', () => 'no filter drops them'],
  },
  drop: {
    all: ['open', (filters) => `admitted by ${filters}`],
    some: ['partly', (filters) => `all is dropped but what is listed, and only a part is listed: ${filters}`],
    none: ['blocked', () => 'all is dropped but what is listed, and they are not listed'],
  },
};

const conclude = ({ action }: FilterList, matched: 'all' | 'some' | 'none', parts: readonly Part[]): Passage => {
  const [verdict, because] = FATES[action][matched];
  return { verdict, because: because(parts.map(said).join(', ')) };
};

/**
 * What a filter list does to the packets of SSTP. `own` are the server's addresses on that side, where they are known.
 * Source: windows-facts 7.1.
 */
export const passageOf = (
  list: FilterList | undefined,
  traffic: Traffic,
  own: readonly string[] | undefined,
): Passage => {
  if (!list) return { verdict: 'open', because: 'no filter is set' };
  const parts = partsOf(list, traffic);
  const everything = parts.filter((part) => isForAllClients(part) && !part.server);
  if (everything.length > 0) return conclude(list, 'all', everything);
  const late = parts.find(({ filter }) => filter.lateBound);
  if (late)
    return {
      verdict: 'unknown',
      because: `filter ${late.number} takes an address from the interface at run time, so what it matches is not known`,
    };
  const named = parts.find(({ server }) => server);
  if (named && !own)
    return {
      verdict: 'unknown',
      because: `${said(named)} names an address of the server, and its addresses are not known`,
    };
  const met = parts.filter(({ server }) => !server || own?.some((address) => covers(server, address)));
  const deciding = met.filter(isForAllClients);
  const isDecided = (address: string) => deciding.some(({ server }) => server && covers(server, address));
  if (deciding.length > 0 && own?.every(isDecided)) return conclude(list, 'all', deciding);
  return conclude(list, met.length > 0 ? 'some' : 'none', met);
};
