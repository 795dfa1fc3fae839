import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { BEFOREHAND } from './beforehand.ts';
import { NOT_BLANK } from './form.ts';
import { below, type Complaint } from './places.ts';
import { masked } from './secrets.ts';
import { suggestion } from './suggest.ts';

/** The schemas are ours, and their tests hold them to the meta-schema: compiling that at every start costs more than judging. */
export const OUR_SCHEMAS = { strict: false, meta: false, validateSchema: false, code: { optimize: false } } as const;
export const OPTIONS = {
  ...OUR_SCHEMAS,
  // What is referred to often is compiled once.
  inlineRefs: false,
  allErrors: true,
  verbose: true,
  strictNumbers: true,
  ownProperties: true,
} as const;
const ajv = new Ajv2020(OPTIONS);

const guards = new Map<string, ValidateFunction>(BEFOREHAND);
/** What was met before need not be written out to be known again. */
const met = new WeakMap<object, ValidateFunction>();

/** A guard by a JSON Schema that describes T. Equal schemas are compiled once, and when they are first needed. */
export const formOf = <T>(schema: object): ValidateFunction<T> => {
  const guard = met.get(schema) ?? guardOf(schema);
  met.set(schema, guard);
  return guard as ValidateFunction<T>;
};

const guardOf = (schema: object): ValidateFunction => {
  const text = JSON.stringify(schema);
  const guard = guards.get(text) ?? ajv.compile(schema);
  guards.set(text, guard);
  return guard;
};

/** Judges contents by a JSON Schema: every complaint at once. */
export const complaintsBy =
  (schema: object) =>
  (content: unknown): readonly Complaint[] => {
    const fits = formOf(schema);
    return fits(content) ? [] : complaintsOf(fits.errors);
  };

/** Why a value does not fit a schema; undefined when it does. */
export const objection = (schema: object, value: unknown): string | undefined => complaintsBy(schema)(value)[0]?.says;

/** An `if` only announces other errors, which say more. */
const complaintsOf = (errors: readonly ErrorObject[] | null | undefined): readonly Complaint[] =>
  (errors ?? []).filter(({ keyword, propertyName }) => keyword !== 'if' && propertyName === undefined).map(complaintOf);

const complaintOf = (error: ErrorObject): Complaint => {
  const { keyword, instancePath: at, params, data } = error;
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      return { at: below(at, name), on: 'key', says: `is not known here${suggestion(name, known)}` };
    }
    case 'propertyNames':
      return {
        at: below(at, String(params['propertyName'])),
        on: 'key',
        says: `is no name for ${(error.schema as { description?: string }).description ?? 'this'}`,
      };
    case 'required':
      return { at, on: 'key', says: `lacks ${params['missingProperty']}` };
    case 'false schema':
      return { at, on: 'key', says: 'does not go with this type' };
    default:
      return { at, says: `${wordsFor(error)}${keyword === 'minItems' ? '' : `, not ${shown(data)}`}${nearest(error)}` };
  }
};

const wordsFor = ({ keyword, params, parentSchema, message }: ErrorObject): string => {
  const examples = parentSchema?.['examples'] as readonly string[] | undefined;
  if (examples) return `must look like ${examples.join(' or ')}`;
  switch (keyword) {
    case 'type':
      return `must be ${[params['type']]
        .flat()
        .map((type) => TYPES[type] ?? type)
        .join(' or ')}`;
    case 'enum':
      return `must be ${listed(params['allowedValues'] as readonly unknown[])}`;
    case 'const':
      return `must be ${params['allowedValue']}`;
    case 'minimum':
      return `must be at least ${params['limit']}`;
    case 'maximum':
      return `must be at most ${params['limit']}`;
    case 'minLength':
      return SOMETHING;
    case 'minItems':
      return `must have ${params['limit']} or more items`;
    case 'pattern':
      return params['pattern'] === NOT_BLANK ? SOMETHING : `must match ${params['pattern']}`;
    case 'uniqueItems':
      return 'must name each item once';
    default:
      return message ?? 'must be something else';
  }
};

const SOMETHING = 'must be a text with something in it';

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'a map of keys and values, or {}',
  string: 'a text',
};

const listed = (allowed: readonly unknown[]): string =>
  allowed.length > 12 ? 'one of the known ids' : `one of ${allowed.join(', ')}`;

const nearest = ({ keyword, params, data }: ErrorObject): string =>
  keyword === 'enum' && typeof data === 'string'
    ? suggestion(data, (params['allowedValues'] as readonly unknown[]).map(String))
    : '';

/** A value as a mistake quotes it. */
const shown = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (typeof value === 'number') return String(value);
  // Before it is cut: what is left of a secret would not be known for one.
  const text = masked(JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
