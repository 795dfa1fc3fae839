/** A list out of a store, as a table for a terminal, as JSON or as CSV. */
import { BYTE_ORDER_MARK, row } from '../../../reporters/cells.ts';
import { harmless } from '../../../reporters/json.ts';
import { clip, columns, pad } from '../../../reporters/layout.ts';
import { short } from '../../../reporters/text.ts';
import type { Language, Status } from '../../model.ts';
import { type ColumnName, historyWords } from './words.ts';

export type Form = 'table' | 'json' | 'csv';
export type Cell = string | number | undefined;

/** What a row says: in JSON and CSV as it is. */
export type Row = Readonly<Partial<Record<ColumnName | Status, Cell>>>;

/** A column. The first must not be what a server said: no line of a table begins with that. */
export type Column = Readonly<{
  name: ColumnName | Status;
  head: string;
  show?(cell: NonNullable<Cell>, row: Row): string;
  /** What stands in a table where there is nothing. */
  absent?: string;
  isNumber?: boolean;
}>;

export type View = Readonly<{
  name: 'runs' | 'failing' | 'drift' | 'certificates' | 'server' | 'trend';
  columns: readonly Column[];
  rows: readonly Row[];
  /** What is said below the table. */
  notes?: readonly string[];
}>;

type How = Readonly<{ form: Form; language: Language; width: number; file: string }>;

/** Widest column of names, in terminal columns. */
const WIDEST = 60;
/** Longest text of a cell, in UTF-16 units; JSON has the whole. */
const SAID = 300;
const GAP = '  ';

/** The text of a view, in pieces. */
export const written = (view: View, how: How): Iterable<string> => {
  switch (how.form) {
    case 'json':
      return jsonOf(view, how);
    case 'csv':
      return csvOf(view);
    case 'table':
      return tableOf(view, how);
  }
};

const jsonOf = function* ({ name, rows }: View, { file }: How): Iterable<string> {
  const head = { format: 'sstp-audit/history/1', view: name, store: file };
  yield `${harmless(JSON.stringify(head).slice(0, -1))},"rows":[`;
  for (const [at, one] of rows.entries()) yield `${at === 0 ? '' : ','}\n${harmless(JSON.stringify(wellFormed(one)))}`;
  yield '\n]}\n';
};

const wellFormed = (one: Row): Row =>
  Object.fromEntries(
    Object.entries(one).map(([key, cell]) => [key, typeof cell === 'string' ? cell.toWellFormed() : cell]),
  );

const csvOf = function* ({ columns: heads, rows }: View): Iterable<string> {
  const names = heads.map(({ name }) => name);
  yield BYTE_ORDER_MARK + row(names);
  for (const one of rows) yield row(names.map((name) => one[name]));
};

const tableOf = function* ({ name, columns: all, rows, notes = [] }: View, { language, width }: How): Iterable<string> {
  const { nothing, sum } = historyWords[language];
  const servers = new Set(rows.map(({ server }) => server)).size;
  if (rows.length === 0) yield `${nothing[name]}\n`;
  else {
    const cells = rows.map((one) => all.map((column) => shown(column, one)));
    const titles = all.map(({ head }) => head);
    const widths = titles.map((title, at) =>
      Math.min(
        WIDEST,
        cells.reduce((most, line) => Math.max(most, columns(line[at] ?? '')), columns(title)),
      ),
    );
    const line = lineOf(all, widths, width);
    yield line(titles);
    for (const one of cells) yield line(one);
    yield `\n${sum[name](rows.length, servers)}\n`;
  }
  for (const note of notes) yield `${note}\n`;
};

const shown = ({ name, show = String, absent = '' }: Column, one: Row): string => {
  const cell = one[name];
  return cell === undefined ? absent : short(show(cell, one), SAID);
};

/** The last column takes what is left of the line; where nothing limits a line, nothing is cut. */
const lineOf =
  (all: readonly Column[], widths: readonly number[], width: number) =>
  (cells: readonly string[]): string => {
    const parts = cells.slice(0, -1).map((cell, at) => {
      const room = widths[at] ?? 0;
      const text = clip(cell, room);
      return all[at]?.isNumber ? ' '.repeat(Math.max(0, room - columns(text))) + text : pad(text, room);
    });
    const before = parts.reduce((sum, part) => sum + columns(part) + GAP.length, 0);
    const last = clip(cells.at(-1) ?? '', Math.max(20, width - before));
    return `${[...parts, last].join(GAP).trimEnd()}\n`;
  };
