import { refusalOf } from './allowed.ts';
import { LIMITS } from './limits.ts';
import type { Evidence } from './model.ts';
import type { Answer, Transport } from './transports/transport.ts';

/** Puts questions to one target: those of the same tick travel together, and each distinct one travels once. */
export type Asker = Readonly<{
  ask(command: string): Promise<Evidence>;
  /** Everything answered so far, in the order of asking. */
  evidence(): readonly Evidence[];
}>;

type Pending = { command: string; id: string; resolve(evidence: Evidence): void };

const notAsked = (command: string, detail: string): Answer => ({
  command,
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  exitCode: null,
  startedAt: new Date().toISOString(),
  tookMs: 0,
  missing: { reason: 'bug', detail },
});

/** `keep` sees each answer before anyone reads it. */
export const asker = (
  transport: Transport,
  signal: AbortSignal,
  keep: (evidence: Evidence) => Promise<void>,
): Asker => {
  const asked = new Map<string, Promise<Evidence>>();
  const answered: Evidence[] = [];
  let pending: Pending[] = [];
  let exchanges = 0;

  const flush = async (): Promise<void> => {
    const batch = pending;
    pending = [];
    exchanges++;
    const commands = batch.map(({ command }) => command);
    const answers =
      exchanges > LIMITS.exchangesPerTarget
        ? commands.map((command) =>
            notAsked(command, `more than ${LIMITS.exchangesPerTarget} exchanges with one target`),
          )
        : await transport.exchange(commands, { signal });
    for (const [at, { id, resolve }] of batch.entries()) {
      const answer = answers[at] ?? notAsked(commands[at] ?? '', 'the transport lost a question');
      const evidence = { ...answer, id: answer.id ?? id };
      answered.push(evidence);
      await keep(evidence);
      resolve(evidence);
    }
  };

  const send = (command: string): Promise<Evidence> => {
    const refusal = refusalOf(command);
    if (refusal) return Promise.resolve({ ...notAsked(command, refusal), id: '000' });
    const { promise, resolve, reject } = Promise.withResolvers<Evidence>();
    const id = String(asked.size + 1).padStart(3, '0');
    pending.push({ command, id, resolve });
    // After every fact has had its turn in this tick, so that their questions leave together.
    if (pending.length === 1) setImmediate(() => flush().catch(reject));
    return promise;
  };

  return {
    ask: (command) => {
      const known = asked.get(command) ?? send(command);
      asked.set(command, known);
      return known;
    },
    evidence: () => answered,
  };
};
