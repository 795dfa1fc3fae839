import { CURRENT_VERSION } from './paths.ts';
import { fullPath, getValue, hasKey, isDenied, type Registry, subkeysOf, type Value, valuesOf } from './registry.ts';
import { type Tongue, WORDS } from './words.ts';

/** What a program printed, as text with line feeds only, and how it ended. */
export type Said = Readonly<{ stdout: string; stderr?: string; exitCode: number }>;
type Machine = Registry & { language: Tongue };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

const printed = (value: Value): string => {
  switch (value[0]) {
    case 'REG_DWORD':
      return `0x${(value[1] >>> 0).toString(16)}`;
    case 'REG_BINARY':
      return hex(value[1]);
    case 'REG_MULTI_SZ':
      return value[1].join('\\0');
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return value[1];
  }
};

const row = (machine: Machine, name: string, value: Value): string =>
  `    ${name === '' ? WORDS[machine.language].defaultValue : name}    ${value[0]}    ${printed(value)}\n`;

const rows = (machine: Machine, key: string): string =>
  [...valuesOf(machine, key)].map(([name, value]) => row(machine, name, value)).join('');

/** One key: its values below its name, then the names of the keys below; a key without values does not print its name. */
const flat = (machine: Machine, key: string): string => {
  const values = rows(machine, key);
  const keys = subkeysOf(machine, key).map((name) => `${key}\\${name}\n`);
  return `\n${values === '' ? '' : `${key}\n${values}\n`}${keys.join('')}`;
};

/** A key and everything below it. A key that may not be read is passed over, and told on stderr. */
const deep = (machine: Machine, key: string): Readonly<{ text: string; denied: boolean }> => {
  if (isDenied(machine, key)) return { text: '', denied: true };
  const below = subkeysOf(machine, key).map((name) => deep(machine, `${key}\\${name}`));
  return {
    text: `\n${key}\n${rows(machine, key)}${below.map(({ text }) => text).join('')}`,
    denied: below.some(({ denied }) => denied),
  };
};

const one = (machine: Machine, key: string, name: string): Said => {
  const value = getValue(machine, key, name);
  return value
    ? { stdout: `\n${key}\n${row(machine, name, value)}\n`, exitCode: 0 }
    : failed(WORDS[machine.language].absent);
};

const failed = (stderr: string, stdout = ''): Said => ({ stdout, stderr: `${stderr}\n`, exitCode: 1 });

/** Server 2008 does not know the option: it came with build 7600. */
const knowsViews = (machine: Machine): boolean => {
  const build = getValue(machine, CURRENT_VERSION, 'CurrentBuild')?.[1];
  return typeof build !== 'string' || Number(build) >= 7600;
};

type Wish = Readonly<{ key: string; recursive: boolean; name?: string }>;

/** What `reg.exe query` was asked; `undefined` for what it, or this stand-in, does not understand. */
const wish = (machine: Machine, [key, ...options]: readonly string[]): Wish | undefined => {
  const said = options.filter((option) => option.toLowerCase() !== '/reg:64');
  if (!key || (said.length < options.length && !knowsViews(machine))) return;
  const asked = { key: fullPath(key), recursive: false };
  const [first, ...rest] = said;
  const option = first?.toLowerCase();
  if (option === undefined) return asked;
  if (option === '/s' && rest.length === 0) return { ...asked, recursive: true };
  if (option === '/ve' && rest.length === 0) return { ...asked, name: '' };
  return option === '/v' && rest.length === 1 ? { ...asked, name: rest[0] ?? '' } : undefined;
};

/** `reg.exe query KEY [/v NAME | /ve | /s] [/reg:64]` as Windows answers it. Source: windows-facts 13.3. */
export const regQuery = (machine: Machine, words: readonly string[]): Said => {
  const said = WORDS[machine.language];
  const asked = wish(machine, words);
  if (!asked) return failed(said.syntax);
  const { key, name, recursive } = asked;
  if (!hasKey(machine, key)) return failed(said.absent);
  if (isDenied(machine, key)) return failed(said.denied);
  if (name !== undefined) return one(machine, key, name);
  if (!recursive) return { stdout: flat(machine, key), exitCode: 0 };
  const { text, denied } = deep(machine, key);
  return denied ? failed(said.denied, text) : { stdout: text, exitCode: 0 };
};
