/** The form of a user's own check: types keep ours to it. */
import { refusalOf } from './allowed.ts';
import type { Check, Expectation, Fact } from './define.ts';
import { closed, NOT_BLANK, type Schema } from './document/form.ts';
import { complaintsBy, objection } from './document/validate.ts';
import { SEVERITIES } from './model.ts';

const text: Schema = { type: 'string', pattern: NOT_BLANK };
const texts: Schema = { type: 'array', items: text };
const id: Schema = { type: 'string', pattern: '^[a-z0-9-]+/[a-z0-9-]+$', examples: ['company/banner'] };
/** It becomes part of a batch file and of a role capability: in one line. */
const right: Schema = { type: 'string', pattern: '^[^\\p{C}\\p{Zl}\\p{Zp}]+$', examples: ['read HKLM (any user)'] };
const object = (properties: Schema): Schema => ({ type: 'object', required: Object.keys(properties), properties });
/** Whether their values are those of JSON Schema, its own compiler says. */
const BOUNDS: Schema = { minimum: {}, maximum: {}, enum: {}, pattern: {}, examples: texts };
const CHECK: Schema = object({
  id,
  title: text,
  severity: { enum: SEVERITIES },
  situations: texts,
  clientErrors: texts,
  why: text,
  fix: { ...texts, minItems: 1 },
  references: texts,
  needs: {
    type: 'object',
    minProperties: 1,
    additionalProperties: {
      ...object({ id, vantage: { enum: ['server', 'network'] } }),
      if: { properties: { vantage: { const: 'network' } } },
      else: object({ right }),
    },
  },
  expects: {
    type: 'object',
    additionalProperties: {
      ...closed(
        {
          description: text,
          type: { enum: ['integer', 'number', 'boolean', 'string', 'array'] },
          ...BOUNDS,
          minItems: {},
          uniqueItems: {},
          items: closed({ type: { enum: ['integer', 'string'] }, ...BOUNDS }, ['type']),
        },
        ['description', 'type'],
      ),
      if: { properties: { type: { not: { const: 'array' } } } },
      else: { required: ['items'] },
    },
  },
});

/** All that is wrong with what a module gives for a check. */
export const mistakesIn = (check: Check): readonly string[] => {
  const complaints = complaintsBy(CHECK)(check).map(({ at, says }) => `${at.slice(1) || 'the check'} ${says}`);
  if (complaints.length > 0) return complaints;
  return [
    ...Object.entries(check.needs).flatMap(([name, fact]) => factMistakes(`needs/${name}`, fact)),
    ...Object.entries(check.expects).flatMap(([name, expectation]) => expectMistakes(`expects/${name}`, expectation)),
    ...(typeof check.judge === 'function' ? [] : ['the check lacks judge']),
  ];
};

/** What a fact may ask goes unasked into batch files and role capabilities. */
const factMistakes = (at: string, { vantage, ask, mayAsk = [] }: Fact<unknown>): readonly string[] => {
  const asked = vantage === 'server' ? mayAsk : [];
  return [
    ...(typeof ask === 'function' ? [] : [`${at} lacks ask`]),
    ...asked.flatMap((command) => refusalOf(command) ?? []).map((refusal) => `${at}/mayAsk: ${refusal}`),
  ];
};

const expectMistakes = (at: string, expectation: Expectation): readonly string[] => {
  try {
    objection(expectation, undefined);
    return [];
  } catch (cause) {
    return [`${at}: ${(cause as Error).message}`];
  }
};
