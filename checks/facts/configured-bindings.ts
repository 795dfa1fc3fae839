import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { readKey } from './read/ask.ts';
import {
  addressEndpointOf,
  type Binding,
  DEFAULT_STORE,
  type Endpoint,
  FLAGS,
  type Flag,
  hostEndpointOf,
  isOwn,
  type Listed,
  listed,
  type OddBinding,
  portOf,
  withheldBy,
} from './read/binding.ts';
import { hexOf } from './read/bytes.ts';
import type { Key } from './read/registry.ts';

export const HTTP_PARAMETERS = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters`;

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
    ...withheldBy(({ bit }) => (bits & bit) !== 0),
  };
};

/** One odd binding leaves the others readable, unless it could be one of SSTP's own. */
const readBinding = (key: Key, endpoint: Endpoint | undefined, mayBeOwn: boolean): Binding | OddBinding => {
  try {
    return bindingOf(key, endpoint);
  } catch (error) {
    if (mayBeOwn || !(error instanceof Unknown)) throw error;
    return { endpoint: key.name, ...(endpoint && { port: endpoint.port }), detail: error.message };
  }
};

type Kind = Readonly<{
  name: string;
  usuallyAbsent: boolean;
  endpointOf(name: string): Endpoint | undefined;
  mayBeOwn(endpoint: Endpoint | undefined): boolean;
}>;

/**
 * The bindings below a key; none where it is proven that the key does not exist. Sources of the names: public disassembly notes
 * of http.sys; learn.microsoft.com, where Windows Server Essentials sets DefaultFlags. Belief: the form of AppId.
 */
const configured = async ($: Shell, { name, usuallyAbsent, endpointOf, mayBeOwn }: Kind): Promise<Listed> => {
  const key = await readKey($, `${HTTP_PARAMETERS}\\${name}`, { recursive: true, usuallyAbsent });
  if (key?.names().length) throw new Unknown('unreadable', `${key.path} holds values of its own`);
  const found = (key?.keys() ?? []).map((below) => {
    const endpoint = endpointOf(below.name);
    return readBinding(below, endpoint, mayBeOwn(endpoint));
  });
  return listed(found);
};

const ADDRESSES: Kind = {
  name: 'SslBindingInfo',
  usuallyAbsent: false,
  endpointOf: addressEndpointOf,
  mayBeOwn: (endpoint) => !endpoint || isOwn(endpoint.endpoint),
};
const HOSTS: Kind = {
  name: 'SslSniBindingInfo',
  usuallyAbsent: true,
  endpointOf: hostEndpointOf,
  mayBeOwn: () => false,
};
/** The central certificate store, named by its port (source: as above) or by a wildcard address with it (belief). */
const CENTRAL: Kind = {
  name: 'SslCcsBindingInfo',
  usuallyAbsent: true,
  endpointOf: (name) => {
    const port = portOf(name) ?? addressEndpointOf(name)?.port;
    return port ? { kind: 'central', endpoint: String(port), port } : undefined;
  },
  mayBeOwn: () => false,
};

/** What reading the settings of HTTP.sys takes. */
export const HTTP_RIGHT = 'administrator (HTTP.sys settings)';

/** Bindings of addresses, as they are configured. */
export const addressBindings = defineFact<Listed>({
  id: 'binding/addresses',
  vantage: 'server',
  right: HTTP_RIGHT,
  ask: ($) => configured($, ADDRESSES),
});

/** Bindings of host names and of the central certificate store, as they are configured. */
export const namedBindings = defineFact<Listed>({
  id: 'binding/names',
  vantage: 'server',
  right: HTTP_RIGHT,
  async ask($) {
    const [hosts, central] = await Promise.all([configured($, HOSTS), configured($, CENTRAL)]);
    return { whole: [...hosts.whole, ...central.whole], odd: [...hosts.odd, ...central.odd] };
  },
});
