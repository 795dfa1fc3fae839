import { Unknown } from '../../../engine/define.ts';
import {
  addressEndpointOf,
  type Binding,
  DEFAULT_STORE,
  type Endpoint,
  type Flag,
  hostEndpointOf,
  portOf,
  withheldBy,
} from './binding.ts';

/** A binding as netsh.exe shows it: what could be read, and the names of what could not. */
export type ShownBinding = Readonly<Partial<Binding> & { unreadable: readonly string[] }>;

type Line = Readonly<{ text: string; value?: string }>;
type Block = { endpoint?: Endpoint; lines: Line[] };

const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const GUID = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;
const NONE = /^(?:\(null\))?$/;
const ON_OFF = /^(?:Enabled|Disabled)$/;
const SET = /^(?:Not )?Set$/;
const FREE = /^(?!(?:Enabled|Disabled)$)/;
/** Of the values after the store's name, up to Negotiate Client Certificate, which every build prints. */
const SHAPES = [ON_OFF, ON_OFF, ON_OFF, /^\d+$/, /^\d+$/, FREE, FREE, ON_OFF, ON_OFF];
const NEGOTIATE = SHAPES.length - 1;
/** Later builds add Reject Connections, then flags, then sub-blocks of numbers. */
const LATER = /^(?:(?:Not )?Set|\d*)$/;

const isOneOf = (shapes: readonly RegExp[], value: string | undefined): value is string =>
  value !== undefined && shapes.some((shape) => shape.test(value));

/** Labels are translated and may hold colons of their own; the value is what follows the last one that stands alone. */
const lineOf = (text: string): Line => {
  const alone = text.lastIndexOf(' : ');
  const at = alone < 0 ? text.lastIndexOf(':') : alone + 1;
  return at < 0 ? { text } : { text, value: text.slice(at + 1).trim() };
};

const isName = (text: string): boolean => /[^\d.:]/.test(text) && !/[[\]]/.test(text);

/** An address, or a name of plain letters, is known by its own shape. */
const addressed = (text: string): Endpoint | undefined => {
  const tail = /:\s*([\w*.-]+:\d+|\[[^[\]\s]*\]:\d+)\s*$/.exec(text)?.[1] ?? '';
  return addressEndpointOf(tail) ?? (isName(tail) ? hostEndpointOf(tail) : undefined);
};

/** What else is bound is known by the hash and the application id in the lines below it, of which some may be missing. */
const isHead = ([, next, third]: readonly Line[]): boolean => {
  const [below, beyond] = [next?.value ?? '-', third?.value ?? ''];
  return GUID.test(below) || (isOneOf([HASH, NONE], below) && GUID.test(beyond));
};

/** The central certificate store is named by a bare port, any other name in any script stands before its port. */
const named = (lines: readonly Line[]): Endpoint | undefined => {
  const value = lines[0]?.value ?? '';
  if (!isHead(lines)) return;
  const port = portOf(value);
  if (port) return { kind: 'central', endpoint: String(port), port };
  // Digits and dots that are no address could be an address that was garbled, and so can what stands in brackets.
  return isName(value) ? hostEndpointOf(value) : undefined;
};

const blocksOf = (lines: readonly Line[]): readonly Block[] => {
  const blocks: Block[] = [{ lines: [] }];
  for (const [at, line] of lines.entries()) {
    const endpoint = addressed(line.text) ?? named(lines.slice(at, at + 3));
    if (endpoint) blocks.push({ endpoint, lines: [] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks;
};

const isOn = (line: Line | undefined): boolean => line?.value === 'Enabled' || line?.value === 'Set';

type Settings = Pick<Binding, 'flags' | 'withheld'>;

/** The settings of a binding, or `undefined` where the lines are not those that netsh.exe prints. */
const settingsOf = (lines: readonly Line[]): Settings | undefined => {
  const [reject, ...later] = lines.slice(SHAPES.length);
  const isKnown =
    SHAPES.every((shape, at) => shape.test(lines[at]?.value ?? '\n')) &&
    ON_OFF.test(reject ? (reject.value ?? '') : 'Disabled') &&
    later.every(({ value }) => LATER.test(value ?? '\n'));
  if (!isKnown) return;
  /** The only setting of which the name holds this. */
  const setting = (named: RegExp): Line | undefined => {
    const [found, ...more] = later.filter(({ text, value = '' }) => SET.test(value) && named.test(text));
    return more.length > 0 ? undefined : found;
  };
  const on: readonly (readonly [Flag, Line | undefined])[] = [
    ['Negotiate Client Certificate', lines[NEGOTIATE]],
    ['Reject Connections', reject],
    ['Disable TLS1.2', setting(/TLS1\.2/)],
  ];
  return {
    flags: on.filter(([, line]) => isOn(line)).map(([flag]) => flag),
    ...withheldBy(({ named }) => isOn(setting(named))),
  };
};

/** The central certificate store has no hash, and perhaps no line for it. */
const withHash = ({ endpoint, lines }: Block): readonly Line[] =>
  endpoint?.kind === 'central' && GUID.test(lines[0]?.value ?? '') ? [{ text: '', value: '' }, ...lines] : lines;

const bindingOf = (block: Block): ShownBinding => {
  const lines = withHash(block);
  const [hash, id, store] = lines.map(({ value }) => value);
  const settings = settingsOf(lines.slice(3));
  // A store may have any name: it is known by its place behind the application id.
  const known = isOneOf([GUID, NONE], id) && isOneOf([/./, NONE], store) && !GUID.test(store);
  const isRead = {
    'certificate hash': isOneOf([HASH, NONE], hash),
    'application id': isOneOf([GUID, NONE], id),
    store: known,
    flags: settings !== undefined,
  };
  return {
    ...block.endpoint,
    ...(isOneOf([HASH], hash) && { hash: hash.toUpperCase() }),
    ...(isOneOf([GUID], id) && { applicationId: id.toLowerCase() }),
    ...(known && { store: NONE.test(store) ? DEFAULT_STORE : store }),
    ...settings,
    unreadable: Object.entries(isRead).flatMap(([name, read]) => (read ? [] : [name])),
  };
};

/** Whether lines before the first endpoint are more than title and prompt: then an endpoint was not recognised. */
const isStray = ({ value = '' }: Line): boolean => HASH.test(value) || GUID.test(value);

/**
 * Reads what `netsh.exe http show sslcert` printed, in any display language: by the shape and the order of the values. A
 * binding of which something could not be read says what. Throws Unknown `unreadable` for a text with control characters.
 * Source: windows-facts 3.1.
 */
export const parseSslcert = (text: string): readonly ShownBinding[] => {
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text))
    throw new Unknown('unreadable', 'netsh.exe printed control characters for the certificate bindings');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [before, ...blocks] = blocksOf(lines.map(lineOf));
  const stray: readonly ShownBinding[] = before?.lines.some(isStray) ? [{ unreadable: ['endpoint'] }] : [];
  return [...stray, ...blocks.map(bindingOf)];
};
