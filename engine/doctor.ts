/** What a target lets this account learn: the steps of the way there, and the facts that stay unknown. */
import { factsOf } from './audit.ts';
import type { Check, Fact } from './define.ts';
import { type Gathered, gather, type Ways } from './gather.ts';
import type { Evidence, Ignorance } from './model.ts';
import type { Step } from './transports/transport.ts';

/** A fact that cannot be learned, and the answers that it rests on. */
export type Gap = Readonly<
  Ignorance & { fact: string; right: string; answers: readonly Pick<Evidence, 'command' | 'exitCode'>[] }
>;

export type Examination = Readonly<{
  steps: readonly Step[];
  /** Windows version as the server states it, or null. */
  os: string | null;
  asked: number;
  answered: number;
  /** The checks that can be asked on these ways; without a gap, a check will not be unknown. */
  checks: readonly Readonly<{ id: string; gaps: readonly Gap[] }>[];
  /** Checks that look from where these ways do not lead. */
  elsewhere: readonly string[];
}>;

/** Goes the way step by step, then puts every question of the checks. Judges nothing. */
export const examine = async (ways: Ways, checks: readonly Check[], signal: AbortSignal): Promise<Examination> => {
  const steps = (await ways.server?.steps?.({ signal })) ?? [];
  const within = checks.filter((check) => isWithin(check, ways));
  const elsewhere = checks.filter((check) => !within.includes(check)).map(({ id }) => id);
  const broken = steps.find(({ missing }) => missing)?.missing;
  if (broken) {
    const gapOf = (fact: Fact<unknown>): Gap => ({ ...broken, ...describe(fact), answers: [] });
    return { steps, os: null, asked: 0, answered: 0, checks: within.map((check) => gapsOf(check, gapOf)), elsewhere };
  }
  const gathered = await gather(ways, factsOf(within), { signal, keep: async () => {} });
  const { os, evidence } = gathered;
  const answered = evidence.filter(({ missing }) => !missing).length;
  const learned = within.map((check) => gapsOf(check, (fact) => gapIn(gathered, fact)));
  return { steps, os, asked: evidence.length, answered, checks: learned, elsewhere };
};

const isWithin = ({ needs }: Check, { server, network }: Ways): boolean =>
  Object.values(needs).every(({ vantage }) => (vantage === 'server' ? server : network) !== undefined);

const describe = (fact: Fact<unknown>): Pick<Gap, 'fact' | 'right'> => ({
  fact: fact.id,
  right: fact.vantage === 'server' ? fact.right : 'none',
});

const gapsOf = (
  { id, needs }: Check,
  gapOf: (fact: Fact<unknown>) => Gap | undefined,
): Examination['checks'][number] => ({
  id,
  gaps: Object.values(needs).flatMap((fact) => gapOf(fact) ?? []),
});

const gapIn = ({ readingOf, evidence }: Gathered, fact: Fact<unknown>): Gap | undefined => {
  const reading = readingOf(fact);
  if (reading.known) return;
  const { reason, detail } = reading;
  const answers = evidence.filter(({ id }) => reading.evidence.includes(id));
  return {
    reason,
    detail,
    ...describe(fact),
    answers: answers.map(({ command, exitCode }) => ({ command, exitCode })),
  };
};
