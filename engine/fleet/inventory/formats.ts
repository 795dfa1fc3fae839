import path from 'node:path';
import { LineCounter } from 'yaml';
import type { Placed } from '../../document/mistakes.ts';
import { below, type Places } from '../../document/places.ts';
import { type Kind, sourceOf, type Text } from '../../document/source.ts';
import { complaintsBy } from '../../document/validate.ts';
import type { Inputs } from '../../profile/inputs.ts';
import { FLEET } from '../limits.ts';
import { draftsOfListing, isListing } from './ansible.ts';
import { draftsOfCsv } from './csv.ts';
import { type Drafts, NOTHING } from './draft.ts';
import { type Content, inventorySchema, without } from './form.ts';
import { draftsOfList } from './list.ts';
import { draftsOfYaml } from './yaml.ts';

/** What an inventory says, and where; the places are made when somebody asks for them. */
type Parsed = Readonly<{ drafts: Drafts; placed: () => Placed }>;

/** Tells the format by the name of the file, else by its first line, and reads it. */
export const parseInventory = (text: Text, inputs: Inputs): Parsed => FORMATS[formatOf(text)](text, inputs);

const formatOf = ({ file, text }: Text): keyof typeof FORMATS => {
  const ending = path.extname(file).toLowerCase();
  const byName = ({ '.yaml': 'yaml', '.yml': 'yaml', '.csv': 'csv', '.json': 'json' } as const)[ending];
  if (byName) return byName;
  const [, first = ''] = /^(?:\s*(?:#.*)?\n)*(.*)/.exec(text) ?? [];
  if (first.trimStart().startsWith('{')) return 'json';
  if (/^(---|(defaults|sites|groups|hosts|all) *:)/.test(first)) return 'yaml';
  return /(^|[;,\t])\s*"?host"?\s*([;,\t]|$)/i.test(first) ? 'csv' : 'list';
};

const KIND: Kind = { one: 'an inventory', many: 'inventories', largest: FLEET.inventoryBytes };
const judge = complaintsBy(inventorySchema);

const yaml = (text: Text): Parsed => {
  if (text.bytes.length > KIND.largest)
    return { drafts: complaining(`is larger than ${KIND.largest} bytes`), placed: () => numbered(text) };
  const source = sourceOf(text, KIND);
  const placed = (): Placed => source;
  const { content, complaints } = source;
  if (content === undefined) return { drafts: { ...NOTHING, complaints }, placed };
  if (isForeign(content)) return { drafts: { ...NOTHING, complaints: [FOREIGN] }, placed };
  const unfit = judge(content);
  const rest = without(content, unfit);
  const drafts = judge(rest).length > 0 ? NOTHING : draftsOfYaml(rest as Content);
  return { drafts: { ...drafts, complaints: [...complaints, ...unfit, ...drafts.complaints] }, placed };
};

const isForeign = (content: unknown): boolean => typeof content === 'object' && content !== null && 'all' in content;
const FOREIGN = {
  at: '/all',
  on: 'key',
  says: 'looks like an inventory of Ansible: give the output of ansible-inventory -i FILE --list to -i -',
} as const;

const csv = (text: Text, inputs: Inputs): Parsed => {
  const { places, ...drafts } = draftsOfCsv(text.text, inputs);
  return { drafts, placed: () => numbered(text, places) };
};

const list = (text: Text): Parsed => {
  const lines = text.text.split('\n');
  return { drafts: draftsOfList(lines), placed: () => numbered(text, placesOfLines(lines)) };
};

/** A program wrote it: read quickly, and read again for places only when something is wrong. */
const json = (text: Text): Parsed => {
  const data = dataIn(text.text);
  if (!isListing(data)) return yaml(text);
  const placed = (): Placed => (text.bytes.length > KIND.largest ? numbered(text) : sourceOf(text, KIND));
  return { drafts: draftsOfListing(data), placed };
};

const FORMATS = { yaml, csv, list, json } as const;

/** The JSON value of a text; undefined when it is none. */
const dataIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const complaining = (says: string): Drafts => ({ ...NOTHING, complaints: [{ at: '', says }] });

const placesOfLines = (lines: readonly string[]): Places => {
  let offset = 0;
  return new Map(
    lines.map((line, index) => {
      const start = offset + (line.length - line.trimStart().length);
      offset += line.length + 1;
      return [below('', index), { key: start, value: start }] as const;
    }),
  );
};

/** A text with the places of its lines. */
const numbered = (text: Text, places: Places = new Map()): Placed => {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return { ...text, lines, places, rows: true };
};
