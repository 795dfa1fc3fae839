import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import type { Reading } from '../../engine/model.ts';
import { readKey } from './read/ask.ts';
import { type Binding, DEFAULT_STORE, type Endpoint, endpointOf, FLAGS, type Flag, portOf } from './read/binding.ts';
import { hexOf } from './read/bytes.ts';
import type { Key } from './read/registry.ts';
import { parseSslcert, type ShownBinding } from './read/sslcert.ts';
import { sstpParameters } from './sstp-parameters.ts';

/**
 * The certificate bindings of HTTP.sys, as far as each source could tell; at least one could. The registry holds what is
 * configured, netsh.exe shows what the driver has loaded.
 */
export type Bindings = Readonly<
  { offloaded: true } | { offloaded: false; registry?: readonly Binding[]; netsh?: readonly Binding[] }
>;

/** The addresses that SSTP uses, as netsh.exe and the registry spell them. */
export const WILDCARDS = { IPv4: '0.0.0.0', IPv6: '[::]' } as const;

const HTTP_PARAMETERS = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters`;

/** A GUID in memory has its first three parts little-endian. */
const guidOf = (key: Key): string => {
  const bytes = key.binary('AppId');
  if (bytes?.length !== 16) throw new Unknown('unreadable', `${key.path} AppId holds no GUID`);
  const hex = hexOf(Uint8Array.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15], (at) => bytes[at] ?? 0));
  return `{${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}}`.toLowerCase();
};

const hashOf = (key: Key): string | undefined => {
  const bytes = key.binary('SslCertHash');
  if (!bytes?.length) return;
  if (bytes.length !== 20 && bytes.length !== 32)
    throw new Unknown('unreadable', `${key.path} SslCertHash holds ${bytes.length} bytes`);
  return hexOf(bytes);
};

const bindingOf = (key: Key, endpoint: Endpoint | undefined): Binding => {
  const bits = key.dword('DefaultFlags');
  const hash = hashOf(key);
  if (
    !endpoint ||
    bits === undefined ||
    (!hash && endpoint.kind === 'address' && !(bits & FLAGS['Reject Connections']))
  )
    throw new Unknown('unreadable', `${key.path} is no binding that can be read`);
  return {
    ...endpoint,
    ...(hash && { hash }),
    applicationId: guidOf(key),
    store: key.text('SslCertStoreName') || DEFAULT_STORE,
    flags: (Object.keys(FLAGS) as Flag[]).filter((flag) => bits & FLAGS[flag]),
  };
};

/** The bindings below a key; none where it is proven that the key does not exist. The names of its values: belief. */
const configured = async (
  $: Shell,
  name: string,
  usuallyAbsent: boolean,
  endpoint: (key: Key) => Endpoint | undefined,
): Promise<readonly Binding[]> => {
  const key = await readKey($, `${HTTP_PARAMETERS}\\${name}`, { recursive: true, usuallyAbsent });
  if (key?.names().length) throw new Unknown('unreadable', `${key.path} holds values of its own`);
  return (key?.keys() ?? []).map((below) => bindingOf(below, endpoint(below)));
};

const right = 'administrator (HTTP.sys settings)';

const addressBindings = defineFact<readonly Binding[]>({
  id: 'binding/addresses',
  vantage: 'server',
  right,
  ask: ($) => configured($, 'SslBindingInfo', false, ({ name }) => endpointOf(name)),
});

/** Host names, and the central certificate store, named by its port or by a wildcard address with it (belief). */
const namedBindings = defineFact<readonly Binding[]>({
  id: 'binding/names',
  vantage: 'server',
  right,
  async ask($) {
    const lists = await Promise.all([
      configured($, 'SslSniBindingInfo', true, ({ name }) => {
        const endpoint = endpointOf(name);
        return endpoint && { ...endpoint, kind: 'host' };
      }),
      configured($, 'SslCcsBindingInfo', true, ({ name }) => {
        const port = portOf(name) ?? endpointOf(name)?.port;
        return port ? { kind: 'central', endpoint: String(port), port } : undefined;
      }),
    ]);
    return lists.flat();
  },
});

const isWhole = (shown: ShownBinding): shown is ShownBinding & Binding => shown.unreadable.length === 0;

/** What netsh.exe lists. An empty list is no proof: its text is not known in every language. */
const loadedBindings = defineFact<readonly Binding[]>({
  id: 'binding/loaded',
  vantage: 'server',
  right: 'none (any user)',
  async ask($) {
    const { exitCode, stdout } = await $`netsh.exe http show sslcert`.nothrow();
    if (exitCode !== 0)
      throw new Unknown('unreadable', `netsh.exe ended with exit code ${exitCode} for the certificate bindings`);
    const shown = parseSslcert(stdout);
    const odd = shown.find((binding) => !isWhole(binding));
    if (odd) throw new Unknown('unreadable', `netsh.exe shows ${odd.endpoint} without ${odd.unreadable.join(', ')}`);
    if (shown.length === 0) throw new Unknown('unreadable', 'netsh.exe listed no certificate binding');
    return shown.filter(isWhole).map(({ unreadable: _, ...binding }) => binding);
  },
});

/** What the registry says as a whole: who may read one of its keys may read them all. */
const registryOf = (
  addresses: Reading<readonly Binding[]>,
  names: Reading<readonly Binding[]>,
): readonly Binding[] | undefined => {
  if (!addresses.known) return;
  if (!names.known) throw new Unknown(names.reason, names.detail);
  return [...addresses.value, ...names.value];
};

/** The certificate bindings of HTTP.sys. Source: KB947031 situation 8, steps 4 and 5. */
export const bindings = defineFact<Bindings>({
  id: 'binding/all',
  vantage: 'server',
  right: `${right}, or none where netsh.exe tells all`,
  async ask(_$, facts) {
    const [{ https }, addresses, names, loaded] = await Promise.all([
      facts.need(sstpParameters),
      facts.read(addressBindings),
      facts.read(namedBindings),
      facts.read(loadedBindings),
    ]);
    if (!https) return { offloaded: true };
    const registry = registryOf(addresses, names);
    if (!addresses.known && !loaded.known) throw new Unknown(addresses.reason, `${addresses.detail}; ${loaded.detail}`);
    return { offloaded: false, ...(registry && { registry }), ...(loaded.known && { netsh: loaded.value }) };
  },
});
