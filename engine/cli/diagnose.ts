import { type Diagnosis, diagnosisOf, type Stop } from '../../checks/diagnosis.ts';
import { checks } from '../../checks/index.ts';
import { type Line, wrap } from '../../reporters/layout.ts';
import { audit } from '../audit.ts';
import { closeAll } from '../gather.ts';
import { Mistake } from '../mistake.ts';
import type { Language } from '../model.ts';
import { loadProfile, type Profile } from '../profile.ts';
import { BUILT_INS } from './built-ins.ts';
import { type Asked, askedOn } from './diagnose/asked.ts';
import { exitCodeOf, foundIn, foundLines } from './diagnose/found.ts';
import { meaningLines, planLines } from './diagnose/plan.ts';
import { type Look, recordOf } from './diagnose/record.ts';
import { WORDS } from './diagnose/words.ts';
import { needRoom, tellLoss } from './fleet.ts';
import { serversOf, type TargetOptions } from './inventory.ts';
import { version } from './version.ts';
import { writeStandardOutput } from './write-out.ts';

type DiagnoseOptions = TargetOptions &
  Readonly<{
    /** The target is the machine that dials. */
    client: boolean;
    profile?: string;
    input: Readonly<Record<string, string>>;
    evidence?: string;
    timeout: number;
    lang: Language;
    json: boolean;
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
  const profile = await loadProfile(options.profile ?? 'diagnosis', { checks, builtIns: BUILT_INS });
  const stops = diagnosis.stops.filter(({ check }) => profile.entries.some((entry) => entry.check.id === check.id));
  const task: Task = { code: diagnosis.code, stops, profile, options, stop };
  const { looks, lost } = await (options.json ? looksAt(uris, task) : spoken(diagnosis, uris, task));
  const ended = { exitCode: endOf(uris, looks, lost), ...(lost && { stopped: lost.message }) };
  const { exitCode, stopped } = stop.aborted ? endedBy(stop) : ended;
  if (options.json) {
    const told = { symptom, diagnosis, stops, looks, language: options.lang, exitCode, stopped };
    await writeStandardOutput([`${JSON.stringify(recordOf(told), undefined, 2)}\n`]);
  }
  if (lost) tellLoss(lost);
  return exitCode;
};

/** What was found, target by target; `lost` says why those behind the last one were not looked at. */
type Looks = Readonly<{ looks: readonly Look[]; lost?: Mistake }>;

/** For a person: everything as soon as it is known. */
const spoken = async (diagnosis: Diagnosis, uris: readonly string[], task: Task): Promise<Looks> => {
  const { stops, options } = task;
  const { lang } = options;
  print([...meaningLines(diagnosis, lang), { indent: 0, text: '', own: true }]);
  if (stops.length === 0)
    print(diagnosis.known ? [{ indent: 0, text: WORDS[lang].noChecks, own: true }] : atALoss(lang));
  else if (uris.length === 0) print([...planLines(stops, lang), ...invitation(diagnosis, stops, lang)]);
  return looksAt(uris, task, ({ found, audited }) =>
    print([...foundLines(found, audited, lang), { indent: 0, text: '', own: true }]),
  );
};

/** 1 where a cause was found, 3 where that is not certain, else 0; without a target nothing was to be found. */
const endOf = (uris: readonly string[], looks: readonly Look[], lost: Mistake | undefined): number => {
  const codes = looks.map(({ found }) => exitCodeOf(found));
  if (codes.includes(1)) return 1;
  if (lost || (uris.length > 0 && looks.length === 0)) return 3;
  return Math.max(0, ...codes);
};

/** What a signal cut short has found nothing out, whatever was seen until then. */
const endedBy = ({ reason }: AbortSignal): Readonly<{ exitCode: number; stopped: string }> => ({
  exitCode: reason.exitCode,
  stopped: `${reason.message} ended it`,
});

const BOTH_VIEWS = 'ssh://admin@vpn01 --probe vpn.example.com';

/** A line that can be copied. */
const invitation = ({ code, situation }: Diagnosis, stops: readonly Stop[], language: Language): readonly Line[] => {
  const where = stops.some(({ place }) => place === 'server') ? BOTH_VIEWS : 'probe://vpn.example.com';
  return [
    { indent: 0, text: WORDS[language].runIt, own: true },
    { indent: 2, text: `sstp-audit diagnose ${code ?? `"situation ${situation?.id}"`} ${where}`, own: true },
  ];
};

/** Of a code that is not known here the whole of SSTP can be looked at. */
const atALoss = (language: Language): readonly Line[] => [
  { indent: 0, text: WORDS[language].atALoss, own: true },
  { indent: 2, text: `sstp-audit diagnose "situation 8" ${BOTH_VIEWS}`, own: true },
];

type Task = Readonly<{
  code: Diagnosis['code'];
  stops: readonly Stop[];
  profile: Profile;
  options: DiagnoseOptions;
  stop: AbortSignal;
}>;

/** Looks at each target in turn; nowhere, where no check decides anything. */
const looksAt = async (uris: readonly string[], task: Task, tell: (look: Look) => void = () => {}): Promise<Looks> => {
  if (uris.length === 0 || task.stops.length === 0) return { looks: [] };
  const { targets } = await serversOf(uris, task.options, task.profile.inputs);
  const asked = await askedOn(targets, task);
  await needRoom(task.options.evidence, targets);
  const looks: Look[] = [];
  for (const one of asked) {
    const look = await lookAt(one, task);
    if (look instanceof Mistake) return { looks, lost: look };
    tell(look);
    looks.push(look);
  }
  return { looks };
};

/** What is found on a target, or why its evidence cannot be kept. */
const lookAt = async ({ server, stops, planned }: Asked, task: Task): Promise<Look | Mistake> => {
  const { options, stop } = task;
  const { evidence, timeout } = options;
  const ways = await server.open();
  const audited = await audit(server.target, ways, planned, {
    signal: stop,
    targetMs: timeout * 1_000,
    version,
    ...(evidence !== undefined && { evidence }),
  }).catch((error: unknown) => {
    if (error instanceof Mistake) return error;
    throw error;
  });
  await closeAll(ways);
  if (audited instanceof Mistake) return audited;
  const seen = stops.flatMap((one) => {
    const result = audited.results.find(({ check }) => check === one.check.id);
    return result ? [{ stop: one, result }] : [];
  });
  const unasked = task.stops.filter((one) => !stops.includes(one));
  const found = foundIn(seen, unasked, task.code);
  return { found, audited };
};
