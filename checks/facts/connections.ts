import { defineFact, type Handshake, type Resolved, Unknown } from '../../engine/define.ts';

/** One connection to each address of the dialled name, in the order of the addresses; none where the name does not exist. */
export type Connections = Readonly<{ name: Resolved; tried: readonly Handshake[] }>;

/** Pools have a handful of addresses; each that does not answer takes ten seconds. */
const MOST_ADDRESSES = 8;

/** The addresses of the dialled name. Behind a proxy the name itself stands for them: the proxy looks it up. */
export const dialledAddresses = defineFact<Resolved>({
  id: 'reach/addresses',
  vantage: 'network',
  async ask({ endpoint: { host, proxy }, resolve }) {
    if (proxy) return { name: host, addresses: [host] };
    const resolved = await resolve(host);
    const { length } = resolved.addresses;
    if (length > MOST_ADDRESSES)
      throw new Unknown('truncated', `${resolved.name} has ${length} addresses, more than ${MOST_ADDRESSES}`);
    return resolved;
  },
});

/**
 * One connection to each address. A server holds a port for every SSTP handshake, so that is tried once: on the first
 * address where TLS comes about. On the others the connection ends after TLS. Source: sstp-protocol 1.8.
 */
export const connections = defineFact<Connections>({
  id: 'reach/connections',
  vantage: 'network',
  async ask(probe, facts) {
    const name = await facts.need(dialledAddresses);
    const left = [...name.addresses];
    const tried: Handshake[] = [];
    while (left.length > 0 && !tried.at(-1)?.tls) tried.push(await probe.handshake(left.shift() ?? '', 'sstp'));
    const others = await Promise.all(left.map((address) => probe.handshake(address, 'tls')));
    return { name, tried: [...tried, ...others] };
  },
});
