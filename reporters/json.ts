import type { Reporter } from './reporter.ts';

/** Reading order of the fields of every object; what a later version adds comes after these. */
const ORDER = `
  format language tool madeAt before after kind source profile auditor account host id name address version
  title why fix references situations clientErrors tags os reached bucket worse check target verdict subject
  state severity status message expected actual found reason detail findings waiver until because approvedBy
  file command startedAt finishedAt tookMs exitCode exitReason complete sha256 excerpt gate failOn allowUnknown
  baseline differs summary coverage targets fail unknown waived inapplicable pass servers checks results
  waivers waiverFiles checkFiles subjects evidence changes
`.split(/\s+/);
const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((key, at) => [key, at]));

/** The report itself: the canonical form, of which every other one can be made. Piece by piece, one per array element. */
export const json: Reporter = (report) => jsonPieces(report);

/** An object as JSON, in reading order, piece by piece. */
export const jsonPieces = function* (value: object): Iterable<string> {
  yield '{';
  for (const [at, [key, inner]] of inOrder(value).entries()) {
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
  harmless(JSON.stringify(isTidy(value) ? value : tidy(value), undefined, 2).replaceAll('\n', `\n${indent}`));

/**
 * Whether it is in reading order, as nearly everything is made: copying it would take several times as long as writing it. Half
 * a character is not text: readers other than JavaScript refuse it.
 */
const isTidy = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isTidy);
  let last = 0;
  for (const [key, inner] of Object.entries(value)) {
    const here = rank(key);
    if (here < last || !isTidy(inner)) return false;
    last = here;
  }
  return true;
};

const tidy = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tidy);
  const tidied: Record<string, unknown> = {};
  for (const [key, inner] of inOrder(value))
    if (key === '__proto__') Object.defineProperty(tidied, key, { value: tidy(inner), enumerable: true });
    else tidied[key] = tidy(inner);
  return tidied;
};

const inOrder = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value).toSorted(([one], [other]) => rank(one) - rank(other));

const rank = (key: string): number => RANKS.get(key) ?? ORDER.length;

/**
 * The same JSON value in other letters: a CI system that reads the report on its console obeys `##vso[` anywhere in a
 * line, a terminal C1 controls, and people's eyes what reorders text.
 */
export const harmless = (text: string): string =>
  text.replace(/##+|[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (found) =>
    found.startsWith('#') ? `#${escaped('#').repeat(found.length - 1)}` : escaped(found),
  );

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
