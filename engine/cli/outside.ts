/** The view from outside as the command line asks for it: where to, and how. */
import { isIP } from 'node:net';
import { shownAddress } from '../document/secrets.ts';
import type { Ways } from '../gather.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import { type Network, network, networkOf } from '../probe/network.ts';
import type { Endpoint } from '../probe/seen.ts';

/** Options of every command that looks from outside. */
export type OutsideOptions = Readonly<{
  sni?: string;
  roots?: readonly string[];
  proxy?: string;
  stageTimeout: number;
  allowPrivate: boolean;
}>;

export const SCHEME = 'probe://';

const HINT = 'write the name that clients dial, such as vpn.example.com, vpn.example.com:4443 or [2001:db8::7]:443';

/** What is wrong with something that cannot be dialled, where that is seen. */
const hintFor = (text: string): string => {
  const port = /[^:]:(\d+)\/?$/.exec(text)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return 'a port is a number from 1 to 65535';
  return text.includes('%') ? 'write the address without its zone (%), which is of one machine only' : HINT;
};

/** What can be dialled: an address, or a name without the stars and commas that URLs take. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)*)$/;

/**
 * Host and port of a text; port 443 unless it says another. Names in other scripts come out in punycode, and without the dot
 * of the DNS root, which no certificate has.
 */
const placeIn = (text: string): Readonly<{ host: string; port: number }> | undefined => {
  const url = `https://${isIP(text) === 6 ? `[${text}]` : text}/`;
  if (!/^[^\s/?#@\\]+$/.test(text) || !URL.canParse(url)) return;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/\.$/, '');
  if (!HOST.test(host) || port === '0') return;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 443) };
};

const nameIn = (text: string): string | undefined =>
  isIP(text) === 6 || !text.includes(':') ? placeIn(text)?.host : undefined;

/** Reads `host`, `host:port` and `probe://host:port`. Throws Mistake for anything else. */
export const endpointAt = (text: string, { sni, proxy, roots }: OutsideOptions): Endpoint => {
  const place = placeIn(text.startsWith(SCHEME) ? text.slice(SCHEME.length).replace(/\/$/, '') : text);
  if (!place) throw new Mistake(`${shownAddress(text)} is no name or address to dial`, hintFor(text));
  const serverName = sni === undefined ? place.host : nameIn(sni);
  if (serverName === undefined) throw new Mistake(`--sni ${sni} is no name`, HINT);
  if (proxy !== undefined && !(/[^:]:\d+$/.test(proxy) && placeIn(proxy)))
    throw new Mistake(`--proxy ${shownAddress(proxy)} is no proxy`, 'write host:port, without a user name');
  return { ...place, serverName, ...(proxy !== undefined && { proxy }), ...(roots && { rootsGiven: true }) };
};

/** An endpoint as people write it. */
export const nameOf = ({ host, port }: Endpoint): string => {
  const bracketed = isIP(host) === 6 ? `[${host}]` : host;
  return port === 443 ? bracketed : `${bracketed}:${port}`;
};

/** What all endpoints of one run share. Throws Mistake for roots that cannot be read. */
export const sharedNetwork = async ({ roots, stageTimeout, allowPrivate }: OutsideOptions): Promise<Network> => {
  const most = LIMITS.longestStageMs / 1_000;
  if (stageTimeout > most)
    throw new Mistake(`--stage-timeout ${stageTimeout} is too long`, `give ${most} seconds or less, as Windows does`);
  const trusted = roots && (await import('../probe/roots.ts').then(({ rootsIn }) => rootsIn(roots)));
  return networkOf({ stageMs: stageTimeout * 1_000, allowPrivate, ...(trusted && { roots: trusted }) });
};

/** The way to an endpoint over the network. */
export const wayTo = (endpoint: Endpoint, shared: Network): NonNullable<Ways['network']> => ({
  endpoint,
  transport: network(endpoint, shared),
});

/** Finds the way to where clients dial. It is opened when its turn comes; what is wrong with it is a Mistake before. */
export type View = (where: string) => Promise<() => NonNullable<Ways['network']>>;

/** All ways of one run share what they learn of names, roots and lists. */
export const viewOf = (options: OutsideOptions): View => {
  let shared: Promise<Network> | undefined;
  return async (where) => {
    const endpoint = endpointAt(where, options);
    shared ??= sharedNetwork(options);
    const known = await shared;
    return () => wayTo(endpoint, known);
  };
};
