/** Puts a waiver into a YAML text, and leaves every other character of it as it is. */
import { isDeepStrictEqual } from 'node:util';
import { type Document, isCollection, isMap, isNode, isSeq, parseDocument, stringify, type YAMLSeq } from 'yaml';
import type { Waiver } from '../model.ts';

/** A waiver as people write it: `until` is a date, or a time with its offset. */
type Written = Omit<Waiver, 'file'>;

type Place = Readonly<{ text: string; eol: string }>;

const KEYS = ['check', 'target', 'tags', 'subject', 'actual', 'until', 'because', 'approvedBy'] as const;

/**
 * The text of a profile or of a file of waivers with one more waiver at the end of its list, in the manner of the last one.
 * Undefined for a text in which no list of waivers can be found or begun.
 */
export const withWaiver = (text: string, waiver: Written): string | undefined => {
  const document = read(text);
  if (document.errors.length > 0) return undefined;
  const item = Object.fromEntries(KEYS.flatMap((key) => (waiver[key] === undefined ? [] : [[key, waiver[key]]])));
  const place = { text, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  const list = document.get('waivers', true);
  const added =
    isSeq(list) && list.items.length > 0
      ? list.flow
        ? withinBrackets(place, list, item)
        : below(place, list, item)
      : begun(place, document, item);
  return holds(added, text, item) ? added : undefined;
};

const read = (text: string): Document => parseDocument(text, { schema: 'core', merge: false });

/** Whether a text says what another one says, and one waiver more. */
const holds = (added: string, before: string, item: object): boolean => {
  const document = read(added);
  if (document.errors.length > 0) return false;
  const old = (read(before).toJS() ?? {}) as Readonly<Record<string, unknown>>;
  const waivers = Array.isArray(old['waivers']) ? old['waivers'] : [];
  return isDeepStrictEqual(document.toJS(), { ...old, waivers: [...waivers, item] });
};

/** After the last of `- …`. */
const below = ({ text, eol }: Place, list: YAMLSeq, item: object): string => {
  const last = list.items.at(-1);
  const [start = 0, end = 0] = rangeOf(last);
  const dash = text.lastIndexOf('-', start);
  const indent = text.slice(text.lastIndexOf('\n', dash) + 1, dash);
  const lines = block(item, { indent, eol, flow: isCollection(last) && last.flow === true });
  return inserted(text, endOfLine(text, end), lines, eol);
};

/** Before the bracket that ends `[…]`. */
const withinBrackets = ({ text, eol }: Place, list: YAMLSeq, item: object): string => {
  const [start = 0, end = 0] = rangeOf(list.items.at(-1));
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const before = text.slice(lineStart, start);
  const between = /^\s*$/.test(before) ? `${eol}${before}` : ' ';
  return `${text.slice(0, end)},${between}${flowOf(item)}${text.slice(end)}`;
};

/** The first of a list that is empty, or is not there. */
const begun = ({ text, eol }: Place, document: Document, item: object): string => {
  const lines = block(item, { indent: '  ', eol, flow: false });
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isNode(key) && key.toJSON() === 'waivers')
    : undefined;
  if (!pair) return inserted(text, text.length, `waivers:${eol}${lines}`, eol);
  const [, keyEnd = 0] = rangeOf(pair.key);
  const [start = 0, end = 0] = rangeOf(pair.value);
  const bare = end > start ? text.slice(0, start).trimEnd() + text.slice(end) : text;
  return inserted(bare, endOfLine(bare, keyEnd), lines, eol);
};

const rangeOf = (node: unknown): readonly number[] => (isNode(node) ? (node.range ?? []) : []);

const endOfLine = (text: string, from: number): number => {
  if (text[from - 1] === '\n') return from;
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
};

const inserted = (text: string, at: number, lines: string, eol: string): string => {
  const before = text.slice(0, at);
  return `${before}${before === '' || before.endsWith('\n') ? '' : eol}${lines}${text.slice(at)}`;
};

type Manner = Readonly<{ indent: string; eol: string; flow: boolean }>;

const block = (item: object, { indent, eol, flow }: Manner): string => {
  const lines = flow ? [`- ${flowOf(item)}`] : stringify([item], { lineWidth: 0 }).trimEnd().split('\n');
  return lines.map((line) => `${indent}${line}${eol}`).join('');
};

const flowOf = (item: object): string => stringify(item, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
