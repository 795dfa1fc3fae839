import type { Reporter } from './reporter.ts';

/** Reading order of the fields of every object; what a later version adds comes after these. */
const ORDER = `
  format language tool madeAt before after kind source profile auditor account host id name address version
  title why fix references situations clientErrors tags os reached bucket worse check target verdict subject
  state severity status message expected actual found reason detail findings waiver until because approvedBy
  file command startedAt finishedAt tookMs exitCode exitReason complete sha256 excerpt gate failOn allowUnknown
  baseline differs summary coverage targets fail unknown waived inapplicable pass servers checks results
  waivers waiverFiles subjects evidence changes
`.split(/\s+/);
const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((key, at) => [key, at]));

/** The report itself: the canonical form, of which every other one can be made. Piece by piece, one per array element. */
export const json: Reporter = (report) => jsonPieces(report);

/** An object as JSON, in reading order, piece by piece. */
export const jsonPieces = function* (value: object): Iterable<string> {
  const fields = Object.entries(ordered(value));
  yield '{';
  for (const [at, [key, inner]] of fields.entries()) {
    yield `${at === 0 ? '' : ','}\n  ${JSON.stringify(key)}: `;
    if (Array.isArray(inner) && inner.length > 0) yield* elements(inner);
    else yield text(inner, '  ');
  }
  yield '\n}\n';
};

const elements = function* (values: readonly unknown[]): Iterable<string> {
  for (const [at, value] of values.entries()) yield `${at === 0 ? '[' : ','}\n    ${text(value, '    ')}`;
  yield '\n  ]';
};

const text = (value: unknown, indent: string): string =>
  harmless(JSON.stringify(tidy(value), undefined, 2).replaceAll('\n', `\n${indent}`));

/** In reading order. Half a character is not text: readers other than JavaScript refuse it. */
const tidy = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(tidy) : ordered(value);
};

const ordered = (value: object): Readonly<Record<string, unknown>> => {
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const tidied: Record<string, unknown> = {};
  for (const key of orderOf(Object.keys(fields)))
    if (key === '__proto__') Object.defineProperty(tidied, key, { value: tidy(fields[key]), enumerable: true });
    else tidied[key] = tidy(fields[key]);
  return tidied;
};

/** Reports have objects of a few kinds; what a profile expects may be of any. */
const MOST_ORDERS = 1_000;
const orders = new Map<string, readonly string[]>();

const orderOf = (keys: readonly string[]): readonly string[] => {
  const kind = JSON.stringify(keys);
  const order = orders.get(kind) ?? keys.toSorted((a, b) => rank(a) - rank(b));
  if (orders.size < MOST_ORDERS) orders.set(kind, order);
  return order;
};

const rank = (key: string): number => RANKS.get(key) ?? ORDER.length;

/**
 * The same JSON value in other letters: a CI system that reads the report on its console obeys `##vso[` anywhere in a
 * line, a terminal C1 controls, and people's eyes what reorders text.
 */
export const harmless = (text: string): string =>
  text.replace(
    /(?<=#)#|[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
