/** Runs that are remembered in a store: begun, gone on with, finished. */
import path from 'node:path';
import { grouped, plural } from '../../reporters/numbers.ts';
import type { Listed } from '../fleet/listed.ts';
import { ledgerInStore } from '../fleet/store/ledger.ts';
import type { Lock } from '../fleet/store/lock.ts';
import { defaultStore } from '../fleet/store/place.ts';
import { openStore, type Run, type Store } from '../fleet/store/store.ts';
import { Mistake } from '../mistake.ts';
import { auditor } from './auditor.ts';
import { certificatesOf } from './certificates.ts';
import type { Remembered, Session } from './conclude.ts';
import { dictionary } from './dictionary.ts';
import { savedFrom } from './saved.ts';
import type { SessionOptions } from './session.ts';
import { version } from './version.ts';

/** Where a store is: as named, else in the user's state folder. */
export const storeAt = (named: string | true | undefined): string =>
  typeof named === 'string' ? named : defaultStore(process.env);

/** Begins a run in a store: what it is about is written before anything is asked. */
export const rememberSession = async (session: Session, options: SessionOptions): Promise<Remembered> => {
  const { servers, profile } = session;
  const file = storeAt(options.store);
  const store = await openStore(file, { dictionary: await dictionary() });
  const startedAt = new Date();
  const { id, version: profileVersion, title, sha256 } = profile;
  const plan = {
    toolVersion: version,
    profile: { id, version: profileVersion, title, sha256 },
    ...auditor(),
    options: await savedFrom(options, session),
    servers: servers.map(({ target, listed }) => ({ ...target, listed: lasting(listed) })),
  };
  const { run, lock } = await store.begin(plan, startedAt);
  process.stderr.write(`sstp-audit: run ${run}: ${plural(servers.length, 'server')}, remembered in ${file}\n`);
  return rememberedAs(store, { run, startedAt, lock });
};

/** Whoever goes on may stand in another folder. */
const lasting = (listed: Listed): Listed => {
  const folder = /^evidence:(.*)$/s.exec(listed.address)?.[1];
  return folder === undefined ? listed : { ...listed, address: `evidence:${path.resolve(folder)}` };
};

const rememberedAs = async (
  store: Store,
  { run, startedAt, lock }: Readonly<{ run: number; startedAt: Date; lock: Lock }>,
): Promise<Remembered> => {
  let isFinished = false;
  const tell = (what: string): void => {
    process.stderr.write(
      `sstp-audit: ${what}\nsstp-audit: hint: sstp-audit run --resume ${run} --store ${store.file} goes on; -r, --lang, --fail-on, --allow-unknown and --baseline are given anew\n`,
    );
  };
  return {
    startedAt,
    ledger: await ledgerInStore({ store, run, certificatesOf }),
    finish: async ({ finishedAt, exitCode, exitReason, gate }) => {
      const missing = (await store.journal(run)).filter(({ listed }) => listed !== undefined).length;
      isFinished = missing === 0;
      if (isFinished) await store.finish(run, { at: new Date(finishedAt), exitCode, exitReason, gate });
      else tell(`${plural(missing, 'server')} ${missing === 1 ? 'is' : 'are'} missing`);
    },
    unreported: () => tell(`run ${run} is not finished: not all of its reports could be written`),
    close: async () => {
      lock.release(isFinished);
      await store.close();
    },
  };
};

/** A run that is gone on with: what it began with, and the servers that it lacks. */
export type Resumed = Remembered & Readonly<{ was: Run; missing: readonly Listed[] }>;

const HINT = 'sstp-audit run --store begins a run that can be gone on with';

/** Goes on with a run; `number` is absent for the newest that is not finished. Throws Mistake for one that cannot be. */
export const goOnWith = async (file: string, number: number | undefined): Promise<Resumed> => {
  const store = await openStore(file, { dictionary: await dictionary(), mustExist: true });
  const runs = await store.runs();
  const was = runs.find(({ id, finishedAt }) => (number === undefined ? finishedAt === undefined : id === number));
  if (!was)
    throw new Mistake(
      number === undefined ? `${file} holds no unfinished run` : `${file} holds no run ${number}`,
      HINT,
    );
  const lock = await takeUp(store, was);
  const missing = (await store.journal(was.id)).flatMap(({ listed }) => listed ?? []);
  process.stderr.write(
    `sstp-audit: run ${was.id} goes on with ${grouped(missing.length)} of ${plural(was.expected, 'server')}\n`,
  );
  return { ...(await rememberedAs(store, { run: was.id, startedAt: new Date(was.startedAt), lock })), was, missing };
};

/** Locks a run that is not finished. Throws Mistake for one that is, or that another process has. */
export const takeUp = async (store: Store, { id }: Run): Promise<Lock> => {
  const lock = store.lock(id);
  if (!lock) throw new Mistake(`run ${id} goes on in another process`, 'wait for its end');
  // Only now: whoever had the lock may have finished it, or forgotten it, just before.
  const is = (await store.runs()).find((run) => run.id === id);
  if (is && is.finishedAt === undefined) return lock;
  lock.release(true);
  throw new Mistake(`run ${id} is ${is ? `finished since ${is.finishedAt}` : 'forgotten'}`, HINT);
};
