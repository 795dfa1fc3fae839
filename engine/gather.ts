import { type Asker, asker } from './asker.ts';
import { type Endpoint, type Fact, type Facts, Unknown } from './define.ts';
import { LIMITS } from './limits.ts';
import type { Evidence, Ignorance, Reading } from './model.ts';
import { probeFor } from './probe/probe.ts';
import type { Speech } from './speech.ts';
import type { Transport } from './transports/transport.ts';

/** The ways to a target: its own shell, and the network that its clients come from. At least one of them. */
export type Ways = Readonly<{
  server?: Transport;
  network?: Readonly<{ transport: Transport; endpoint: Endpoint }>;
}>;

/** Ends what the ways hold open. */
export const closeAll = async ({ server, network }: Ways): Promise<void> => {
  await Promise.all([server?.close(), network?.transport.close()]);
};

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

const NOT_ASKED = { known: false, reason: 'not-recorded', detail: 'this was not asked', evidence: [] } as const;

/** Asks every fact of a target, in as few exchanges as possible. Never throws for what the world does. */
export const gather = async (
  { server, network }: Ways,
  facts: Iterable<Fact<unknown>>,
  { signal, keep }: GatherOptions,
): Promise<Gathered> => {
  // Loaded for a server only: a view from outside starts faster without zx and code pages.
  const speech = server && (await import('./speech.ts')).speakTo(server, { signal, keep });
  const probe =
    network && asker(network.transport, { signal, keep, exchanges: LIMITS.probeExchangesPerTarget, ids: 'n' });
  const observedAt = server?.recordedAt ?? network?.transport.recordedAt ?? new Date();
  const learning = new Map<Fact<unknown>, Promise<Reading<unknown>>>();

  const learn = <T>(fact: Fact<T>): Promise<Reading<T>> => {
    const asked = { speech, probe, endpoint: network?.endpoint, observedAt, learn };
    const known = learning.get(fact) ?? learnFact(fact, asked);
    learning.set(fact, known);
    return known as Promise<Reading<T>>;
  };
  const readings = new Map(await Promise.all([...facts].map(async (fact) => [fact, await learn(fact)] as const)));
  // A fact that knows enough leaves questions behind; their answers are evidence, and come before the seal.
  await Promise.all([speech?.end(), probe?.end()]);
  return {
    readingOf: <T>(fact: Fact<T>) => (readings.get(fact) as Reading<T> | undefined) ?? NOT_ASKED,
    evidence: [...(speech?.evidence() ?? []), ...(probe?.evidence() ?? [])],
    observedAt,
    codePage: await speech?.codePage,
    os: (await speech?.os) ?? null,
  };
};

type Learning = Readonly<{
  speech: Speech | undefined;
  probe: Asker | undefined;
  endpoint: Endpoint | undefined;
  observedAt: Date;
  learn<T>(fact: Fact<T>): Promise<Reading<T>>;
}>;

/** The one place where an error becomes ignorance. */
const learnFact = async <T>(fact: Fact<T>, learning: Learning): Promise<Reading<T>> => {
  const rest = new Set<string>();
  const pending: Promise<unknown>[] = [];
  let gap: Ignorance | undefined;
  // An answer that is not whole makes the fact unknown, whatever the script then does with it.
  const noted = (answer: Promise<Evidence>): Promise<Evidence> => {
    const noting = answer.then((evidence) => {
      rest.add(evidence.id);
      if (evidence.missing) gap ??= { ...evidence.missing, detail: `${evidence.missing.detail} (${evidence.command})` };
      return evidence;
    });
    pending.push(noting);
    return noting;
  };
  const read: Facts['read'] = (other) => {
    const noting = learning.learn(other).then((reading) => {
      for (const id of reading.evidence) rest.add(id);
      return reading;
    });
    pending.push(noting);
    return noting;
  };
  const need: Facts['need'] = async (other) => {
    const reading = await read(other);
    if (!reading.known) throw new Unknown(reading.reason, reading.detail);
    return reading.value;
  };
  try {
    const value = await ask(fact, learning, noted, { need, read, observedAt: learning.observedAt });
    if (!gap) return { known: true, value, evidence: [...rest].sort() };
    await Promise.all(pending);
    return { known: false, ...gap, evidence: [...rest].sort() };
  } catch (error) {
    // What it rests on must not depend on which answer was read first: those that are still on their way count, too.
    await Promise.all(pending);
    return { known: false, ...(gap ?? ignoranceOf(error, fact.id)), evidence: [...rest].sort() };
  }
};

/** Sees each question that a fact asks, and hands its answer on. */
type Noted = Parameters<Speech['run']>[1];

/** Runs the script of a fact, with what belongs to its vantage. */
const ask = <T>(fact: Fact<T>, { speech, probe, endpoint }: Learning, noted: Noted, facts: Facts): Promise<T> => {
  switch (fact.vantage) {
    case 'server': {
      if (!speech) throw new Unknown('not-recorded', 'the target was not asked on the server itself');
      return speech.run(($) => fact.ask($, facts), noted);
    }
    case 'network': {
      if (!probe || !endpoint) throw new Unknown('not-recorded', 'the target was not asked from outside');
      return fact.ask(probeFor(endpoint, wholeAnswersOf(probe, noted)), facts);
    }
  }
};

const wholeAnswersOf =
  (probe: Asker, noted: Noted) =>
  async (command: string): Promise<Evidence> => {
    const evidence = await noted(probe.ask(command));
    if (evidence.missing) throw new Unknown(evidence.missing.reason, evidence.missing.detail);
    return evidence;
  };

/** An exit code that a fact did not expect rejects zx's promise: the answer then makes no sense to the fact. */
const ignoranceOf = (error: unknown, id: string): Ignorance => {
  if (error instanceof Unknown) return { reason: error.reason, detail: error.message };
  if (error instanceof SyntaxError) return { reason: 'unreadable', detail: `${id}: ${error.message}` };
  const exitCode = (error as { exitCode?: unknown } | undefined)?.exitCode;
  if (exitCode === 5) return { reason: 'denied', detail: `${id}: access is denied (exit code 5)` };
  if (typeof exitCode === 'number')
    return { reason: 'unreadable', detail: `${id}: the command ended with exit code ${exitCode}` };
  return { reason: 'bug', detail: `${id}: ${error}` };
};
