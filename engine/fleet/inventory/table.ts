import { CsvError, parse } from 'csv-parse/sync';

/** A cell, trimmed, and where it begins in the text. */
export type Cell = Readonly<{ text: string; offset: number }>;

/** The records of a table; instead of them, what is wrong with it and in which line (from 1). */
export type Table = Readonly<{ records: readonly (readonly Cell[])[] } | { says: string; line: number }>;

/** Spreadsheets of some countries part the cells by semicolons or tabs. */
const delimiterOf = (text: string): string => {
  const header = /^(?!#).*\S.*$/m.exec(text)?.[0] ?? '';
  return [';', '\t', ','].find((mark) => header.includes(mark)) ?? ',';
};

/** Reads CSV: empty lines and those that begin with `#` are passed over. */
export const readTable = (text: string): Table => {
  const offsets: number[] = [];
  try {
    // In UTF-16 the parser's count of bytes is a count of characters.
    const records = parse(Buffer.from(text, 'utf16le'), {
      encoding: 'utf16le',
      delimiter: delimiterOf(text),
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      relax_column_count: true,
      cast: (value, { bytes, quoting }) => {
        const quotes = quoting ? 2 + value.replaceAll(/[^"]/g, '').length : 0;
        offsets.push(bytes / 2 - value.length - quotes + (value.length - value.trimStart().length));
        return value;
      },
    });
    let at = 0;
    return {
      records: records.map((cells) => cells.map((cell) => ({ text: cell.trim(), offset: offsets[at++] ?? 0 }))),
    };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED')
      return { says: `is no table: ${error.message}`, line: Number(error['lines'] ?? 1) };
    // It ends with the text, which helps nobody: it is told where its row begins.
    const before = text.slice(0, Number(error['bytes_records']) / 2);
    return { says: 'is no table: from here on, a quote is not closed', line: before.split('\n').length };
  }
};
