import { type Diagnosis, diagnosisOf, type Place, type Stop } from '../../checks/diagnosis.ts';
import { checks } from '../../checks/index.ts';
import { type Line, wrap } from '../../reporters/layout.ts';
import { audit } from '../audit.ts';
import type { Server } from '../fleet/listed.ts';
import { closeAll, type Ways } from '../gather.ts';
import { Mistake } from '../mistake.ts';
import type { Language } from '../model.ts';
import { loadProfile, type Planned, type Profile, plan } from '../profile.ts';
import { BUILT_INS } from './built-ins.ts';
import { exitCodeOf, type Found, foundIn, foundLines } from './diagnose/found.ts';
import { meaningLines, planLines } from './diagnose/plan.ts';
import { WORDS } from './diagnose/words.ts';
import { serversOf, type TargetOptions } from './inventory.ts';
import { version } from './version.ts';

type DiagnoseOptions = TargetOptions &
  Readonly<{
    /** The target is the machine that dials. */
    client: boolean;
    profile?: string;
    input: Readonly<Record<string, string>>;
    evidence?: string;
    timeout: number;
    lang: Language;
  }>;

const print = (lines: readonly Line[]): void => {
  const width = Math.max(40, process.stdout.columns ?? 100);
  for (const line of lines.flatMap((one) => wrap(one, width))) process.stdout.write(`${line}\n`);
};

/** Tells what a code means, and finds its cause on the targets; without a target, prints what would be looked at. */
export const diagnose = async (
  symptom: string,
  uris: readonly string[],
  options: DiagnoseOptions,
  stop: AbortSignal,
): Promise<number> => {
  const diagnosis = diagnosisOf(symptom, checks);
  if (!diagnosis)
    throw new Mistake(
      `${symptom} is no code that a client shows`,
      'write it as the client does: 809, 0x800B0109, -2146762487, CERT_E_EXPIRED, or "situation 8"',
    );
  const { lang } = options;
  const profile = await loadProfile(options.profile ?? 'diagnosis', { checks, builtIns: BUILT_INS });
  const stops = diagnosis.stops.filter(({ check }) => profile.entries.some((entry) => entry.check.id === check.id));
  print([...meaningLines(diagnosis, lang), { indent: 0, text: '', own: true }]);
  if (stops.length === 0) {
    print([{ indent: 0, text: WORDS[lang].noChecks, own: true }]);
    return uris.length > 0 ? 3 : 0;
  }
  if (uris.length === 0) {
    print([...planLines(stops, lang), ...invitation(diagnosis, lang)]);
    return 0;
  }
  return diagnoseTargets(uris, { stops, profile, options, stop });
};

/** A line that can be copied. */
const invitation = ({ code, situation }: Diagnosis, language: Language): readonly Line[] => [
  { indent: 0, text: WORDS[language].runIt, own: true },
  {
    indent: 2,
    text: `sstp-audit diagnose ${code ?? `"situation ${situation?.id}"`} ssh://admin@vpn01 --probe vpn.example.com`,
    own: true,
  },
];

type Task = Readonly<{ stops: readonly Stop[]; profile: Profile; options: DiagnoseOptions; stop: AbortSignal }>;

const diagnoseTargets = async (uris: readonly string[], task: Task): Promise<number> => {
  const { targets } = await serversOf(uris, task.options, task.profile.inputs);
  const codes: number[] = [];
  for (const target of targets) codes.push(exitCodeOf(await diagnoseOne(target, task)));
  return codes.includes(1) ? 1 : Math.max(...codes);
};

/** The places that are looked at by these ways. */
const placesOf = ({ server, network }: Ways, isClient: boolean): readonly Place[] =>
  isClient ? ['client'] : [...(server ? (['server'] as const) : []), ...(network ? (['network'] as const) : [])];

const canBeAsked = ({ check, place }: Stop, ways: Ways, isClient: boolean): boolean =>
  placesOf(ways, isClient).includes(place) &&
  Object.values(check.needs).every(({ vantage }) => ways[vantage] !== undefined);

const plannedFor = (
  stops: readonly Stop[],
  server: Server,
  ways: Ways,
  { profile, options }: Task,
): readonly Planned[] => {
  const wanted = new Set(stops.map(({ check }) => check.id));
  const entries = profile.entries.filter(({ check }) => wanted.has(check.id));
  return plan({ ...profile, entries }, server.target, inputsFor(profile, server, ways, options));
};

/** What clients dial is known where the outside is looked at. */
const inputsFor = (
  { inputs }: Profile,
  { target }: Server,
  { network }: Ways,
  { input }: DiagnoseOptions,
): DiagnoseOptions['input'] => {
  const isGiven = 'publicNames' in input || 'publicNames' in target.inputs || !('publicNames' in inputs);
  return network && !isGiven ? { ...input, publicNames: network.endpoint.serverName } : input;
};

const diagnoseOne = async (server: Server, task: Task): Promise<Found> => {
  const { stops, options, stop } = task;
  const { client, evidence, timeout, lang } = options;
  const ways = await server.open();
  const asked = stops.filter((one) => canBeAsked(one, ways, client));
  const audited = await audit(server.target, ways, plannedFor(asked, server, ways, task), {
    signal: stop,
    targetMs: timeout * 1_000,
    version,
    ...(evidence !== undefined && { evidence }),
  });
  await closeAll(ways);
  const seen = asked.flatMap((one) => {
    const result = audited.results.find(({ check }) => check === one.check.id);
    return result ? [{ stop: one, result }] : [];
  });
  const found = foundIn(
    seen,
    stops.filter((one) => !asked.includes(one)),
  );
  print([...foundLines(found, audited, lang), { indent: 0, text: '', own: true }]);
  return found;
};
