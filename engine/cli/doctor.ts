import { type Grant, grantsFor } from '../../checks/grants.ts';
import { type Examination, examine } from '../doctor.ts';
import type { Server } from '../fleet/listed.ts';
import { closeAll } from '../gather.ts';
import { type Language, REASONS, type Reason } from '../model.ts';
import { loadProfile } from '../profile.ts';
import type { Step, Transport } from '../transports/transport.ts';
import { known } from './checks.ts';
import { doctorText } from './doctor-text.ts';
import { ADVICE } from './doctor-words.ts';
import { serversOf, type TargetOptions } from './inventory.ts';

type Options = TargetOptions & Readonly<{ profile: string; lang: Language; json: boolean; timeout: number }>;

type Told = Readonly<{ reason: Reason; detail: string; advice: readonly string[] }>;

/** What doctor found about one target; `--json` prints an array of these. Names of steps, checks and facts are in no language. */
export type Diagnosis = Readonly<{
  name: string;
  address: string;
  os: string | null;
  /** Those that were taken; the last one may have failed. */
  steps: readonly Readonly<{ step: Step['step']; said: string; failed?: Told }>[];
  questions: Readonly<{ asked: number; answered: number }>;
  /** Those of the profile that can be asked this way; without gaps, a check will be known. */
  checks: readonly Readonly<{
    check: string;
    gaps: readonly Readonly<Told & { fact: string; right: string }>[];
  }>[];
  elsewhere: readonly string[];
  /** What would make more of it known. */
  grants: readonly Readonly<{ says: string; type: readonly string[]; checks: readonly string[] }>[];
}>;

/** Tells how far each target is reached and what it lets this account learn. Exit code 3 when that is not everything. */
export const doctor = async (uris: readonly string[], options: Options, stop: AbortSignal): Promise<number> => {
  const profile = await loadProfile(options.profile, known());
  const wanted = profile.entries.map(({ check }) => check);
  const { targets } = await serversOf(uris, options);
  const diagnoses: Diagnosis[] = [];
  for (const target of targets) {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(options.timeout * 1_000)]);
    const ways = await target.open();
    const found = await examine(ways, wanted, signal);
    await closeAll(ways);
    const diagnosis = diagnosisOf(target, found, ways.server?.kind ?? 'network', options.lang);
    diagnoses.push(diagnosis);
    if (!options.json) process.stdout.write(`${doctorText(diagnosis, options.lang)}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(diagnoses, undefined, 2)}\n`);
  return diagnoses.every(isWell) ? 0 : 3;
};

const isWell = ({ steps, checks: judged }: Diagnosis): boolean =>
  steps.every(({ failed }) => !failed) && judged.length > 0 && judged.every(({ gaps }) => gaps.length === 0);

const diagnosisOf = (
  { target: { name, address } }: Server,
  found: Examination,
  kind: Transport['kind'],
  lang: Language,
): Diagnosis => ({
  name,
  address,
  os: found.os,
  steps: found.steps.map(({ step, said, missing }) => {
    const advice = missing && [
      REASONS[missing.reason][lang],
      ...(ADVICE[kind]?.[step] ? [ADVICE[kind][step][lang]] : []),
    ];
    return { step, said, ...(missing && advice && { failed: { ...missing, advice } }) };
  }),
  questions: { asked: found.asked, answered: found.answered },
  checks: found.checks.map(({ id, gaps }) => ({
    check: id,
    gaps: gaps.map(({ fact, right, reason, detail }) => ({
      fact,
      right,
      reason,
      detail,
      advice: [REASONS[reason][lang]],
    })),
  })),
  elsewhere: found.elsewhere,
  grants: grantsIn(found, accountIn(address)).map(({ grant, checks: helped }) => ({
    says: grant.says[lang],
    type: grant.type,
    checks: helped,
  })),
});

/** The user of an address, as far as a command line can hold it. */
const accountIn = (address: string): string => {
  const user = URL.canParse(address) ? decodeURIComponent(new URL(address).username) : '';
  return /^[\w.@-]+(\\[\w.@-]+)?$/.test(user) ? user : 'ACCOUNT';
};

/** Each grant once, with the checks that it helps. */
const grantsIn = ({ checks: examined }: Examination, account: string): readonly Helping[] => {
  const refused = examined.flatMap(({ id, gaps }) =>
    gaps.flatMap(({ answers, detail }) => answers.map((answer) => ({ ...answer, detail, id }))),
  );
  return grantsFor(refused, account).map((grant) => {
    const helped = refused.filter(({ command }) => grant.questions.includes(command));
    return { grant, checks: [...new Set(helped.map(({ id }) => id))] };
  });
};

type Helping = Readonly<{ grant: Grant; checks: readonly string[] }>;
