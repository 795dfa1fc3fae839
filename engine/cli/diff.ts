/** Compares two audits, writes the reports of the comparison and gives the exit code. */
import { type DiffReporterName, diffReporters } from '../../reporters/diff/index.ts';
import type { Comparison } from '../comparison.ts';
import { gateDiff } from '../diff/gate.ts';
import { type Difference, diff, type Side } from '../diff.ts';
import { Mistake } from '../mistake.ts';
import type { CheckNote, Language } from '../model.ts';
import { auditor } from './auditor.ts';
import { knownChecks } from './checks.ts';
import { deflate } from './deflate.ts';
import { stoppedBy } from './exit-code.ts';
import { noteOf } from './note.ts';
import { apart, GREEDY, prepare } from './outputs.ts';
import { isRun } from './run-name.ts';
import { isEvidence, type OpenSide, openSide, type SideOptions } from './sides.ts';
import { hasColour, tellExit } from './terminal.ts';
import { version } from './version.ts';
import { writeFileWhole, writeStandardOutput } from './write-out.ts';

export type DiffOptions = SideOptions & Comparison['gate'] & Readonly<{ reporter: readonly string[] }>;

/** Throws Mistake before anything is read, and for what is no report, no evidence and no run. */
export const diffSides = async (
  before: string,
  after: string,
  options: DiffOptions,
  stop: AbortSignal,
): Promise<number> => {
  const outputs = outputsOf(options.reporter);
  needRun([before, after], options);
  await needEvidence([before, after], options);
  const difference = await withSides([before, after], { options, stop }, async (...sides) => {
    await prepare(outputs, [before, after, ...(options.store === undefined ? [] : [options.store])]);
    return diff(...sides);
  });
  const comparison = stoppedBy(stop, comparisonOf(difference, options));
  for (const { reporter, file } of outputs) {
    const colour = file === undefined && reporter === 'cli' && hasColour();
    const text = diffReporters[reporter](comparison, { colour, width: process.stdout.columns ?? 100, deflate });
    await (file === undefined ? writeStandardOutput(text) : writeFileWhole(file, text));
  }
  tellExit(comparison, outputs);
  return comparison.exitCode;
};

const withSides = async <T>(
  [before, after]: readonly [string, string],
  { options, stop }: Readonly<{ options: SideOptions; stop: AbortSignal }>,
  work: (before: Side, after: Side) => Promise<T>,
): Promise<T> => {
  const sides: OpenSide[] = [];
  const opened = async (name: string): Promise<Side> => {
    const side = await openSide(name, options, stop);
    sides.push(side);
    return side;
  };
  try {
    return await work(await opened(before), await opened(after));
  } finally {
    for (const side of sides) await side.close?.();
  }
};

const comparisonOf = (
  { compared, ...difference }: Difference,
  { failOn, allowUnknown, lang }: DiffOptions,
): Comparison => {
  const gate = { failOn, allowUnknown };
  return {
    format: 'sstp-audit/diff/1',
    language: lang,
    tool: { name: 'sstp-audit', version },
    auditor: auditor(),
    madeAt: new Date().toISOString(),
    ...gateDiff({ ...difference, compared }, gate),
    gate,
    ...difference,
    checks: difference.checks.map((note) => spoken(note, lang)),
  };
};

/** A report speaks its own language; what we know is said in the one that is asked for. */
const spoken = (note: CheckNote, language: Language): CheckNote => {
  const check = knownChecks().find(({ id }) => id === note.id);
  return check ? noteOf(check, language) : note;
};

/** Throws Mistake where a store is named, and no run of it. */
const needRun = (names: readonly string[], { store }: SideOptions): void => {
  if (store !== undefined && !names.some(isRun))
    throw new Mistake('--store: neither side is a run', 'name a run of the store: run:12, or run:latest');
};

/** Throws Mistake where something is said of how evidence is judged, and none is. */
const needEvidence = async (names: readonly string[], { profile, input, waivers = [] }: SideOptions): Promise<void> => {
  const given = [
    ...(profile === undefined ? [] : ['--profile']),
    ...(Object.keys(input).length > 0 ? ['--input'] : []),
    ...(waivers.length > 0 ? ['--waivers'] : []),
  ];
  const kinds = await Promise.all(names.map(isEvidence));
  if (given.length > 0 && !kinds.includes(true))
    throw new Mistake(
      `${given.join(', ')}: both sides are reports or runs, which have been judged`,
      'name a folder of evidence to have it judged',
    );
};

const names = Object.keys(diffReporters) as readonly DiffReporterName[];

const outputsOf = (specs: readonly string[]) =>
  apart(
    specs.map((spec): Readonly<{ reporter: DiffReporterName; file?: string }> => {
      const [, name = '', file] = /^([^:]*)(?::(.*))?$/s.exec(spec) ?? [];
      const reporter = names.find((known) => known === name);
      if (!reporter || file === '')
        throw new Mistake(
          `${spec} is not a reporter`,
          `write ${names.join(', ')}, or one with a file: html:out/diff.html; ${GREEDY}`,
        );
      return file === undefined || file === '-' ? { reporter } : { reporter, file };
    }),
  );
