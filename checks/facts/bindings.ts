import { defineFact, Unknown } from '../../engine/define.ts';
import type { Reading } from '../../engine/model.ts';
import { addressBindings, HTTP_RIGHT, namedBindings } from './configured-bindings.ts';
import { type Binding, isOwn, type Listed, listed, type OddBinding } from './read/binding.ts';
import { parseSslcert, type ShownBinding } from './read/sslcert.ts';
import { sstpParameters } from './sstp-parameters.ts';

/**
 * The certificate bindings of HTTP.sys, as far as each source could tell; at least one could. The registry holds what is
 * configured, netsh.exe shows what the driver has loaded. `odd` are those that neither of them tells in full.
 */
export type Bindings = Readonly<
  | { offloaded: true }
  | { offloaded: false; registry?: readonly Binding[]; netsh?: readonly Binding[]; odd: readonly OddBinding[] }
>;

const isWhole = (shown: ShownBinding): shown is ShownBinding & Binding => shown.unreadable.length === 0;

const readShown = (shown: ShownBinding): Binding | OddBinding => {
  if (isWhole(shown)) {
    const { unreadable: _, ...binding } = shown;
    return binding;
  }
  const { endpoint, port, unreadable } = shown;
  const detail = `netsh.exe shows ${endpoint ?? 'a binding'} without ${unreadable.join(', ')}`;
  if (endpoint === undefined || port === undefined || isOwn(endpoint)) throw new Unknown('unreadable', detail);
  return { endpoint, port, detail };
};

/** What netsh.exe lists. An empty list is no proof: its text is not known in every language. */
const loadedBindings = defineFact<Listed>({
  id: 'binding/loaded',
  vantage: 'server',
  right: 'none (any user)',
  async ask($) {
    const { exitCode, stdout } = await $`netsh.exe http show sslcert`.nothrow();
    if (exitCode !== 0)
      throw new Unknown('unreadable', `netsh.exe ended with exit code ${exitCode} for the certificate bindings`);
    const shown = parseSslcert(stdout);
    if (shown.length === 0) throw new Unknown('unreadable', 'netsh.exe listed no certificate binding');
    return listed(shown.map(readShown));
  },
});

/** What the registry says as a whole: who may read one of its keys may read them all. */
const registryOf = (addresses: Reading<Listed>, names: Reading<Listed>): Listed | undefined => {
  if (!addresses.known) return;
  if (!names.known) throw new Unknown(names.reason, names.detail);
  return {
    whole: [...addresses.value.whole, ...names.value.whole],
    odd: [...addresses.value.odd, ...names.value.odd],
  };
};

/** What one source tells in full is known. */
const oddIn = (sources: readonly (Listed | undefined)[]): readonly OddBinding[] => {
  const present = sources.filter((it) => it !== undefined);
  const known = new Set(present.flatMap(({ whole }) => whole.map(({ endpoint }) => endpoint)));
  const odd = present.flatMap((it) => it.odd).filter(({ endpoint }) => !known.has(endpoint.toLowerCase()));
  return [...new Map(odd.map((it) => [it.endpoint.toLowerCase(), it])).values()];
};

/** The certificate bindings of HTTP.sys. Source: KB947031 situation 8, steps 4 and 5. */
export const bindings = defineFact<Bindings>({
  id: 'binding/all',
  vantage: 'server',
  right: `${HTTP_RIGHT}, or none where netsh.exe tells all`,
  async ask(_$, facts) {
    const [{ https }, addresses, names, loaded] = await Promise.all([
      facts.need(sstpParameters),
      facts.read(addressBindings),
      facts.read(namedBindings),
      facts.read(loadedBindings),
    ]);
    if (!https) return { offloaded: true };
    const registry = registryOf(addresses, names);
    const netsh = loaded.known ? loaded.value : undefined;
    if (!addresses.known && !loaded.known) throw new Unknown(addresses.reason, `${addresses.detail}; ${loaded.detail}`);
    return {
      offloaded: false,
      ...(registry && { registry: registry.whole }),
      ...(netsh && { netsh: netsh.whole }),
      odd: oddIn([registry, netsh]),
    };
  },
});
