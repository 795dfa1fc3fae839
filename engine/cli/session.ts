import pLimit from 'p-limit';
import { checks } from '../../checks/index.ts';
import { type Audited, audit } from '../audit.ts';
import type { Server } from '../fleet/listed.ts';
import { closeAll } from '../gather.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import { type Language, type Report, type Result, type Severity, STATUSES, type Status } from '../model.ts';
import { loadProfile, type Planned, type Profile, plan, registerOf, waive } from '../profile.ts';
import { verdictOf } from './exit-code.ts';
import { serversOf, type TargetOptions } from './inventory.ts';
import { noteOf } from './note.ts';
import { outputsOf, prepare, writeOutputs } from './outputs.ts';
import { fittingProfile, needOutside, needVantages } from './vantage.ts';
import { version } from './version.ts';

/** Options that run, gather and judge share, as the command line gives them. */
export type SessionOptions = TargetOptions &
  Readonly<{
    /** Where it is not named, what is asked decides. */
    profile?: string;
    input: Readonly<Record<string, string>>;
    reporter: readonly string[];
    only?: readonly string[];
    evidence?: string;
    lang: Language;
    failOn: Severity;
    allowUnknown: boolean;
    atATime: number;
    timeout: number;
  }>;

export const BUILT_INS = new URL('../../profiles/', import.meta.url);

/** Audits targets against a profile, writes the reports and gives the exit code. Throws Mistake before anything is asked. */
export const runSession = async (
  uris: readonly string[],
  options: SessionOptions,
  stop: AbortSignal,
): Promise<number> => {
  const outputs = outputsOf(options.reporter);
  const name = options.profile ?? (await fittingProfile(uris, options.probe));
  const profile = await loadProfile(name, { checks, builtIns: BUILT_INS });
  const { targets } = await serversOf(uris, options, profile.inputs);
  const plans = targets.map(({ target }) => selected(plan(profile, target, options.input), options.only));
  if (plans.every(({ length }) => length === 0))
    throw new Mistake(
      'the profile and --only leave no check to run',
      'see sstp-audit explain for the ids of all checks',
    );
  needVantages(targets, plans);
  needOutside(options.probe, plans);
  await prepare(outputs);
  const startedAt = new Date();
  const audited = await auditAll(targets, plans, options, stop);
  const report = reportOf(profile, audited, { startedAt, options });
  await writeOutputs(report, outputs);
  process.stderr.write(`sstp-audit: exit code ${report.exitCode}: ${report.exitReason}\n`);
  return report.exitCode;
};

/** `*` stands for any text: `certificate/*`. Throws Mistake for a pattern that names no check at all. */
const selected = (planned: readonly Planned[], only: readonly string[] | undefined): readonly Planned[] => {
  if (!only) return planned;
  const patterns = only.map((pattern) => {
    const expression = new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`);
    if (!checks.some(({ id }) => expression.test(id)))
      throw new Mistake(`--only ${pattern} names no check`, 'see sstp-audit explain for the ids of all checks');
    return expression;
  });
  return planned.filter(({ check }) => patterns.some((pattern) => pattern.test(check.id)));
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const auditAll = (
  targets: readonly Server[],
  plans: readonly (readonly Planned[])[],
  { evidence, atATime, timeout }: SessionOptions,
  signal: AbortSignal,
): Promise<readonly Audited[]> => {
  const limit = pLimit(Math.min(atATime, LIMITS.targetsAtATime * 8));
  return Promise.all(
    targets.map(({ target, open }, at) =>
      limit(async () => {
        const ways = await open();
        const audited = await audit(target, ways, plans[at] ?? [], {
          signal,
          targetMs: timeout * 1_000,
          version,
          ...(evidence && { evidence }),
        });
        await closeAll(ways);
        return audited;
      }),
    ),
  );
};

type About = Readonly<{ startedAt: Date; options: SessionOptions }>;

const reportOf = (profile: Profile, audited: readonly Audited[], { startedAt, options }: About): Report => {
  const { failOn, allowUnknown, lang } = options;
  const gate = { failOn, allowUnknown };
  const now = new Date();
  const results = audited.flatMap((one) => one.results.map((result) => waive(result, profile.waivers, one.observedAt)));
  // Evidence is judged at the moment of its observation, so that it gives the same verdict forever.
  const lastSeen = new Date(Math.max(...audited.map(({ observedAt }) => observedAt.getTime())));
  const judged = new Set(results.map(({ check }) => check));
  return {
    format: 'sstp-audit/report/1',
    language: lang,
    tool: { name: 'sstp-audit', version },
    profile: { id: profile.id, version: profile.version, title: profile.title, sha256: profile.sha256 },
    startedAt: startedAt.toISOString(),
    finishedAt: now.toISOString(),
    ...verdictOf(results, gate),
    gate,
    summary: summaryOf(audited.length, results),
    targets: audited.map(({ note }) => note),
    checks: checks.filter(({ id }) => judged.has(id)).map((check) => noteOf(check, lang)),
    results,
    waivers: registerOf(profile.waivers, results, lastSeen),
  };
};

const summaryOf = (targets: number, results: readonly Result[]): Report['summary'] => {
  const counts = Object.fromEntries(
    STATUSES.map((status) => [status, results.filter((result) => result.status === status).length]),
  ) as Record<Status, number>;
  return { targets, ...counts };
};
