import type { Check, Expectation } from '../define.ts';
import { partOf } from '../document/parts.ts';
import { below, type Complaint } from '../document/places.ts';
import { suggestion } from '../document/suggest.ts';
import { objection } from '../document/validate.ts';
import type { Severity, Waiver } from '../model.ts';
import { INPUT_TYPES, type Input, type Inputs, inputNamed, inputObjection } from './inputs.ts';
import { dateComplaints } from './waiver-file.ts';

/** How much a check counts, and where: with `when`, only on targets that have one of the tags. */
export type Setting = Readonly<{ severity?: Severity; when?: Readonly<{ tags: readonly string[] }> }>;

/** What a profile file stands for when nothing is wrong with it. */
export type Content = Readonly<{
  profile: string;
  version: string;
  title: string;
  extends?: string | readonly string[];
  inputs?: Inputs;
  checks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  settings?: Readonly<Record<string, Setting>>;
  waivers?: readonly Waiver[];
}>;

/** What all files of a profile say together, as far as it can be told while some of it is wrong. */
export type Whole = Readonly<{ inputs: ReadonlyMap<string, unknown>; stated: ReadonlySet<string> }>;

/** Puts contents together, later over earlier; undefined while one of them cannot be told. */
export const wholeOf = (contents: readonly unknown[]): Whole | undefined =>
  contents.includes(undefined)
    ? undefined
    : {
        inputs: new Map(contents.flatMap((content) => entriesOf(content, 'inputs'))),
        stated: new Set(contents.flatMap((content) => entriesOf(content, 'checks').map(([id]) => id))),
      };

/** The profiles that a content extends, each with its place. */
export const parentsOf = (content: unknown): readonly (readonly [at: string, name: string])[] => {
  const value = partOf(content, 'extends');
  const named = Array.isArray(value)
    ? value.map((name, at) => [below('', 'extends', at), name])
    : [['/extends', value]];
  return named.filter((one): one is [string, string] => typeof one[1] === 'string' && one[1] !== '');
};

/** What no schema can say about a content. What is wrong by the schema is passed over: it has its complaint already. */
export const contentComplaints = (
  content: unknown,
  checks: readonly Check[],
  whole: Whole | undefined,
): readonly Complaint[] => [
  ...entriesOf(content, 'inputs').flatMap(([name, declaration]) => declarationComplaints(name, declaration)),
  ...dateComplaints(content),
  ...(whole ? [...useComplaints(content, checks, whole), ...settingComplaints(content, checks, whole)] : []),
];

const declarationComplaints = (name: string, declaration: unknown): readonly Complaint[] => {
  const input = inputOf(declaration);
  if (!input) return [];
  const { minimum = -Infinity, maximum = Infinity, default: value } = input;
  const empty = minimum > maximum;
  // No value is within empty bounds: the default is judged without them.
  const says = value === undefined ? undefined : inputObjection(empty ? { type: input.type } : input, value);
  return [
    ...(says ? [{ at: below('', 'inputs', name, 'default'), says }] : []),
    ...(empty ? [{ at: below('', 'inputs', name, 'minimum'), says: `is above the maximum, ${maximum}` }] : []),
  ];
};

const useComplaints = (content: unknown, checks: readonly Check[], { inputs }: Whole): readonly Complaint[] =>
  entriesOf(content, 'checks').flatMap(([id, expected]) => {
    const expects = checks.find((check) => check.id === id)?.expects ?? {};
    return Object.entries(expects).flatMap(([name, expectation]): readonly Complaint[] => {
      const input = inputNamed(partOf(expected, name));
      const says = input === undefined ? undefined : misfit(input, inputs, expectation);
      return says ? [{ at: below('', 'checks', id, name), says }] : [];
    });
  });

const misfit = (name: string, inputs: Whole['inputs'], expectation: Expectation): string | undefined => {
  const input = inputOf(inputs.get(name));
  if (!inputs.has(name)) return `names the input ${name}, which is not declared${suggestion(name, [...inputs.keys()])}`;
  if (!input) return undefined;
  const wanted = expectation.type === 'array' ? `list of ${expectation.items.type}` : expectation.type;
  const offered = input.type === 'array' ? 'list of string' : input.type;
  const fits = wanted === offered || (wanted === 'number' && offered === 'integer');
  if (!fits) return `takes ${wanted}, and the input ${name} is ${offered}`;
  if (input.default === undefined || inputObjection(input, input.default)) return undefined;
  const says = objection(expectation, input.default);
  return says ? `names the input ${name}, whose default ${says}` : undefined;
};

const settingComplaints = (content: unknown, checks: readonly Check[], { stated }: Whole): readonly Complaint[] =>
  entriesOf(content, 'settings')
    .filter(([id]) => checks.some((check) => check.id === id) && !stated.has(id))
    .map(([id]) => ({ at: below('', 'settings', id), on: 'key', says: 'sets a check of which nothing is expected' }));

/** As much of a declaration as values can be judged by, while other parts of it may be wrong. */
const inputOf = (value: unknown): Input | undefined => {
  const type = INPUT_TYPES.find((known) => known === partOf(value, 'type'));
  const bounds = ['minimum', 'maximum'].flatMap((name) => {
    const bound = partOf(value, name);
    return bound === undefined ? [] : [[name, bound] as const];
  });
  if (!type || !bounds.every(([, bound]) => Number.isFinite(bound))) return undefined;
  return { type, default: partOf(value, 'default'), ...Object.fromEntries(bounds) };
};

const entriesOf = (content: unknown, name: string): readonly [string, unknown][] => {
  const part = partOf(content, name);
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.entries(part) : [];
};
