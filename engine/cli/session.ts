import type { Language, Severity } from '../model.ts';
import { loadProfile } from '../profile.ts';
import type { Baseline } from './baseline.ts';
import { known, type Own } from './checks.ts';
import { conclude, type Session } from './conclude.ts';
import { type AskOptions, needRoom } from './fleet.ts';
import { serversOf, type TargetOptions } from './inventory.ts';
import { outputsOf, prepare } from './outputs.ts';
import { plansBy, soundPlans } from './plans.ts';
import { fittingProfile, needOutside, needVantages } from './vantage.ts';

/** Options that run, gather and judge share, as the command line gives them. */
export type SessionOptions = TargetOptions &
  AskOptions &
  Own &
  Readonly<{
    /** Where it is not named, what is asked decides. */
    profile?: string;
    input: Readonly<Record<string, string>>;
    reporter: readonly string[];
    only?: readonly string[];
    /** Files of waivers beside the profile. */
    waivers?: readonly string[];
    lang: Language;
    failOn: Severity;
    allowUnknown: boolean;
    /** A JSON report, or a run of the store, beside which only what got worse counts. */
    baseline?: string;
    /** The store that remembers the run; without a name, the user's own. */
    store?: string | true;
    /** The run to go on with; without a number, the newest that is not finished. */
    resume?: number | true;
    /** Options that stand on the command line. */
    given?: readonly string[];
  }>;

/** Those that say what is audited and how it is judged, not how it is asked or told. */
export type WhatOptions = TargetOptions & Pick<SessionOptions, 'profile' | 'input' | 'only' | 'waivers'>;

/** Audits targets against a profile, writes the reports and gives the exit code. Throws Mistake before anything is asked. */
export const runSession = async (
  uris: readonly string[],
  options: SessionOptions,
  stop: AbortSignal,
): Promise<number> => {
  const outputs = outputsOf(options.reporter);
  const { name, ...session } = await sessionOf(uris, options);
  await needRoom(options.evidence, session.servers);
  await prepare(outputs, neededBy(options));
  const how = { options, outputs, stop, baseline: await baselineOf(options) };
  if (options.store === undefined) return conclude(session, how);
  // Loaded only by those who use a store.
  const { rememberSession } = await import('./remember.ts');
  return conclude(session, how, await rememberSession(session, { ...options, profile: name }));
};

/** The files of the operator that an audit rests on, and its store. A profile that is built in is no path. */
export const neededBy = ({
  inventory = [],
  profile = '',
  waivers = [],
  store,
}: Partial<SessionOptions>): readonly string[] => [
  ...inventory.filter((file) => file !== '-'),
  ...(/[./\\]/.test(profile) ? [profile] : []),
  ...waivers,
  ...(typeof store === 'string' ? [store] : []),
];

/** The earlier run of the command line, opened; loaded only by those who have one. `before`: the run that is gone on with. */
export const baselineOf = async (
  { baseline, store, lang }: Pick<SessionOptions, 'baseline' | 'store' | 'lang'>,
  before?: number,
): Promise<Baseline | undefined> =>
  baseline === undefined ? undefined : (await import('./baseline.ts')).openBaseline(baseline, { store, lang, before });

/** Finds out what is to be done. Throws Mistake for whatever is wrong with it. */
export const sessionOf = async (
  uris: readonly string[],
  options: WhatOptions,
): Promise<Session & Readonly<{ name: string }>> => {
  const name = options.profile ?? (await fittingProfile(uris, options.probe));
  const profile = await loadProfile(name, { ...known(), waivers: options.waivers });
  const { targets: servers, sites } = await serversOf(uris, options, profile.inputs);
  const plansFor = plansBy(profile, options);
  const plans = await soundPlans(plansFor, servers);
  needVantages(servers, plans);
  needOutside(options.probe, plans);
  return { servers, sites, profile, plansFor, name };
};
