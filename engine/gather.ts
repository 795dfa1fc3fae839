import { asker } from './asker.ts';
import type { Endpoint, Fact } from './define.ts';
import { type Learned, learnFact, readingOf } from './learn.ts';
import { LIMITS } from './limits.ts';
import type { Evidence, Reading } from './model.ts';
import { type Memory, newMemory } from './recall.ts';
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
  /** Those of the target itself: of the server, where it was asked, whatever the network showed. */
  own: readonly Evidence[];
  observedAt: Date;
  codePage: number | undefined;
  /** Windows version as the server states it, or null. */
  os: string | null;
}>;

export type GatherOptions = Readonly<{
  signal: AbortSignal;
  /** Sees each answer before anyone reads it. */
  keep(evidence: Evidence): Promise<void>;
  /** What is remembered of other servers; without one, what this process has seen. */
  memory?: Memory;
}>;

const ALL_SEEN = newMemory();

const NOT_ASKED = { known: false, reason: 'not-recorded', detail: 'this was not asked', evidence: [] } as const;

/** Asks every fact of a target, in as few exchanges as possible. Never throws for what the world does. */
export const gather = async (
  { server, network }: Ways,
  facts: Iterable<Fact<unknown>>,
  { signal, keep, memory = ALL_SEEN }: GatherOptions,
): Promise<Gathered> => {
  // Loaded for a server only: a view from outside starts faster without zx and code pages.
  const speech = server && (await import('./speech.ts')).speakTo(server, { signal, keep });
  const probe =
    network && asker(network.transport, { signal, keep, exchanges: LIMITS.probeExchangesPerTarget, ids: 'n' });
  const observedAt = server?.recordedAt ?? network?.transport.recordedAt ?? new Date();
  const learning = new Map<Fact<unknown>, Promise<Learned>>();
  const learn = (fact: Fact<unknown>): Promise<Learned> => {
    const known =
      learning.get(fact) ?? learnFact(fact, { speech, probe, endpoint: network?.endpoint, observedAt, memory, learn });
    learning.set(fact, known);
    return known;
  };
  const learned = new Map(await Promise.all([...facts].map(async (fact) => [fact, await learn(fact)] as const)));
  // A fact that knows enough leaves questions behind; their answers are evidence, and come before the seal.
  await Promise.all([speech?.end(), probe?.end()]);
  const [answers, seen] = [speech?.evidence() ?? [], probe?.evidence() ?? []];
  return {
    readingOf: <T>(fact: Fact<T>) => {
      const known = learned.get(fact);
      return known ? readingOf<T>(known) : NOT_ASKED;
    },
    evidence: [...answers, ...seen],
    own: answers.length > 0 ? answers : seen,
    observedAt,
    codePage: await speech?.codePage,
    os: (await speech?.os) ?? null,
  };
};
