/** A JUnit report in several files, none larger than a limit. */
import type { Report } from '../engine/model.ts';
import { FOOT, HEAD, suites } from './junit.ts';
import type { ReporterOptions } from './reporter.ts';

const MEGABYTE = 1_000_000;

/**
 * The files of a report, each in pieces; read one to its end before the next. `split` is `25MB` or `server`. A suite goes
 * whole into one file, so that a server larger than the limit is a file of its own.
 */
export const junitFiles = function* (report: Report, options: ReporterOptions): Iterable<Iterable<string>> {
  const split = options.settings?.['split'] ?? '';
  const limit = split === 'server' ? 0 : Number.parseInt(split, 10) * MEGABYTE;
  const waiting = suites(report, options)[Symbol.iterator]();
  let next = taken(waiting.next());
  if (!next) yield [HEAD, FOOT];
  while (next) {
    const file = function* (): Iterable<string> {
      let bytes = sizeOf([HEAD, FOOT]);
      yield HEAD;
      do {
        bytes += sizeOf(next ?? []);
        yield* next ?? [];
        next = taken(waiting.next());
      } while (next && bytes + sizeOf(next) <= limit);
      yield FOOT;
    };
    yield file();
  }
};

/** A whole suite, which is small: the largest has a case for each check. */
const taken = ({ value, done }: IteratorResult<Iterable<string>>): readonly string[] | undefined =>
  done ? undefined : [...value];

const encoder = new TextEncoder();
/** In bytes. */
const sizeOf = (pieces: readonly string[]): number =>
  pieces.reduce((sum, piece) => sum + encoder.encode(piece).length, 0);
