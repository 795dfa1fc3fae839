import type { Expectation } from '../define.ts';
import { suggestion } from '../document/suggest.ts';
import { objection } from '../document/validate.ts';
import { Mistake } from '../mistake.ts';
import type { InputValue, Target } from '../model.ts';

export const INPUT_TYPES = ['integer', 'number', 'string', 'boolean', 'array'] as const;

/** JSON Schema of what an input may be called. */
export const inputNameForm = {
  pattern: '^[a-zA-Z][a-zA-Z0-9]*$',
  description: 'an input: letters and digits, a letter first',
} as const;

/** An input as a profile declares it. `default` and the bounds are of its type. */
export type Input = Readonly<{
  type: (typeof INPUT_TYPES)[number];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  description?: string;
}>;
export type Inputs = Readonly<Record<string, Input>>;

/** An expectation that names an input in place of its value. */
export type Use = Readonly<{ input: string; check: string; name: string; expectation: Expectation }>;

/** The input that an expectation names; undefined when it states a value. */
export const inputNamed = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'input' in value && typeof value.input === 'string'
    ? value.input
    : undefined;

/** JSON Schema of the values of an input; equal for inputs that differ in their descriptions and defaults only. */
export const formOfInput = ({ type, minimum, maximum }: Input): object => ({
  type,
  ...(minimum !== undefined && { minimum }),
  ...(maximum !== undefined && { maximum }),
});

/** Why a value is not one that an input takes; undefined when it is. */
export const inputObjection = (input: Input, value: unknown): string | undefined => {
  const items = Array.isArray(value) ? value : [value];
  if (input.type === 'array' && items.some((item) => typeof item !== 'string')) return 'must be a list of texts';
  if (items.some((item) => typeof item === 'string' && item.trim() === '')) return 'must not be or hold an empty text';
  return objection(formOfInput(input), value);
};

/** What a text (on the command line, in a table) means for an input; one that means nothing stays as it is, and is objected to. */
export const meaningOf = ({ type }: Input, text: string): InputValue => {
  switch (type) {
    case 'array':
      return text.split(',').map((item) => item.trim());
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'string':
      return text;
  }
};

/** What is there to resolve inputs with, and what needs them. */
export type Given = Readonly<{
  target: Target;
  commandLine: Readonly<Record<string, string>>;
  uses: readonly Use[];
}>;

/**
 * The value of every input for one target: the command line, else the target, else the default.
 * Throws Mistake with every input that is unknown, wrong, or needed and without a value; many targets mostly have the same one.
 */
export const resolveInputs = (inputs: Inputs, { target, commandLine, uses }: Given): ReadonlyMap<string, unknown> => {
  const known = Object.keys(inputs);
  const wrong = Object.keys(commandLine)
    .filter((name) => !known.includes(name))
    .map((name) => `--input ${name} is not an input of the profile${suggestion(name, known)}`);
  const values = new Map<string, unknown>();
  for (const [name, input] of Object.entries(inputs)) {
    const text = own(commandLine, name);
    const value = text === undefined ? (own(target.inputs, name) ?? input.default) : meaningOf(input, text);
    const says = trouble(
      input,
      value,
      uses.filter((use) => use.input === name),
    );
    if (says) wrong.push(`the input ${name} ${says}`);
    values.set(name, value);
  }
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  return values;
};

const HINT =
  'give an input its value with --input name=value (lists comma-separated), in the inventory, or as its default in the profile';

/** Inputs may be called `constructor`. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const trouble = (input: Input, value: unknown, uses: readonly Use[]): string | undefined => {
  if (value === undefined) {
    if (uses.length === 0) return undefined;
    const meaning = input.description ? ` (${input.description})` : '';
    return `has no value${meaning}; needed by ${[...new Set(uses.map(({ check }) => check))].join(', ')}`;
  }
  const says = inputObjection(input, value);
  if (says) return says;
  for (const { check, name, expectation } of uses) {
    const unfit = objection(expectation, value);
    if (unfit) return `${unfit} (${name} of ${check})`;
  }
  return undefined;
};
