/** The few words of JSON Schema that the forms of our files are written in. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string', minLength: 1 };

/** The pattern of a text that says something; a mistake says so in words. */
export const NOT_BLANK = '\\S';

export const listOf = (items: Schema): Schema => ({ type: 'array', minItems: 1, items });

/** A map in which every other key is a mistake. */
export const closed = (properties: Schema, required: readonly string[] = Object.keys(properties)): Schema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

/** A whole form (JSON Schema, draft 2020-12) that editors read. */
export const published = (title: string, schema: Schema): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title,
  ...schema,
});

export const described = (description: string, schema: Schema): Schema => ({ description, ...schema });
