/** How one fact is learned of one target. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Asker } from './asker.ts';
import { type Endpoint, type Fact, type Facts, Unknown } from './define.ts';
import { sha256 } from './evidence/manifest.ts';
import { type Evidence, type Ignorance, REASONS, type Reading, type Reason } from './model.ts';
import { probeFor } from './probe/probe.ts';
import { type Mark, type Memory, type Outcome, recall, type Trail, trailOf } from './recall.ts';
import { saidBy } from './said-by.ts';
import type { Speech } from './speech.ts';

/** What came of a fact, and the ids of the answers that it rests on. */
export type Learned = Readonly<{ outcome: Outcome; evidence: readonly string[] }>;

export const readingOf = <T>({ outcome, evidence }: Learned): Reading<T> => ({ ...outcome, evidence }) as Reading<T>;

/** Where a target can be asked, and what else is learned of it. */
export type Source = Readonly<{
  speech: Speech | undefined;
  probe: Asker | undefined;
  endpoint: Endpoint | undefined;
  observedAt: Date;
  memory: Memory;
  learn(fact: Fact<unknown>): Promise<Learned>;
}>;

/** Recalls what the script of a fact would come to, or runs it. Never rejects. */
export const learnFact = async (fact: Fact<unknown>, source: Source): Promise<Learned> => {
  const ear = earOn(source);
  const { speech } = source;
  if (fact.vantage !== 'server' || !speech) return ear.conclude(await run(fact, source, ear));
  const recalled = recall(source.memory, fact, async (asked) =>
    typeof asked === 'string' ? markOf(await ear.answer(speech, asked), speech) : (await ear.learned(asked)).outcome,
  );
  const known = recalled && (await recalled);
  return ear.conclude(known ?? (await run(fact, source, ear, trailOf(source.memory, fact))));
};

type Ear = Readonly<{
  answer(of: Pick<Asker, 'ask'>, command: string): Promise<Evidence>;
  learned(other: Fact<unknown>): Promise<Learned>;
  /** Resolves when nothing that was asked is still on its way. */
  settled(): Promise<void>;
  /** An answer was not whole. */
  missed(): boolean;
  conclude(outcome: Outcome): Promise<Learned>;
}>;

/** These keep every question from the server, and have to do with none of them: they are told in the same words for all. */
const BEFORE_QUESTIONS: ReadonlySet<Reason> = new Set(['unreachable', 'refused', 'untrusted', 'cancelled']);

const toldOf = (missing: Ignorance, command: string): Ignorance =>
  BEFORE_QUESTIONS.has(missing.reason) ? missing : { ...missing, detail: `${missing.detail} (${command})` };

/** Hears for one fact, and notes what it rests on. */
const earOn = ({ learn }: Source): Ear => {
  const rest = new Set<string>();
  const pending: Promise<unknown>[] = [];
  let gap: Readonly<{ id: string; why: Ignorance }> | undefined;
  const noted = <T>(promise: Promise<T>, note: (heard: T) => void): Promise<T> => {
    const noting = promise.then((heard) => {
      note(heard);
      return heard;
    });
    pending.push(noting);
    return noting;
  };
  const settled = async (): Promise<void> => {
    for (let known = -1; known < pending.length; ) {
      known = pending.length;
      await Promise.all(pending);
      // Whoever heard the last answers has this turn to ask on.
      await turn();
    }
  };
  return {
    answer: ({ ask }, command) =>
      noted(ask(command), ({ id, missing }) => {
        rest.add(id);
        // Of several, the one that was asked for first: which one comes first is chance.
        if (missing && !(gap && gap.id <= id)) gap = { id, why: toldOf(missing, command) };
      }),
    learned: (other) =>
      noted(learn(other), ({ evidence }) => {
        for (const id of evidence) rest.add(id);
      }),
    settled,
    missed: () => gap !== undefined,
    conclude: async (outcome) => {
      // What ignorance rests on must not depend on which answer was read first: those on their way count, too.
      if (gap || !outcome.known) await settled();
      // An answer that is not whole makes the fact unknown, whatever the script did with it.
      return { outcome: gap ? { known: false, ...gap.why } : outcome, evidence: [...rest].sort() };
    },
  };
};

