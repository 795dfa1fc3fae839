/** What the published program need not find out at each start: guards by JSON Schema as JavaScript, and its own profiles. */
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { parse } from 'yaml';
import { checks } from '../checks/index.ts';
import { BUILT_INS, builtInNames } from '../engine/cli/built-ins.ts';
import { formOf, OPTIONS } from '../engine/document/validate.ts';
import { manifestSchema } from '../engine/evidence/schema.ts';
import type { Content } from '../engine/profile/content.ts';
import { formOfInput } from '../engine/profile/inputs.ts';
import { profileSchema } from '../engine/profile/schema.ts';
import { waiverFileSchema } from '../engine/profile/waiver-file.ts';

/** The built-in profiles by their texts. Throws TypeError for one that is not in form. */
const profiles = async (): Promise<ReadonlyMap<string, Content>> => {
  const names = await builtInNames();
  const isContent = formOf<Content>(profileSchema(checks));
  const contentOf = async (name: string): Promise<[string, Content]> => {
    const text = await readFile(new URL(`${name}.yaml`, BUILT_INS), 'utf8');
    const content: unknown = parse(text);
    if (!isContent(content)) throw new TypeError(`${name}.yaml is not in form`);
    return [text, content];
  };
  return new Map(await Promise.all(names.map(contentOf)));
};

/** In place of engine/document/beforehand.ts: what starts need. */
export const beforehand = async (): Promise<string> => {
  const read = await profiles();
  const inputs = [...read.values()].flatMap((content) => Object.values(content.inputs ?? {}).map(formOfInput));
  const expectations = checks.flatMap(({ expects }) => Object.values(expects));
  const schemas = [profileSchema(checks), waiverFileSchema(checks), manifestSchema, ...expectations];
  const texts = [...new Set([...schemas, ...inputs].map((schema) => JSON.stringify(schema)))];
  const names = texts.map((_, at) => `form${at}`);
  const ajv = new Ajv2020({ ...OPTIONS, code: { ...OPTIONS.code, source: true, esm: true } });
  for (const [at, text] of texts.entries()) ajv.addSchema(JSON.parse(text), names[at]);
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  const entries = texts.map((text, at) => `  [${JSON.stringify(text)}, ${names[at]}],\n`);
  return `${code}
export const READ = new Map(${JSON.stringify([...read])});
export const BEFOREHAND = new Map([\n${entries.join('')}]);
`;
};
