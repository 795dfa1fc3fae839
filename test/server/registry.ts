/** The registry of a pretended server: a map from full key path to values. Names are compared without regard to case. */
import { type KeyTree, nodeAt, plant, treeOf } from './key-tree.ts';

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

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const within = (key: string, top: string): boolean => {
  const [small, above] = [key.toLowerCase(), top.toLowerCase()];
  return small.startsWith(above) && (small.length === above.length || small[above.length] === '\\');
};

/** Trees of registries that were asked, up to date. */
const trees = new WeakMap<Registry['registry'], KeyTree>();
const treeIn = ({ registry }: Registry): KeyTree => {
  const known = trees.get(registry);
  if (known) return known;
  const tree = treeOf(registry.keys());
  trees.set(registry, tree);
  return tree;
};

/** The key as it is spelled in the map; itself when it is not there. */
const spelled = (server: Registry, key: string): string => {
  const path = fullPath(key);
  return nodeAt(treeIn(server), path)?.key ?? path;
};

/** The values of a key of the map, which is made if need be. */
const made = (server: Registry, path: string): Map<string, Value> => {
  const known = server.registry.get(path);
  if (known) return known;
  const values = new Map<string, Value>();
  server.registry.set(path, values);
  plant(treeIn(server), path);
  return values;
};

/** The value's name as it is spelled in the key; itself when it is not there. */
const spelledName = (values: ReadonlyMap<string, Value>, name: string): string =>
  values.has(name) ? name : ([...values.keys()].find((known) => same(known, name)) ?? name);

/** The values of a key; none for a key that exists only because keys below it do. */
export const valuesOf = (server: Registry, key: string): ReadonlyMap<string, Value> =>
  server.registry.get(spelled(server, key)) ?? new Map();

/** One value, or `undefined`. */
export const getValue = (server: Registry, key: string, name: string): Value | undefined => {
  const values = valuesOf(server, key);
  return values.get(spelledName(values, name));
};

/** Whether the key, or any key below it, is there. */
export const hasKey = (server: Registry, key: string): boolean => nodeAt(treeIn(server), fullPath(key)) !== undefined;

/** Whether the account may not read the key. */
export const isDenied = (server: Registry, key: string): boolean =>
  [...server.deniedKeys].some((denied) => within(fullPath(key), denied));

/** The names of the keys right below, in the order of the registry. */
export const subkeysOf = (server: Registry, key: string): readonly string[] =>
  [...(nodeAt(treeIn(server), fullPath(key))?.names ?? [])]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, name]) => name);

/** Adds a key, without values unless some are given. */
export const addKey = (server: Registry, key: string, values: Readonly<Record<string, Value>> = {}): void => {
  const known = made(server, spelled(server, key));
  for (const [name, value] of Object.entries(values)) known.set(spelledName(known, name), value);
};

/** Sets a value, and makes its key if need be. The default value's name is ''. */
export const setValue = (server: Registry, key: string, name: string, value: Value): void => {
  const values = made(server, spelled(server, key));
  values.set(spelledName(values, name), value);
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
  trees.delete(server.registry);
};

/** Takes the right to read the key and everything below it; the key is made if need be. */
export const deny = (server: Registry, key: string): void => {
  addKey(server, key);
  server.deniedKeys.add(spelled(server, key));
};
