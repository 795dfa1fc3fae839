import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Value } from '../../server/registry.ts';

const SAMPLES = path.join(import.meta.dirname, '../../../../shared/samples');

/** The names of the recorded answers at hand. */
export const sampleNames = (): readonly string[] =>
  existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => name.endsWith('.txt')) : [];

/** A recorded answer without the note in its first line; where it is not at hand, the test says so and passes. */
export const sample = (t: ExecutionContext, name: string): string | undefined => {
  const file = path.join(SAMPLES, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').replace(/^.*\n/, '');
  t.log(`SKIPPED: the recorded answers are not at hand (${file})`);
  t.pass();
};

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(',', ''), 'hex'));
const textsOf = (hex: string): readonly string[] =>
  Buffer.from(bytesOf(hex))
    .toString('utf16le')
    .split('\0')
    .filter((text) => text !== '');
const plain = (text: string): string => text.replace(/\\([\\"])/g, '$1');

const valueIn = (data: string): Value => {
  const [kind = '', ...rest] = data.split(':');
  const content = rest.join(':');
  if (kind === 'dword') return ['REG_DWORD', Number.parseInt(content, 16)];
  if (kind === 'hex') return ['REG_BINARY', bytesOf(content)];
  if (kind === 'hex(2)') return ['REG_EXPAND_SZ', textsOf(content)[0] ?? ''];
  if (kind === 'hex(7)') return ['REG_MULTI_SZ', textsOf(content)];
  return ['REG_SZ', plain(data.replace(/^"|"$/g, ''))];
};

/** The keys of a recorded .reg export. */
export const keysOf = (text: string): ReadonlyMap<string, ReadonlyMap<string, Value>> => {
  const lines = text.replace(/\\\r?\n\s*/g, '').split(/\r?\n/);
  const keys = new Map<string, Map<string, Value>>();
  let key = '';
  for (const line of lines) {
    const [, name, data] = /^"((?:[^"\\]|\\.)*)"=(.*)$/.exec(line) ?? [];
    key = /^\[(.*)\]$/.exec(line)?.[1] ?? key;
    const values = keys.get(key) ?? new Map<string, Value>();
    if (name !== undefined && data !== undefined) values.set(plain(name), valueIn(data));
    if (key) keys.set(key, values);
  }
  return keys;
};
