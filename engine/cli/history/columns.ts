/** The columns of the lists, each named and shown in the language of the operator. */
import { words } from '../../../reporters/words.ts';
import { type Language, SEVERITIES, type Severity, STATUSES } from '../../model.ts';
import { minute } from './dates.ts';
import type { Cell, Column } from './view.ts';
import { type ColumnName, historyWords } from './words.ts';

type Columns = Readonly<Record<ColumnName, Column>>;

const TIMES: readonly ColumnName[] = ['at', 'since', 'lastSeen', 'notAfter', 'startedAt', 'finishedAt'];
const NUMBERS: readonly ColumnName[] = ['run', 'days', 'daysLeft', 'servers', 'recorded', 'exitCode'];

/** Every column by its name. */
export const columnsIn = (language: Language): Columns => {
  const { column: heads, role, change, unfinished, expired, yes, no } = historyWords[language];
  const { status, severity, reason } = words[language];
  const plain = (name: ColumnName): Column => ({
    name,
    // Reports say UTC behind each time; a table has no room for that.
    head: [...TIMES, 'day'].includes(name) ? `${heads[name]} (UTC)` : heads[name],
    ...(TIMES.includes(name) && { show: minute }),
    ...(NUMBERS.includes(name) && { isNumber: true }),
  });
  const named = (name: ColumnName, table: Readonly<Record<string, string>>): Column => ({
    ...plain(name),
    show: wordIn(table),
  });
  // What is said of an unknown begins with its reason.
  const says: Column['show'] = (cell, { status: now, after = now }) =>
    after === 'unknown' ? String(cell).replace(/^[a-z-]+(?=: )/, wordIn(reason)) : String(cell);
  const all = Object.fromEntries(Object.keys(heads).map((name) => [name, plain(name as ColumnName)])) as Columns;
  return {
    ...all,
    severity: named('severity', severity),
    status: named('status', status),
    before: named('before', status),
    after: named('after', status),
    role: named('role', role),
    change: named('change', change),
    says: { ...all.says, show: says },
    reached: named('reached', { true: yes, false: no }),
    finishedAt: { ...all.finishedAt, absent: unfinished },
    daysLeft: { ...all.daysLeft, show: (cell) => (Number(cell) < 0 ? expired(-Number(cell)) : String(cell)) },
  };
};

/** A column for the number of each status. */
export const countColumns = (language: Language): readonly Column[] =>
  STATUSES.map((status) => ({ name: status, head: words[language].status[status], isNumber: true }));

const wordIn =
  (table: Readonly<Record<string, string>>) =>
  (cell: NonNullable<Cell>): string =>
    Object.hasOwn(table, cell) ? (table[cell] ?? '') : String(cell);

/** The worst last. */
export const bySeverity = (a: Severity, b: Severity): number => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
