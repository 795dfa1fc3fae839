import { fullPath, type Value } from '../server/registry.ts';

type Keys = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/** What wine itself lives on; a described value is laid over these, and everything else is replaced. */
const KEPT = [
  'HKEY_CURRENT_USER',
  'HKEY_USERS',
  String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Classes`,
  String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion`,
  String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion`,
  String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Nls`,
  String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ProductOptions`,
  String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager`,
  String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\RpcSs`,
].map((key) => `${key.toLowerCase()}\\`);

/** The topmost key on the way to `key` that wine can do without; none when wine needs `key` itself. */
const expendable = (key: string): string | undefined => {
  const names = key.split('\\');
  const ways = names.map((_, at) => names.slice(0, at + 1).join('\\'));
  return ways.find((way) => {
    const path = `${way.toLowerCase()}\\`;
    return !KEPT.some((kept) => kept.startsWith(path) || path.startsWith(kept));
  });
};

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(',');
const wide = (text: string): string => hex(Buffer.from(`${text}\0`, 'utf16le'));

const data = (value: Value): string => {
  switch (value[0]) {
    case 'REG_DWORD':
      return `dword:${value[1].toString(16).padStart(8, '0')}`;
    case 'REG_BINARY':
      return `hex:${hex(value[1])}`;
    case 'REG_SZ':
      return `hex(1):${wide(value[1])}`;
    case 'REG_EXPAND_SZ':
      return `hex(2):${wide(value[1])}`;
    case 'REG_MULTI_SZ':
      return `hex(7):${wide(value[1].map((text) => `${text}\0`).join(''))}`;
  }
};

/**
 * A registry as the text of a .reg file for `reg import`, in UTF-16LE with a byte order mark. What the importing
 * machine has of its own at and around the described and the absent keys is deleted first, unless wine cannot do without it.
 */
export const regFile = (keys: Keys, absent: readonly string[] = []): Uint8Array => {
  const paths = [...absent, ...keys.keys()].map(fullPath);
  const lines = [
    'Windows Registry Editor Version 5.00',
    ...new Set(paths.flatMap((path) => expendable(path) ?? []).map((path) => `[-${path}]`)),
    ...[...keys].flatMap(([path, values]) => [
      `[${fullPath(path)}]`,
      ...[...values].map(([name, value]) => `${name === '' ? '@' : quoted(name)}=${data(value)}`),
    ]),
  ];
  return Buffer.from(`\uFEFF${lines.map((line) => `${line}\r\n`).join('')}`, 'utf16le');
};
