/** The order of the checks in the map, area by area, and each result as one letter. */
import { type Result, SEVERITIES, STATUSES } from '../../../engine/model.ts';
import type { Row, Sheet } from '../sheet.ts';

export type Column = Readonly<{ check: string; area: string; isFirst: boolean }>;

export const columnsOf = ({ checks }: Sheet): readonly Column[] => {
  const areas = Map.groupBy(checks, (check) => check.split('/', 1)[0] ?? check);
  return [...areas].flatMap(([area, ids]) => ids.map((check, at) => ({ check, area, isFirst: at === 0 })));
};

/** The results of a server in the order of the columns. */
export const alongColumns = (row: Row, columns: readonly Column[]): readonly (Result | undefined)[] => {
  const results = new Map(row.results.map((result) => [result.check, result]));
  return columns.map(({ check }) => results.get(check));
};

/** `A` is the first status with the first severity, `.` stands where nothing was asked. */
export const lettersOf = (results: readonly (Result | undefined)[]): string =>
  results.map((result) => (result ? letterOf(result) : '.')).join('');

const letterOf = ({ status, severity }: Result): string =>
  String.fromCharCode(65 + STATUSES.indexOf(status) * SEVERITIES.length + SEVERITIES.indexOf(severity));
