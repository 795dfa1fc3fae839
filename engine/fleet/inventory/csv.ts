/** A table with a header: one host or range a line. */
import { below, type Complaint, type Places } from '../../document/places.ts';
import { suggestion } from '../../document/suggest.ts';
import { complaintsBy } from '../../document/validate.ts';
import type { InputValue } from '../../model.ts';
import { type Inputs, meaningOf } from '../../profile/inputs.ts';
import { FLEET } from '../limits.ts';
import { type Draft, type Drafts, merged, NOTHING } from './draft.ts';
import { hostSchema, parseSettings, settingsSchema } from './form.ts';
import { expand, TOO_MANY } from './ranges.ts';
import { type Cell, readTable } from './table.ts';

const SETTINGS = Object.keys(settingsSchema['properties'] as object).filter((key) => key !== 'inputs');
const COLUMNS = ['host', 'groups', ...SETTINGS];
const KNOWN = [...COLUMNS, 'input.NAME'].join(', ');
const INPUT = /^inputs?\.(\w+)$/i;

/** What a table says, and where its cells are. `inputs` are those of the profile: they tell what a text in a cell means. */
export const draftsOfCsv = (text: string, inputs: Inputs): Drafts & Readonly<{ places: Places }> => {
  const table = readTable(text);
  if ('says' in table)
    return { ...wrong([{ at: '', on: offsetOfLine(text, table.line), says: table.says }]), places: new Map() };
  const [header = [], ...records] = table.records;
  const columns = header.map(columnOf);
  const rows = records.map((cells, at) => ({ at: below('', at + 1), cells: filled(cells, columns) }));
  const places = new Map([
    ['/0', placeAt(header[0]?.offset ?? 0)] as const,
    ...rows.flatMap(({ at, cells }) =>
      [...cells].map(([column, { offset }]) => [pointerTo(at, column), placeAt(offset)] as const),
    ),
    ...rows.map(({ at, cells }) => [at, placeAt(cells.values().next().value?.offset ?? 0)] as const),
  ]);
  const complaints = headerComplaints(header, columns);
  if (complaints.length > 0) return { ...wrong(complaints), places };
  const read: ReturnType<typeof readRow>[] = [];
  let hosts = 0;
  for (const { at, cells } of rows) {
    const row = readRow(at, cells, inputs);
    hosts += row.hosts.length;
    if (hosts > FLEET.hosts) return { ...wrong([{ at, says: TOO_MANY }]), places };
    read.push(row);
  }
  return {
    ...NOTHING,
    hosts: read.flatMap(({ hosts }) => hosts),
    statements: read.map(({ at, settings }) => [at, settings] as const),
    complaints: read.flatMap((row) => row.complaints),
    places,
  };
};

const wrong = (complaints: readonly Complaint[]): Drafts => ({ ...NOTHING, complaints });
const placeAt = (offset: number) => ({ key: offset, value: offset });
const offsetOfLine = (text: string, line: number): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length + (line > 1 ? 1 : 0);
const pointerTo = (row: string, column: string): string => below(row, ...column.split('.'));

/** `CA file`, `ca_file` and `caFile` are the same column; inputs keep their spelling. */
const columnOf = ({ text }: Cell): string | undefined => {
  const input = INPUT.exec(text)?.[1];
  if (input !== undefined) return `inputs.${input}`;
  const bare = (name: string): string => name.replace(/[\s_-]/g, '').toLowerCase();
  return COLUMNS.find((name) => bare(name) === bare(text) || bare(name) === `${bare(text)}s`);
};

const headerComplaints = (header: readonly Cell[], columns: readonly (string | undefined)[]): readonly Complaint[] => [
  ...(columns.includes('host')
    ? []
    : [{ at: '/0', says: `is a header without the column host; columns are ${KNOWN}` }]),
  ...header.flatMap(({ text, offset }, at): readonly Complaint[] => {
    const column = columns[at];
    const complaint = (says: string) => [{ at: '/0', on: offset, says: `${text || 'an empty text'} ${says}` }];
    if (column === undefined) return complaint(`is no column${suggestion(text, COLUMNS)}`);
    return columns.indexOf(column) < at ? complaint('is written twice') : [];
  }),
];

/** The cells that hold something, by column. */
const filled = (cells: readonly Cell[], columns: readonly (string | undefined)[]): ReadonlyMap<string, Cell> =>
  new Map(cells.flatMap((cell, at) => (cell.text === '' ? [] : [[columns[at] ?? `column ${at + 1}`, cell] as const])));

const judgeName = complaintsBy(hostSchema);

const readRow = (at: string, cells: ReadonlyMap<string, Cell>, inputs: Inputs) => {
  const host = cells.get('host')?.text ?? '';
  const { groups = [], ...said } = Object.fromEntries(
    [...cells]
      .filter(([column]) => COLUMNS.includes(column) && column !== 'host')
      .map(([column, { text }]) => [column, meaning(column, text)]),
  );
  const { settings, complaints: unfit } = parseSettings({ ...said, inputs: inputsIn(cells, inputs) });
  const names = expand(host);
  const excess = [...cells].find(([column]) => column.startsWith('column '));
  const complaints: readonly Complaint[] = [
    ...judgeName(host).map(({ says }) => ({ at: below(at, 'host'), says })),
    ...unfit.map((complaint) => ({ ...complaint, at: at + complaint.at })),
    ...(typeof names === 'string' ? [{ at: below(at, 'host'), says: names }] : []),
    ...(excess ? [{ at, on: excess[1].offset, says: 'is a cell beyond the last column' }] : []),
  ];
  if (complaints.length > 0 || typeof names === 'string') return { at, settings, complaints, hosts: [] };
  const hosts = names.map(
    (name): Draft => ({ name, at, groups: [groups].flat().map(String), settings: merged([settings]) }),
  );
  return { at, settings, complaints, hosts };
};

/** A text of a cell as a value of the form; lists are parted by commas, semicolons or blanks. */
const meaning = (column: string, text: string): string | number | readonly string[] => {
  if (column === 'port') return /^\d+$/.test(text) ? Number(text) : text;
  if (column === 'tags' || column === 'groups') return text.split(/[\s,;]+/).filter((word) => word !== '');
  return text;
};

const inputsIn = (cells: ReadonlyMap<string, Cell>, inputs: Inputs): Readonly<Record<string, InputValue>> =>
  Object.fromEntries(
    [...cells].flatMap(([column, { text }]) => {
      const name = INPUT.exec(column)?.[1];
      if (name === undefined) return [];
      const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      return [[name, input ? meaningOf(input, text) : text]];
    }),
  );
