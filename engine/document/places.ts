import { type Document, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';

/** Offsets in the text of a value and of the key that leads to it. */
type Place = Readonly<{ key: number; value: number }>;

/** Where the parts of a document stand in its text, by JSON pointer (`/checks/sstp~1url`); the pointer of the whole is empty. */
export type Places = ReadonlyMap<string, Place>;

/** What is wrong, and at which part of the document (a JSON pointer): at its value, at its key, or at an offset in the text. */
export type Complaint = Readonly<{ at: string; says: string; on?: 'key' | number }>;

/** The pointer of a part below another one. */
export const below = (pointer: string, ...keys: readonly (string | number)[]): string =>
  [pointer, ...keys.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');

/** The keys that a pointer is made of. */
export const keysOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Deepest nesting of lists and maps: the form of a profile needs five levels, that of an inventory six. */
const DEEPEST = 16;

type Survey = Readonly<{
  places: Places;
  complaints: readonly Complaint[];
  /** Whether the document stands for plain data that can be judged. */
  plain: boolean;
}>;

/** A part that is about to be looked at; `says` refuses it. */
type Part = Readonly<{ node: unknown; at: string; key: number; twice?: boolean; says?: string }>;

/**
 * Finds the place of every part of a document, keys that are written twice, and what documents of a kind (`profiles`) do
 * not use of YAML.
 */
export const survey = ({ contents }: Document, kind: string): Survey => {
  const places = new Map<string, Place>();
  const complaints: Complaint[] = [];
  let plain = true;
  const walk = (part: Part, depth: number): void => {
    const { node, at, key } = part;
    const value = startOf(node) ?? key;
    const says = depth > DEEPEST ? TOO_DEEP : isAlias(node) ? alias(kind) : part.says;
    if (says) {
      complaints.push({ at, on: value, says });
      plain = false;
      return;
    }
    if (part.twice) complaints.push({ at, on: key, says: 'is written twice' });
    places.set(at, { key, value });
    for (const child of partsOf(part)) walk(child, depth + 1);
  };
  walk({ node: contents, at: '', key: 0 }, 0);
  return { places, complaints, plain };
};

const TOO_DEEP = `stands in more than ${DEEPEST} lists and maps`;
const alias = (kind: string): string =>
  `is an alias, which ${kind} do not use: write the value out, and a text that begins with * in quotes`;

const partsOf = ({ node, at, key: above }: Part): readonly Part[] => {
  if (isSeq(node))
    return node.items.map((item, index) => ({ node: item, at: below(at, index), key: startOf(item) ?? above }));
  if (!isMap(node)) return [];
  const names = new Set<string>();
  return node.items.map(({ key, value }) => {
    if (!isScalar(key)) return { node: key, at, key: above, says: 'has a key that is no text' };
    const name = String(key.value ?? '');
    const twice = names.has(name);
    names.add(name);
    return { node: value, at: below(at, name), key: startOf(key) ?? above, twice };
  });
};

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
