import { type Asker, asker } from './asker.ts';
import { CODE_PAGE_QUESTION, codePageIn, decodeText } from './code-page.ts';
import { type Fact, type Facts, Unknown } from './define.ts';
import type { Evidence, Ignorance, Reading } from './model.ts';
import { shellFor } from './shell.ts';
import type { Transport } from './transports/transport.ts';

/** Where Windows states its version; asked of every target, so that evidence says what it came from. */
export const VERSION_QUESTION = 'reg.exe query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"';

export type Gathered = Readonly<{
  readingOf<T>(fact: Fact<T>): Reading<T>;
  evidence: readonly Evidence[];
  observedAt: Date;
  codePage: number | undefined;
  /** Windows version as the server states it, or null. */
  os: string | null;
}>;

export type GatherOptions = Readonly<{
  signal: AbortSignal;
  /** Sees each answer before anyone reads it. */
  keep(evidence: Evidence): Promise<void>;
}>;

/** Asks every fact of a target, in as few exchanges as possible. Never throws for what the world does. */
export const gather = async (
  transport: Transport,
  facts: Iterable<Fact<unknown>>,
  { signal, keep }: GatherOptions,
): Promise<Gathered> => {
  const questions = asker(transport, signal, keep);
  const observedAt = transport.recordedAt ?? new Date();
  const learning = new Map<Fact<unknown>, Promise<Reading<unknown>>>();
  const page = codePageOf(questions);
  const version = questions.ask(VERSION_QUESTION);

  const learn = <T>(fact: Fact<T>): Promise<Reading<T>> => {
    const known = learning.get(fact) ?? learnFact(fact, { questions, page, observedAt, learn });
    learning.set(fact, known);
    return known as Promise<Reading<T>>;
  };
  const readings = new Map(await Promise.all([...facts].map(async (fact) => [fact, await learn(fact)] as const)));
  const codePage = await page;
  return {
    readingOf: <T>(fact: Fact<T>) => readings.get(fact) as Reading<T>,
    evidence: questions.evidence(),
    observedAt,
    codePage,
    os: versionIn(await version, codePage),
  };
};

type Learning = Readonly<{
  questions: Asker;
  page: Promise<number | undefined>;
  observedAt: Date;
  learn<T>(fact: Fact<T>): Promise<Reading<T>>;
}>;

/** The one place where an error becomes ignorance. */
const learnFact = async <T>(fact: Fact<T>, { questions, page, observedAt, learn }: Learning): Promise<Reading<T>> => {
  const rest = new Set<string>();
  let gap: Ignorance | undefined;
  const $ = shellFor(async (command) => {
    const { id, missing, stdout, stderr, exitCode } = await questions.ask(command);
    rest.add(id);
    // An answer that is not whole makes the fact unknown, whatever the script then does with it.
    if (missing) gap ??= { ...missing, detail: `${missing.detail} (${command})` };
    const codePage = await page;
    return {
      stdout: decodeText(stdout, codePage),
      stderr: decodeText(stderr, codePage),
      exitCode: missing ? null : exitCode,
    };
  });
  const read: Facts['read'] = async (other) => {
    const reading = await learn(other);
    for (const id of reading.evidence) rest.add(id);
    return reading;
  };
  const need: Facts['need'] = async (other) => {
    const reading = await read(other);
    if (!reading.known) throw new Unknown(reading.reason, reading.detail);
    return reading.value;
  };
  try {
    const value = await fact.ask($, { need, read, observedAt });
    const evidence = [...rest].sort();
    return gap ? { known: false, ...gap, evidence } : { known: true, value, evidence };
  } catch (error) {
    return { known: false, ...(gap ?? ignoranceOf(error, fact.id)), evidence: [...rest].sort() };
  }
};

/** An exit code that a fact did not expect rejects zx's promise: the answer then makes no sense to the fact. */
const ignoranceOf = (error: unknown, id: string): Ignorance => {
  if (error instanceof Unknown) return { reason: error.reason, detail: error.message };
  const exitCode = (error as { exitCode?: unknown } | undefined)?.exitCode;
  if (exitCode === 5) return { reason: 'denied', detail: `${id}: access is denied (exit code 5)` };
  if (typeof exitCode === 'number')
    return { reason: 'unreadable', detail: `${id}: the command ended with exit code ${exitCode}` };
  return { reason: 'bug', detail: `${id}: ${error}` };
};

const codePageOf = async (questions: Asker): Promise<number | undefined> => {
  const { stdout, missing } = await questions.ask(CODE_PAGE_QUESTION);
  return missing ? undefined : codePageIn(stdout);
};

const versionIn = ({ stdout, missing }: Evidence, codePage: number | undefined): string | null => {
  if (missing) return null;
  const text = decodeText(stdout, codePage);
  const value = (name: string) => new RegExp(`^ {4}${name} {4}REG_SZ {4}(.{1,80}?)\\s*$`, 'm').exec(text)?.[1];
  const product = value('ProductName');
  const build = value('CurrentBuild(?:Number)?');
  return product && build ? `${product} (build ${build})` : null;
};
