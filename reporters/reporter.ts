import type { Comparison } from '../engine/comparison.ts';
import type { Report } from '../engine/model.ts';

/**
 * What a reporter is told beside the report: the terminal's colours and columns, settings of its own that are checked
 * already, and how to pack bytes (the zlib format of RFC 1950), where that can be done.
 */
export type ReporterOptions = Readonly<{
  colour: boolean;
  width: number;
  settings?: Readonly<Record<string, string>>;
  deflate?(bytes: Uint8Array): Uint8Array;
}>;

/** A reporter turns a report into text, piece by piece. It is pure: no clock, no files, no network. */
export type Reporter = (report: Report, options: ReporterOptions) => Iterable<string>;

/** The same for a comparison of two reports. */
export type DiffReporter = (comparison: Comparison, options: ReporterOptions) => Iterable<string>;
