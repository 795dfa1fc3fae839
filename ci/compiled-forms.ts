/** Guards by JSON Schema as JavaScript, for the published program. */
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { parse } from 'yaml';
import { checks } from '../checks/index.ts';
import { BUILT_INS, builtInNames } from '../engine/cli/built-ins.ts';
import { OPTIONS } from '../engine/document/validate.ts';
import { manifestSchema } from '../engine/evidence/schema.ts';
import type { Content } from '../engine/profile/content.ts';
import { formOfInput } from '../engine/profile/inputs.ts';
import { profileSchema } from '../engine/profile/schema.ts';
import { waiverFileSchema } from '../engine/profile/waiver-file.ts';

/** What the inputs of the built-in profiles take. */
const inputForms = async (): Promise<readonly object[]> => {
  const names = await builtInNames();
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${name}.yaml`, BUILT_INS), 'utf8')));
  return texts.flatMap((text) => Object.values((parse(text) as Content).inputs ?? {}).map(formOfInput));
};

/** In place of engine/document/beforehand.ts: what starts need. */
export const compiledForms = async (): Promise<string> => {
  const expectations = checks.flatMap(({ expects }) => Object.values(expects));
  const schemas = [profileSchema(checks), waiverFileSchema(checks), manifestSchema, ...expectations];
  const texts = [...new Set([...schemas, ...(await inputForms())].map((schema) => JSON.stringify(schema)))];
  const names = texts.map((_, at) => `form${at}`);
  const ajv = new Ajv2020({ ...OPTIONS, code: { ...OPTIONS.code, source: true, esm: true } });
  for (const [at, text] of texts.entries()) ajv.addSchema(JSON.parse(text), names[at]);
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  const entries = texts.map((text, at) => `  [${JSON.stringify(text)}, ${names[at]}],\n`);
  return `${code}\nexport const BEFOREHAND = new Map([\n${entries.join('')}]);\n`;
};
