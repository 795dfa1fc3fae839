/** Where reports go: `name`, `name:file`, and `name,setting=value:file`. */
import path from 'node:path';
import { type ReporterName, reporters, SETTINGS, series } from '../../reporters/index.ts';
import { grouped } from '../../reporters/numbers.ts';
import { suggestion } from '../document/suggest.ts';
import { cannot } from '../file-trouble.ts';
import { makeFolder } from '../make-folder.ts';
import { Mistake } from '../mistake.ts';
import type { Report } from '../model.ts';
import { deflate } from './deflate.ts';
import { hasColour } from './terminal.ts';
import { needPlace, placeOf, writeFileWhole, writeSeries, writeStandardOutput } from './write-out.ts';

/** A reporter, what it is told, and where its text goes; no file means standard output. */
export type Output = Readonly<{ reporter: ReporterName; settings: Readonly<Record<string, string>>; file?: string }>;

const names = Object.keys(reporters) as readonly ReporterName[];
/** Where something that is no reporter follows -r, it was mostly meant as something else. */
export const GREEDY = '-r takes every word up to the next option, so whatever is meant otherwise stands before it';
const HINT = `write ${names.join(', ')}, or one of them with a file: json:out/report.json; ${GREEDY}`;

/** Throws Mistake for an unknown reporter or setting, and for two that want one place. */
export const outputsOf = (specs: readonly string[]): readonly Output[] => apart(specs.map(outputOf));

/** A reporter of any kind, and its file; without one it is for standard output. */
type Place = Readonly<{ reporter: string; file?: string }>;

/** Throws Mistake where two reporters want one place. */
export const apart = <P extends Place>(outputs: readonly P[]): readonly P[] => {
  const spoken = outputs.filter(({ file }) => file === undefined);
  if (spoken.length > 1)
    throw new Mistake(
      `${spoken.map(({ reporter }) => reporter).join(' and ')} both want standard output`,
      'give all but one of them a file',
    );
  needApart(outputs.flatMap(({ file }) => (file === undefined ? [] : [path.resolve(file)])));
  return outputs;
};

/** Where file names have no case, two that differ in nothing else are one. */
const CASELESS = process.platform === 'win32' || process.platform === 'darwin';

const needApart = (files: readonly string[]): void => {
  const names = CASELESS ? files.map((file) => file.toLowerCase()) : files;
  const twice = files.find((_, at) => names.indexOf(names[at] ?? '') !== at);
  if (twice !== undefined)
    throw new Mistake(`${twice} is named by two reporters`, 'give each reporter a file of its own');
};

const outputOf = (spec: string): Output => {
  const [, name = '', given = '', file] = /^([^:,]*)((?:,[^:,]*)*)(?::(.*))?$/s.exec(spec) ?? [];
  const reporter = names.find((known) => known === name);
  if (!reporter || file === '') throw new Mistake(`${spec} is not a reporter`, HINT);
  const settings = settingsOf(reporter, given.split(',').slice(1));
  if (file !== undefined && file !== '-') return { reporter, settings, file };
  if (settings['split'] !== undefined)
    throw new Mistake(`${spec} writes several files`, `name the first: ${name}${given}:out/${name}.xml`);
  return { reporter, settings };
};

const settingsOf = (reporter: ReporterName, given: readonly string[]): Output['settings'] => {
  const known = SETTINGS[reporter];
  const shown = Object.values(known).map((setting) => setting.shown);
  const hint = shown.length > 0 ? `${reporter} takes ${shown.join(', ')}` : `${reporter} takes no setting`;
  return Object.fromEntries(
    given.map((one): [string, string] => {
      const at = one.indexOf('=');
      const [key, value] = at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
      const setting = Object.hasOwn(known, key) ? known[key] : undefined;
      if (!setting) throw new Mistake(`${reporter} has no setting ${key}${suggestion(key, Object.keys(known))}`, hint);
      if (!setting.takes.test(value)) throw new Mistake(`${reporter},${one}: ${value || 'nothing'} is no ${key}`, hint);
      return [key, value];
    }),
  );
};

/**
 * Makes the folders of all files, before anything is asked: a report must not be lost for a wrong path. Throws Mistake where
 * it would take the place of a file that is needed.
 */
export const prepare = async (outputs: readonly Place[], needed: readonly string[]): Promise<void> => {
  const places: string[] = [];
  for (const { file } of outputs) {
    if (file === undefined) continue;
    await makeFolder(path.dirname(file)).catch(cannot('written', file, 'choose another path'));
    places.push(await needPlace(file));
  }
  needApart(places);
  for (const file of needed)
    if (places.includes(await placeOf(file).catch(() => file)))
      throw new Mistake(
        `${file} is needed, and a report would be written over it`,
        'give each report a file of its own',
      );
};

/** Writes a report as each output wants it. One that cannot be written keeps no other one back; then it is told. */
export const writeOutputs = async (report: Report, outputs: readonly Output[]): Promise<void> => {
  const failed: unknown[] = [];
  for (const output of outputs) await writeOutput(report, output).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
};

/** A file appears whole or not at all. */
const writeOutput = async (report: Report, { reporter, settings, file }: Output): Promise<void> => {
  const colour = file === undefined && reporter === 'cli' && hasColour();
  const options = { colour, width: process.stdout.columns ?? 100, settings, deflate };
  if (reporter === 'junit') await tellRollup(report, settings);
  const several = settings['split'] === undefined ? undefined : series[reporter];
  if (file !== undefined && several) return writeSeries(file, (await several())(report, options));
  const text = (await reporters[reporter]())(report, options);
  await (file === undefined ? writeStandardOutput(text) : writeFileWhole(file, text));
};

/** What is not in a file must be said where its absence would be taken for a pass. */
const tellRollup = async ({ targets }: Report, settings: Output['settings']): Promise<void> => {
  const { ROLLUP_ABOVE } = await import('../../reporters/junit.ts');
  if (targets.length <= ROLLUP_ABOVE || settings['mode'] !== undefined || settings['split'] !== undefined) return;
  process.stderr.write(
    `sstp-audit: ${grouped(targets.length)} servers: the JUnit report has a case per check, not per server\nsstp-audit: hint: junit,split=25MB:FILE or junit,mode=detail:FILE has them all\n`,
  );
};
