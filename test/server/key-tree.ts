/** The keys of a registry as a tree, so that a question need not go through all of them. Case does not matter. */

type Node = {
  /** The key as it is spelled in the registry, unless it is there only because keys below it are. */
  key?: string;
  /** The names of the keys right below, as they were spelled first, by their capital letters. */
  readonly names: Map<string, string>;
};

/** Nodes by the small letters of their path. */
export type KeyTree = Map<string, Node>;

export const treeOf = (keys: Iterable<string>): KeyTree => {
  const tree: KeyTree = new Map();
  for (const key of keys) plant(tree, key);
  return tree;
};

export const nodeAt = (tree: KeyTree, path: string): Node | undefined => tree.get(path.toLowerCase());

/** Adds a key that is not there yet, and whatever leads to it. */
export const plant = (tree: KeyTree, key: string): void => {
  let node = grown(tree, key);
  node.key = key;
  for (let rest = key; rest.includes('\\'); ) {
    const end = rest.lastIndexOf('\\');
    const name = rest.slice(end + 1);
    rest = rest.slice(0, end);
    node = grown(tree, rest);
    if (node.names.has(name.toUpperCase())) return;
    node.names.set(name.toUpperCase(), name);
  }
};

const grown = (tree: KeyTree, path: string): Node => {
  const small = path.toLowerCase();
  const node = tree.get(small) ?? { names: new Map() };
  tree.set(small, node);
  return node;
};
