import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reporters } from '../../reporters/index.ts';
import { makeFolder } from '../make-folder.ts';
import { Mistake } from '../mistake.ts';
import type { Report } from '../model.ts';
import { hasColour } from './terminal.ts';

/** A reporter and where its text goes; no file means standard output. */
export type Output = Readonly<{ reporter: keyof typeof reporters; file?: string }>;

const names = Object.keys(reporters) as readonly (keyof typeof reporters)[];
const HINT = `write ${names.join(', ')}, or one of them with a file: json:out/report.json`;

/** Reads `name` and `name:file`. Throws Mistake for an unknown reporter and for two that want standard output. */
export const outputsOf = (specs: readonly string[]): readonly Output[] => {
  const outputs = specs.map((spec): Output => {
    const [, name = '', file] = /^([^:]*)(?::(.*))?$/s.exec(spec) ?? [];
    const reporter = names.find((known) => known === name);
    if (!reporter || file === '') throw new Mistake(`${spec} is not a reporter`, HINT);
    return file === undefined || file === '-' ? { reporter } : { reporter, file };
  });
  const spoken = outputs.filter(({ file }) => file === undefined);
  if (spoken.length > 1)
    throw new Mistake(
      `${spoken.map(({ reporter }) => reporter).join(' and ')} both want standard output`,
      'give all but one of them a file',
    );
  const files = outputs.flatMap(({ file }) => (file === undefined ? [] : [path.resolve(file)]));
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice !== undefined)
    throw new Mistake(`${twice} is named by two reporters`, 'give each reporter a file of its own');
  return outputs;
};

/** Makes the folders of all files, before anything is asked: a report must not be lost for a wrong path. */
export const prepare = async (outputs: readonly Output[]): Promise<void> => {
  for (const { file } of outputs)
    if (file !== undefined)
      await makeFolder(path.dirname(file)).catch((cause: Error) => {
        throw new Mistake(`${file} cannot be written: ${cause.message}`, 'choose another path', { cause });
      });
};

/** Writes a report as each output wants it; a file appears whole or not at all. */
export const writeOutputs = async (report: Report, outputs: readonly Output[]): Promise<void> => {
  for (const { reporter, file } of outputs) {
    const colour = file === undefined && reporter === 'cli' && hasColour();
    const text = Readable.from(reporters[reporter](report, { colour, width: process.stdout.columns ?? 100 }));
    if (file === undefined) await pipeline(text, process.stdout, { end: false }).catch(unlessGone);
    else {
      await pipeline(text, createWriteStream(`${file}.part`)).catch(cannotWrite(file));
      await rename(`${file}.part`, file).catch(cannotWrite(file));
    }
  }
};

/** Whoever read standard output has read enough (`| head`); the other reports are still wanted. */
const unlessGone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};

const cannotWrite = (file: string) => (cause: Error) => {
  throw new Mistake(`${file} cannot be written: ${cause.message}`, 'choose another path', { cause });
};