/** Equal for answers that a script cannot tell apart. */
const markOf = async ({ missing, exitCode, stdout, stderr }: Evidence, { codePage }: Speech): Promise<Mark> =>
  missing ? undefined : `${await codePage} ${exitCode} ${sha256(stdout)} ${sha256(stderr)}`;

const run = async (fact: Fact<unknown>, source: Source, ear: Ear, trail?: Trail): Promise<Outcome> => {
  const asking = ask(fact, source, ear, trail);
  trail?.waits();
  const met = await outcomeOf(fact, asking);
  if (!met.known) await ear.settled();
  // Of several obstacles, which one a script meets first is chance, until every answer is there.
  const outcome = met.known || ear.missed() ? met : await outcomeOf(fact, ask(fact, source, ear));
  trail?.ends(outcome);
  return outcome;
};

/** The one place where an error becomes ignorance. */
const outcomeOf = ({ id }: Fact<unknown>, asking: Promise<unknown>): Promise<Outcome> =>
  asking.then(
    (value): Outcome => ({ known: true, value }),
    (error: unknown): Outcome => ({ known: false, ...ignoranceOf(error, id) }),
  );

/** Runs the script of a fact, with what belongs to its vantage. */
const ask = async (
  fact: Fact<unknown>,
  { speech, probe, endpoint, observedAt }: Source,
  ear: Ear,
  trail?: Trail,
): Promise<unknown> => {
  const read = async <T>(other: Fact<T>): Promise<Reading<T>> => {
    trail?.asks(other);
    const learned = await ear.learned(other);
    trail?.hears(other, learned.outcome);
    return readingOf(learned);
  };
  const needed: Promise<Reading<unknown>>[] = [];
  const facts: Facts = {
    read,
    need: async (other) => {
      const [earlier, reading] = [[...needed], read(other)];
      needed.push(reading);
      const known = await reading;
      if (known.known) return known.value;
      // The first that it needs and nobody knows, in its own order: which one is learned first is chance.
      const { reason, detail } = (await Promise.all(earlier)).find((one) => !one.known) ?? known;
      throw new Unknown(reason, detail);
    },
    get observedAt() {
      trail?.forget();
      return observedAt;
    },
  };
  if (fact.vantage === 'server') {
    if (!speech) throw new Unknown('not-recorded', 'the target was not asked on the server itself');
    return speech.run(
      ($) => fact.ask($, facts),
      async (command) => {
        trail?.asks(command);
        const answer = await ear.answer(speech, command);
        trail?.hears(command, await markOf(answer, speech));
        return answer;
      },
    );
  }
  if (!probe || !endpoint) throw new Unknown('not-recorded', 'the target was not asked from outside');
  return fact.ask(probeFor(endpoint, wholeAnswersOf(probe, ear)), facts);
};

const wholeAnswersOf =
  (probe: Asker, ear: Ear) =>
  async (command: string): Promise<Evidence> => {
    const answer = await ear.answer(probe, command);
    if (answer.missing) throw new Unknown(answer.missing.reason, answer.missing.detail);
    return answer;
  };

/** An exit code that a fact did not expect rejects zx's promise: the answer then makes no sense to the fact. */
const ignoranceOf = (error: unknown, id: string): Ignorance => {
  if (error instanceof Unknown && Object.hasOwn(REASONS, error.reason))
    return { reason: error.reason, detail: error.message };
  if (error instanceof SyntaxError) return { reason: 'unreadable', detail: `${id}: ${error.message}` };
  const exitCode = (error as { exitCode?: unknown } | undefined)?.exitCode;
  if (exitCode === 5) return { reason: 'denied', detail: `${id}: access is denied (exit code 5)` };
  if (typeof exitCode === 'number')
    return { reason: 'unreadable', detail: `${id}: the command ended with exit code ${exitCode}` };
  return { reason: 'bug', detail: `${id}: ${saidBy(error)}` };
};
