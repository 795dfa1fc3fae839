import { Unknown } from '../../../engine/define.ts';
import { bytesOf } from './bytes.ts';

/** One value as reg.exe prints it: `    Name    REG_TYPE    data`. */
type Value = { name: string; type: string; data: string };
type Node = { path: string; values: Map<string, Value>; children: Map<string, Node> };

/**
 * A key of the registry. Names are compared without regard to case. Each reader gives `undefined` for a value that does
 * not exist, and throws Unknown `unreadable` for one of another type or with data that reg.exe does not print.
 */
export type Key = Readonly<{
  /** Full path as printed, beginning with HKEY_LOCAL_MACHINE. */
  path: string;
  /** Last part of the path. */
  name: string;
  /** As they are spelled. */
  names(): readonly string[];
  type(name: string): string | undefined;
  dword(name: string): number | undefined;
  text(name: string): string | undefined;
  binary(name: string): Uint8Array | undefined;
  list(name: string): readonly string[] | undefined;
  /** A key below this one, by its path relative to this one. */
  key(path: string): Key | undefined;
  keys(): readonly Key[];
}>;

const VALUE = /^ {4}(.*?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/;
const HEADER = /^HKEY_[A-Z_]+(?:\\.*)?$/;
const last = (path: string): string => path.slice(path.lastIndexOf('\\') + 1);
const unreadable = (detail: string): never => {
  throw new Unknown('unreadable', detail);
};

const view = (node: Node): Key => {
  const raw = (name: string, types: readonly string[]): string | undefined => {
    const value = node.values.get(name.toLowerCase());
    if (value && !types.includes(value.type))
      unreadable(`${node.path} ${name} is ${value.type}, expected ${types.join(' or ')}`);
    return value?.data;
  };
  return {
    path: node.path,
    name: last(node.path),
    names: () => [...node.values.values()].map(({ name }) => name),
    type: (name) => node.values.get(name.toLowerCase())?.type,
    dword: (name) => {
      const data = raw(name, ['REG_DWORD']);
      if (data !== undefined && !/^0x[0-9a-f]{1,8}$/i.test(data)) unreadable(`${node.path} ${name} holds ${data}`);
      return data === undefined ? undefined : Number(data);
    },
    text: (name) => raw(name, ['REG_SZ', 'REG_EXPAND_SZ']),
    binary: (name) => {
      const data = raw(name, ['REG_BINARY']);
      if (data !== undefined && !/^(?:[0-9a-f]{2})*$/i.test(data))
        unreadable(`${node.path} ${name} is not hexadecimal`);
      return data === undefined ? undefined : bytesOf(data);
    },
    list: (name) =>
      raw(name, ['REG_MULTI_SZ'])
        ?.split('\\0')
        .filter((item) => item !== ''),
    key: (path) => {
      const found = path
        .toLowerCase()
        .split('\\')
        .reduce<Node | undefined>((at, part) => at?.children.get(part), node);
      return found && view(found);
    },
    keys: () => [...node.children.values()].map(view),
  };
};

/** The node of a printed key line, with every key between it and the root. */
const descend = (root: Node, header: string): Node => {
  const under = header.toLowerCase() === root.path.toLowerCase();
  if (!under && !header.toLowerCase().startsWith(`${root.path.toLowerCase()}\\`))
    unreadable(`${header} stands in the answer for ${root.path}`);
  let node = root;
  for (const part of under ? [] : header.slice(root.path.length + 1).split('\\')) {
    const next = node.children.get(part.toLowerCase()) ?? {
      path: `${node.path}\\${part}`,
      values: new Map(),
      children: new Map(),
    };
    node.children.set(part.toLowerCase(), next);
    node = next;
  }
  return node;
};

const full = (path: string): string => path.replace(/^HKLM(?=\\|$)/i, 'HKEY_LOCAL_MACHINE');

const addValue = (at: Node | undefined, line: RegExpExecArray, asked: string): Value => {
  const [, name = '', type = '', data = ''] = line;
  if (!at) throw new Unknown('unreadable', `the value ${name} stands below no key in the answer for ${asked}`);
  if (at.values.has(name.toLowerCase())) unreadable(`${at.path} holds ${name} twice`);
  const value = { name, type, data };
  at.values.set(name.toLowerCase(), value);
  return value;
};

const isText = (open: Value | undefined): open is Value => open !== undefined && /^REG_(?:EXPAND_)?SZ$/.test(open.type);

/** A text with a line break in it goes on in the next line; nothing else may. */
const continueValue = (open: Value | undefined, line: string, asked: string): void => {
  if (isText(open) && line !== '') open.data += `\n${line}`;
  else if (line.trim() !== '')
    unreadable(`the answer for ${asked} holds a line that reg.exe does not print: ${line.slice(0, 80)}`);
};

/** Reads what `reg.exe query` printed for a key. Throws Unknown `unreadable` for anything that reg.exe does not print. */
export const parseRegistry = (asked: string, text: string): Key => {
  const root: Node = { path: full(asked), values: new Map(), children: new Map() };
  let at: Node | undefined;
  let open: Value | undefined;
  let found = false;
  for (const line of text.split(/\r?\n/)) {
    const value = VALUE.exec(line);
    if (HEADER.test(line)) {
      at = descend(root, line);
      open = undefined;
    } else if (value) open = addValue(at, value, asked);
    else continueValue(open, line, asked);
    found ||= at !== undefined;
    if (line !== '') continue;
    // An empty line ends a key: a value below it has lost the name of its own. Only a text can end in an empty line itself.
    if (!isText(open)) at = undefined;
    open = undefined;
  }
  if (!found) throw new Unknown('unreadable', `the answer for ${asked} is empty`);
  return view(root);
};
