import { checks } from '../../checks/index.ts';
import { ledgerInMemory } from '../fleet/ledger.ts';
import type { Server } from '../fleet/listed.ts';
import type { Language, Severity } from '../model.ts';
import { loadProfile, type Profile } from '../profile.ts';
import { type AskOptions, askFleet, needRoom } from './fleet.ts';
import { serversOf, type TargetOptions } from './inventory.ts';
import { outputsOf, prepare, writeOutputs } from './outputs.ts';
import { type Plans, plansBy, soundPlans } from './plans.ts';
import { reportOf } from './report.ts';
import { fittingProfile, needOutside, needVantages } from './vantage.ts';

/** Options that run, gather and judge share, as the command line gives them. */
export type SessionOptions = TargetOptions &
  AskOptions &
  Readonly<{
    /** Where it is not named, what is asked decides. */
    profile?: string;
    input: Readonly<Record<string, string>>;
    reporter: readonly string[];
    only?: readonly string[];
    lang: Language;
    failOn: Severity;
    allowUnknown: boolean;
  }>;

/** What is audited, and how it is judged. */
export type Session = Readonly<{
  servers: readonly Server[];
  sites: Readonly<Record<string, number>>;
  profile: Profile;
  plansFor: Plans;
}>;

export const BUILT_INS = new URL('../../profiles/', import.meta.url);

/** Audits targets against a profile, writes the reports and gives the exit code. Throws Mistake before anything is asked. */
export const runSession = async (
  uris: readonly string[],
  options: SessionOptions,
  stop: AbortSignal,
): Promise<number> => {
  const outputs = outputsOf(options.reporter);
  const { profile, ...session } = await sessionOf(uris, options);
  needRoom(options.evidence, session.servers);
  await prepare(outputs);
  const startedAt = new Date();
  const ledger = ledgerInMemory(session.servers);
  await askFleet({ ...session, waivers: profile.waivers, keep: ledger.keep }, options, stop);
  const report = reportOf(profile, await ledger.all(), { ...options, startedAt });
  await writeOutputs(report, outputs);
  process.stderr.write(`sstp-audit: exit code ${report.exitCode}: ${report.exitReason}\n`);
  return report.exitCode;
};

/** Finds out what is to be done. Throws Mistake for whatever is wrong with it. */
const sessionOf = async (uris: readonly string[], options: SessionOptions): Promise<Session> => {
  const name = options.profile ?? (await fittingProfile(uris, options.probe));
  const profile = await loadProfile(name, { checks, builtIns: BUILT_INS });
  const { targets: servers, sites } = await serversOf(uris, options, profile.inputs);
  const plansFor = plansBy(profile, options);
  const plans = await soundPlans(plansFor, servers);
  needVantages(servers, plans);
  needOutside(options.probe, plans);
  return { servers, sites, profile, plansFor };
};
