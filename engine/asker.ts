import { setImmediate as turn } from 'node:timers/promises';
import type { Evidence } from './model.ts';
import type { Answer, Transport } from './transports/transport.ts';
import { unanswered } from './transports/unanswered.ts';

/** Puts questions to one target: those of the same tick travel together, and each distinct one travels once. */
export type Asker = Readonly<{
  ask(command: string): Promise<Evidence>;
  /** Ends the asking: resolves when every question has its answer; what is asked later is not sent. Rejects as `keep` did. */
  end(): Promise<void>;
  /** Everything answered so far, in the order of its ids. */
  evidence(): readonly Evidence[];
}>;

type Pending = { command: string; id: string; resolve(evidence: Evidence): void };

const notAsked = (command: string, detail: string): Answer =>
  unanswered(command, { reason: 'bug', detail }, new Date().toISOString());

/** What a transport throws is a defect of it, and no reason to wait for ever. */
const carry = async (
  transport: Transport,
  commands: readonly string[],
  signal: AbortSignal,
): Promise<readonly Answer[]> => {
  try {
    return await transport.exchange(commands, { signal });
  } catch (cause) {
    return commands.map((command) => notAsked(command, `the transport failed: ${cause}`));
  }
};

export type AskerOptions = Readonly<{
  signal: AbortSignal;
  /** Sees each answer before anyone reads it. */
  keep(evidence: Evidence): Promise<void>;
  /** How many exchanges there may be. */
  exchanges: number;
  /** What the ids of the answers begin with, so that two askers of one target stay apart. */
  ids: '' | 'n';
  /** Why a question must not leave. */
  refusalOf?(command: string): string | undefined;
}>;

export const asker = (transport: Transport, { signal, keep, exchanges: most, ids, refusalOf }: AskerOptions): Asker => {
  const asked = new Map<string, Promise<Evidence>>();
  const answered: Evidence[] = [];
  let pending: Pending[] = [];
  let exchanges = 0;
  let ended = false;
  let lost: { cause: unknown } | undefined;

  const flush = async (): Promise<void> => {
    const batch = pending;
    pending = [];
    exchanges++;
    const commands = batch.map(({ command }) => command);
    const answers =
      exchanges > most
        ? commands.map((command) => notAsked(command, `more than ${most} exchanges with one target`))
        : await carry(transport, commands, signal);
    for (const [at, { id, resolve }] of batch.entries()) {
      const answer = answers[at] ?? notAsked(commands[at] ?? '', 'the transport lost a question');
      const evidence = { ...answer, id: answer.id ?? id };
      answered.push(evidence);
      // Whoever waits for an answer must get it, kept or not: the end tells what was lost.
      await keep(evidence).catch((cause: unknown) => {
        lost ??= { cause };
      });
      resolve(evidence);
    }
  };

  const send = (command: string): Promise<Evidence> => {
    const refusal = ended || lost ? 'the asking has ended' : refusalOf?.(command);
    if (refusal) return Promise.resolve({ ...notAsked(command, refusal), id: '000' });
    const { promise, resolve } = Promise.withResolvers<Evidence>();
    const id = `${ids}${String(asked.size + 1).padStart(3, '0')}`;
    pending.push({ command, id, resolve });
    // After every fact has had its turn in this tick, so that their questions leave together.
    if (pending.length === 1) setImmediate(flush);
    return promise;
  };

  return {
    ask: (command) => {
      const known = asked.get(command) ?? send(command);
      asked.set(command, known);
      return known;
    },
    end: async () => {
      for (let known = -1; known < asked.size; ) {
        known = asked.size;
        await Promise.all(asked.values());
        // Whoever heard the last answers has this turn to ask on.
        await turn();
      }
      ended = true;
      if (lost) throw lost.cause;
    },
    evidence: () => answered.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  };
};
