/** A run of a store as a side of a comparison. Only those who name one load this. */
import { namesByKey, type Side } from '../diff.ts';
import type { Lock } from '../fleet/store/lock.ts';
import type { RecordedRun } from '../fleet/store/recorded-run.ts';
import { openStore, type Run, type Store } from '../fleet/store/store.ts';
import { Mistake } from '../mistake.ts';
import type { Language, Report, Waiver } from '../model.ts';
import { knownChecks } from './checks.ts';
import { noteOf } from './note.ts';
import { storeAt } from './remember.ts';

export type RunOptions = Readonly<{
  store?: string | true | undefined;
  lang: Language;
  /** The run that goes on: `run:latest` is one before it. */
  before?: number | undefined;
}>;

/** Opens `run:12` or `run:latest`. Throws Mistake for a store or a run that is not there, and for one that is not finished. */
export const openRun = async (
  name: string,
  { store: named, lang, before }: RunOptions,
): Promise<Side & Readonly<{ close(): Promise<void> }>> => {
  const store = await openStore(storeAt(named), { mustExist: true, toRead: true });
  let lock: Lock | undefined;
  const close = async (): Promise<void> => {
    lock?.release(true);
    await store.close();
  };
  try {
    const run = await foundIn(store, name, before);
    // As long as this is held, nobody forgets the run; another one who compares with it may hold it instead.
    lock = store.lock(run.id);
    return { ...sideOf(store, run, lang), close };
  } catch (error) {
    await close();
    throw error;
  }
};

type Finished = Run & Readonly<Required<Pick<Run, 'finishedAt' | 'exitCode' | 'exitReason'>>>;

const isFinished = (run: Run): run is Finished => run.finishedAt !== undefined;

const foundIn = async (store: Store, name: string, before: number | undefined): Promise<Finished> => {
  const [, number] = /^run:(latest|[1-9]\d*)$/.exec(name) ?? [];
  const list = `sstp-audit history runs --store ${store.file} lists them`;
  if (number === undefined)
    throw new Mistake(`${name} names no run`, `write run:latest, or run:N by its number: ${list}`);
  const runs = await store.runs();
  if (number === 'latest')
    return newest(
      runs.filter(({ id }) => before === undefined || id < before),
      store,
    );
  const run = runs.find(({ id }) => id === Number(number));
  if (!run) throw new Mistake(`${store.file} holds no run ${number}`, list);
  if (isFinished(run)) return run;
  throw unfinished(store, run);
};

const newest = (runs: readonly Run[], { file }: Store): Finished => {
  const run = runs.find(isFinished);
  if (run) return run;
  throw new Mistake(
    `${file} holds no finished run to compare with`,
    `sstp-audit run --store ${file} makes one; the first of them has no --baseline`,
  );
};

/** What it lacks would be told as lost, and it has no verdict yet. */
const unfinished = (store: Store, { id, recorded, expected }: Run): Mistake => {
  const lock = store.lock(id);
  lock?.release(false);
  return new Mistake(
    `run ${id} of ${store.file} is not finished: ${recorded} of ${expected} servers are recorded`,
    lock ? `sstp-audit run --resume ${id} --store ${store.file} finishes it` : 'it goes on: wait for its end',
  );
};

const sideOf = (store: Store, run: Finished, lang: Language): Side => {
  const recorded = store.recorded(run.id);
  const { toolVersion: version, profile, account, host, startedAt, finishedAt, exitCode, exitReason, gate } = run;
  const { sha256, summary, names, slots, targetOf, answersOf } = recorded;
  if (names.length < run.expected)
    throw new Mistake(`run ${run.id} of ${store.file} was forgotten meanwhile`, 'compare with one that is kept');
  const { waiverFiles = [] } = JSON.parse(run.options) as Pick<Report, 'waiverFiles'>;
  return {
    note: {
      source: { kind: 'run', name: `run:${run.id}`, sha256, run: run.id, store: store.file },
      tool: { name: 'sstp-audit', version },
      ...{ profile, auditor: { account, host }, startedAt, finishedAt, exitCode, exitReason, ...(gate && { gate }) },
      summary,
      waivers: waiversOf(recorded),
      ...(waiverFiles.length > 0 && { waiverFiles }),
    },
    checks: knownChecks().map((check) => noteOf(check, lang)),
    servers: namesByKey(names),
    ...{ slots, targetOf, answersOf },
  };
};

/**
 * The waivers that excused something, as its results say; of others a store knows nothing. A run that was gone on with in
 * another folder names their files in two ways: what was agreed counts, wherever it is written.
 */
const waiversOf = ({ besideWaived }: RecordedRun): Report['waivers'] => {
  const used = new Map<string, Waiver>();
  for (const { waiver } of besideWaived()) {
    const key = JSON.stringify({ ...waiver, file: undefined });
    if (waiver && !used.has(key)) used.set(key, waiver);
  }
  return [...used.values()].map((waiver) => ({ ...waiver, state: 'used' }));
};
