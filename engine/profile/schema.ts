import type { Check, Expectation } from '../define.ts';
import { closed, described, listOf, published, type Schema, text } from '../document/form.ts';
import { SEVERITIES } from '../model.ts';
import { INPUT_TYPES, inputNameForm } from './inputs.ts';
import { waiverForm } from './waiver-file.ts';

/** What an object in place of a value must be. */
const reference: Schema = {
  if: { not: { type: 'object' } },
  else: closed({ input: described('name of the input that gives the value', text) }),
};

/** A value, or the name of an input in its place. Told apart by conditions, so that complaints are about what was written. */
const expectation = ({ description, ...value }: Expectation): Schema =>
  described(description, { if: { type: 'object' }, else: value, $ref: '#/$defs/reference' });

const expectations = ({ title, expects }: Check): Schema =>
  described(
    title,
    closed(Object.fromEntries(Object.entries(expects).map(([name, expected]) => [name, expectation(expected)]))),
  );

/** An input as a profile declares it; its own declaration is the schema of its values. */
const input: Schema = described('a value that the inventory, the command line or the default gives', {
  ...closed(
    {
      type: { enum: INPUT_TYPES },
      items: closed({ type: { const: 'string' } }),
      default: {},
      minimum: { type: 'number' },
      maximum: { type: 'number' },
      description: text,
    },
    ['type'],
  ),
  allOf: [
    {
      if: { properties: { type: { enum: ['integer', 'number'] } } },
      else: { properties: { minimum: false, maximum: false } },
    },
    { if: { properties: { type: { const: 'array' } } }, else: { properties: { items: false } } },
  ],
});

const setting: Schema = closed(
  {
    severity: { enum: SEVERITIES },
    when: described('where the check applies', closed({ tags: described('one of these is enough', listOf(text)) })),
  },
  [],
);

/** JSON Schema (draft 2020-12) of a profile: made of what the checks expect. */
export const profileSchema = (checks: readonly Check[]): Schema => {
  const perCheck = (schema: (check: Check) => Schema): Schema =>
    closed(Object.fromEntries(checks.map((check) => [check.id, schema(check)])), []);
  return {
    ...published(
      'sstp-audit profile',
      closed(
        {
          profile: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', examples: ['our-servers'] },
          version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$', examples: ['1.0.0'] },
          title: text,
          extends: described('built-in profiles, or files relative to this one; later wins, and this file last', {
            type: ['string', 'array'],
            minLength: 1,
            minItems: 1,
            items: text,
          }),
          inputs: {
            type: 'object',
            propertyNames: inputNameForm,
            additionalProperties: input,
          },
          checks: described('what is expected, by check', perCheck(expectations)),
          settings: described(
            'how much a check counts, and where, by check',
            perCheck(() => ({ $ref: '#/$defs/setting' })),
          ),
          waivers: { type: 'array', items: waiverForm(checks.map(({ id }) => id)) },
        },
        ['profile', 'version', 'title'],
      ),
    ),
    $defs: { reference, setting },
  };
};
