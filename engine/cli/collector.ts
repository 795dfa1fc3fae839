import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { audit } from '../audit.ts';
import { collected, collectorScript, readCollected } from '../collector.ts';
import { cannot } from '../file-trouble.ts';
import { instantIn } from '../instant.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import { everything, sentence } from './gather.ts';
import { everyQuestion } from './questions.ts';
import { version } from './version.ts';

/** Prints the batch file, or writes it. Throws Mistake for a file that cannot be written. */
export const printCollector = async (output: string | undefined): Promise<number> => {
  const script = collectorScript(await everyQuestion(), version);
  if (output === undefined) process.stdout.write(script);
  else await writeFile(output, script).catch(cannot('written', output, 'choose another path'));
  return 0;
};

type Files = Readonly<{ out: string; err: string }>;
type Options = Readonly<{ evidence: string; name?: string; at?: string; tags: readonly string[] }>;

const HINT = 'give the two files that collect.cmd wrote';

/** Seals what a collector printed into an evidence folder. Exit code 3 when an answer has no end. */
export const importCollected = async ({ out, err }: Files, options: Options, signal: AbortSignal): Promise<number> => {
  // One after another: where both are missing, the first is named.
  const stdout = await read(out);
  const stderr = await read(err);
  const at = await timeOf(out, options.at);
  const commands = (await everyQuestion()).map(({ command }) => command);
  const answers = readCollected({ stdout, stderr }, commands, at.toISOString());
  if ('message' in answers) throw new Mistake(`${out}, ${err}: ${answers.message}`, answers.hint);
  const name = options.name ?? path.basename(out).replace(/\.out$/i, '');
  const target = { name, address: `collector:${path.basename(out)}`, tags: options.tags, inputs: {} };
  const { note } = await audit(target, { server: collected(answers, at) }, everything(), {
    signal,
    targetMs: LIMITS.targetMs,
    version,
    evidence: options.evidence,
  });
  const origin = options.at === undefined ? `, when ${out} was last written (--at gives another time)` : '';
  process.stderr.write(
    `sstp-audit: ${sentence(note)}\nsstp-audit: ${name}: judged as of ${at.toISOString()}${origin}\n`,
  );
  return note.evidence.every(({ complete }) => complete) ? 0 : 3;
};

const read = async (file: string): Promise<Buffer> => {
  const found = await stat(file).catch(cannotRead(file));
  if (!found.isFile()) throw new Mistake(`${file} cannot be read: it is not a file`, HINT);
  const { size } = found;
  if (size === 0) throw new Mistake(`${file} is empty: the collector was ended, or its disk was full`, HINT);
  if (size > LIMITS.exchangeBytes) throw new Mistake(`${file} is larger than ${LIMITS.exchangeBytes / 1e6} MB`, HINT);
  return readFile(file).catch(cannotRead(file));
};

const cannotRead = (file: string): ReturnType<typeof cannot> => cannot('read', file, HINT);

/** Certificates are judged by this time, so it is said, whoever says it. */
const timeOf = async (out: string, given: string | undefined): Promise<Date> => {
  if (given === undefined) return (await stat(out)).mtime;
  const at = given.includes('T') ? instantIn(given) : undefined;
  if (!at) throw new Mistake(`--at ${given} is no time`, 'write it with its zone, such as 2026-11-26T09:30:00Z');
  return at;
};
