import { setAside } from '../fleet/aside.ts';
import { Mistake } from '../mistake.ts';
import { loadProfile } from '../profile.ts';
import { known, learnOwn } from './checks.ts';
import { conclude, type Session } from './conclude.ts';
import { openServers } from './inventory.ts';
import { outputsOf, prepare } from './outputs.ts';
import { plansBy } from './plans.ts';
import { goOnWith, type Resumed, storeAt } from './remember.ts';
import { hashesOf, resumedFrom, type SavedOptions } from './saved.ts';
import { baselineOf, neededBy, type SessionOptions } from './session.ts';
import { version } from './version.ts';

/** Goes on with a run: asks the servers that it lacks, and reports all of them. Throws Mistake before anything is asked. */
export const resumeSession = async (
  uris: readonly string[],
  options: SessionOptions,
  stop: AbortSignal,
): Promise<number> => {
  const outputs = outputsOf(options.reporter);
  if (uris.length > 0) throw new Mistake('--resume takes its targets from the store', 'name no target beside it');
  const resumed = await goOnWith(storeAt(options.store), options.resume === true ? undefined : options.resume);
  const prepared = async () => {
    const all = resumedFrom(resumed.was.options, options);
    const session = await sessionAgain(resumed, all);
    await prepare(outputs, neededBy(all));
    const baseline = await baselineOf(all, resumed.was.id);
    if (all.evidence !== undefined) await setAside(all.evidence, session.servers);
    return { all, session, baseline };
  };
  const { all, session, baseline } = await prepared().catch(async (error: unknown) => {
    await resumed.close();
    throw error;
  });
  return conclude(session, { options: all, outputs, stop, baseline }, resumed);
};

const sessionAgain = async ({ was, missing }: Resumed, options: SavedOptions): Promise<Session> => {
  const { profile: name, sites, waivers, waiverHashes } = options;
  // What two versions judged would stand in one report, below the name of one of them.
  if (was.toolVersion !== version)
    throw new Mistake(
      `run ${was.id} was begun by sstp-audit ${was.toolVersion}, and this is ${version}`,
      'go on with that version, or begin another run',
    );
  if (options.checks) await learnOwn(options);
  const profile = await loadProfile(name, { ...known(), waivers });
  if (profile.sha256 !== was.profile.sha256)
    throw new Mistake(`the profile ${name} is not what run ${was.id} began with`, 'begin another run');
  if (hashesOf(profile).join() !== (waiverHashes ?? []).join())
    throw new Mistake(`the waivers are not those that run ${was.id} began with`, 'begin another run');
  const servers = missing.length > 0 ? await openServers(missing, options) : [];
  return { servers, sites, profile, plansFor: plansBy(profile, options) };
};
