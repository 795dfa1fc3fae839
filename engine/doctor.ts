/** What a target lets this account learn: the steps of the way there, and the facts that stay unknown. */
import { factsOf } from './audit.ts';
import type { Check, Fact } from './define.ts';
import { type Gathered, gather, type Ways } from './gather.ts';
import { type Evidence, type Ignorance, REASONS } from './model.ts';
import type { Step } from './transports/transport.ts';

/** A fact that cannot be learned, or a part of it, and the answers that it rests on. */
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
    const all = (fact: Fact<unknown>): readonly Gap[] => [{ ...broken, ...describe(fact), answers: [] }];
    return { steps, os: null, asked: 0, answered: 0, checks: within.map((check) => gapsOf(check, all)), elsewhere };
  }
  const gathered = await gather(ways, factsOf(within), { signal, keep: async () => {} });
  const { os, evidence } = gathered;
  const answered = evidence.filter(({ missing }) => !missing).length;
  const learned = within.map((check) => gapsOf(check, (fact) => gapsIn(gathered, fact)));
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
  gapsOfFact: (fact: Fact<unknown>) => readonly Gap[],
): Examination['checks'][number] => ({ id, gaps: Object.values(needs).flatMap(gapsOfFact) });

const gapsIn = ({ readingOf, evidence }: Gathered, fact: Fact<unknown>): readonly Gap[] => {
  const reading = readingOf(fact);
  const answers = evidence
    .filter(({ id }) => reading.evidence.includes(id))
    .map(({ command, exitCode }) => ({ command, exitCode }));
  const unsaid = reading.known ? unsaidIn(reading.value) : [reading];
  return unsaid.map(({ reason, detail }) => ({ reason, detail, ...describe(fact), answers }));
};

/** What a fact that is known leaves open. What is absent was looked for: that is the server's state, and no account changes it. */
const unsaidIn = (value: unknown): readonly Ignorance[] => {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  if (isIgnorance(value)) return value.reason === 'absent' ? [] : [value];
  return Object.values(value).flatMap(unsaidIn);
};

const isIgnorance = (value: object): value is Ignorance =>
  'detail' in value && 'reason' in value && Object.hasOwn(REASONS, String(value.reason));
