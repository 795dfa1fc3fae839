/** The registry of a pretended server: a map from full key path to values. Names are compared without regard to case. */

export type Value =
  | readonly ['REG_DWORD', number]
  | readonly ['REG_SZ' | 'REG_EXPAND_SZ', string]
  | readonly ['REG_BINARY', Uint8Array]
  | readonly ['REG_MULTI_SZ', readonly string[]];

/** `deniedKeys` can be listed by their parent and not be read, nor anything below them. */
export type Registry = {
  registry: Map<string, Map<string, Value>>;
  deniedKeys: Set<string>;
};

/** The full path of a key: `HKLM` is short for `HKEY_LOCAL_MACHINE`. */
export const fullPath = (key: string): string => key.replace(/^HKLM(?=\\|$)/i, 'HKEY_LOCAL_MACHINE').replace(/\\$/, '');

/** Each question goes through all keys: their small letters are remembered. */
const lowered = new Map<string, string>();
const lower = (text: string): string => {
  const known = lowered.get(text);
  if (known !== undefined) return known;
  const small = text.toLowerCase();
  lowered.set(text, small);
  return small;
};

const same = (one: string, other: string): boolean => lower(one) === lower(other);
const within = (key: string, top: string): boolean => {
  const [small, above] = [lower(key), lower(top)];
  return small.startsWith(above) && (small.length === above.length || small[above.length] === '\\');
};

/** The key as it is spelled in the map; itself when it is not there. */
const spelled = ({ registry }: Registry, key: string): string => {
  const path = fullPath(key);
  return registry.has(path) ? path : ([...registry.keys()].find((known) => same(known, path)) ?? path);
};

/** The value's name as it is spelled in the key; itself when it is not there. */
const spelledName = (values: ReadonlyMap<string, Value>, name: string): string =>
  [...values.keys()].find((known) => same(known, name)) ?? name;

/** The values of a key; none for a key that exists only because keys below it do. */
export const valuesOf = (server: Registry, key: string): ReadonlyMap<string, Value> =>
  server.registry.get(spelled(server, key)) ?? new Map();

/** One value, or `undefined`. */
export const getValue = (server: Registry, key: string, name: string): Value | undefined => {
  const values = valuesOf(server, key);
  return values.get(spelledName(values, name));
};

/** Whether the key, or any key below it, is there. */
export const hasKey = (server: Registry, key: string): boolean =>
  [...server.registry.keys()].some((known) => within(known, fullPath(key)));

/** Whether the account may not read the key. */
export const isDenied = (server: Registry, key: string): boolean =>
  [...server.deniedKeys].some((denied) => within(fullPath(key), denied));

/** The names of the keys right below, in the order of the registry. */
export const subkeysOf = (server: Registry, key: string): readonly string[] => {
  const top = fullPath(key);
  const names = new Map<string, string>();
  for (const known of server.registry.keys()) {
    if (!within(known, top) || same(known, top)) continue;
    const name = known.slice(top.length + 1).split('\\', 1)[0] ?? '';
    if (!names.has(name.toUpperCase())) names.set(name.toUpperCase(), name);
  }
  return [...names].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, name]) => name);
};

/** Adds a key, without values unless some are given. */
export const addKey = (server: Registry, key: string, values: Readonly<Record<string, Value>> = {}): void => {
  const path = spelled(server, key);
  if (!server.registry.has(path)) server.registry.set(path, new Map());
  for (const [name, value] of Object.entries(values)) setValue(server, path, name, value);
};

/** Sets a value, and makes its key if need be. The default value's name is ''. */
export const setValue = (server: Registry, key: string, name: string, value: Value): void => {
  const path = spelled(server, key);
  const values = server.registry.get(path) ?? new Map<string, Value>();
  server.registry.set(path, values.set(spelledName(values, name), value));
};

/** Removes a value. Throws when it is not there: a test that breaks nothing proves nothing. */
export const removeValue = (server: Registry, key: string, name: string): void => {
  const values = server.registry.get(spelled(server, key));
  if (!values?.delete(spelledName(values, name))) throw new Error(`${key} holds no ${name}`);
};

/** Removes a key with everything below it. Throws when it is not there. */
export const removeKey = (server: Registry, key: string): void => {
  if (!hasKey(server, key)) throw new Error(`${key} is not there`);
  for (const known of [...server.registry.keys()]) if (within(known, fullPath(key))) server.registry.delete(known);
};

/** Takes the right to read the key and everything below it; the key is made if need be. */
export const deny = (server: Registry, key: string): void => {
  addKey(server, key);
  server.deniedKeys.add(spelled(server, key));
};
