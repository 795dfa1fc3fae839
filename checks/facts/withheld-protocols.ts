import { defineFact } from '../../engine/define.ts';
import { type Bindings, bindings } from './bindings.ts';
import { isOwn } from './read/binding.ts';
import { PROTOCOLS, type Protocol } from './read/tls-defaults.ts';
import { sstpParameters } from './sstp-parameters.ts';

/** Protocols that settings of certificate bindings withhold from clients, whatever Schannel offers. */
export type WithheldProtocols = Readonly<{
  /** By every binding on the port of SSTP, as HTTP.sys has loaded it, and as it is configured where that is known. */
  everywhere: readonly Protocol[];
  /** By a binding of SSTP, loaded or configured: its addresses. */
  somewhere: Readonly<Partial<Record<Protocol, readonly string[]>>>;
}>;

const NONE: WithheldProtocols = { everywhere: [], somewhere: {} };

const withheldIn = (held: Extract<Bindings, { offloaded: false }>, port: number): WithheldProtocols => {
  const [loaded, configured] = [held.netsh, held.registry].map((list) => list?.filter((it) => it.port === port));
  const all = [...(loaded ?? []), ...(configured ?? [])];
  const isUnread = held.odd.some((odd) => odd.port === undefined || odd.port === port);
  const withholding = (protocol: Protocol) => all.filter(({ withheld }) => withheld?.includes(protocol));
  const isEverywhere = (protocol: Protocol): boolean =>
    !isUnread && (loaded ?? []).length > 0 && withholding(protocol).length === all.length;
  const own = PROTOCOLS.map((protocol) => {
    const endpoints = withholding(protocol).flatMap(({ endpoint }) => (isOwn(endpoint) ? [endpoint] : []));
    return [protocol, [...new Set(endpoints)]] as const;
  });
  return {
    everywhere: PROTOCOLS.filter(isEverywhere),
    somewhere: Object.fromEntries(own.filter(([, endpoints]) => endpoints.length > 0)),
  };
};

/** What the bindings on the port of SSTP withhold. Source: as of `WITHHOLDING` in read/binding.ts. */
export const withheldProtocols = defineFact<WithheldProtocols>({
  id: 'tls/withheld-protocols',
  vantage: 'server',
  right: 'none where netsh.exe tells all, else administrator (HTTP.sys settings)',
  async ask(_$, facts) {
    const [{ port }, held] = await Promise.all([facts.need(sstpParameters), facts.need(bindings)]);
    return held.offloaded ? NONE : withheldIn(held, port);
  },
});
