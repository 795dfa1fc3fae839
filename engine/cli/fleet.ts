/** Audits many servers from the command line: limits, progress, evidence. */
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Audited } from '../audit.ts';
import { folderOf, needUnsealed } from '../evidence/write.ts';
import { cannot } from '../file-trouble.ts';
import { auditFleet } from '../fleet/audit-fleet.ts';
import type { Ledger } from '../fleet/ledger.ts';
import { FLEET } from '../fleet/limits.ts';
import type { Server } from '../fleet/listed.ts';
import { isLive, progressOn } from '../fleet/progress/progress.ts';
import { stayLean } from '../lean.ts';
import { LIMITS } from '../limits.ts';
import { makeFolder } from '../make-folder.ts';
import { Mistake } from '../mistake.ts';
import type { Waiver } from '../model.ts';
import { waive } from '../profile.ts';
import type { Plans } from './plans.ts';
import { version } from './version.ts';

/** How a fleet is asked, as the command line says it. */
export type AskOptions = Readonly<{
  evidence?: string;
  atATime: number;
  perSite?: number;
  perJumpHost?: number;
  timeout: number;
}>;

export type Fleet = Readonly<{
  servers: readonly Server[];
  /** Servers of a site that are asked at the same time. */
  sites: Readonly<Record<string, number>>;
  plansFor: Plans;
  /** Waivers of the profile. */
  waivers: readonly Waiver[];
  keep: Ledger['keep'];
  /** What to say of each server as it ends; nothing is said of it without. */
  tell?(audited: Audited): string;
}>;

/** Audits every server; how it goes is told on standard error. Gives why the run ended early, where something could not be kept. */
export const askFleet = async (fleet: Fleet, options: AskOptions, stop: AbortSignal): Promise<Mistake | undefined> => {
  const { servers, sites, plansFor, keep, waivers, tell } = fleet;
  const progress = await progressOn({
    total: servers.length,
    stream: process.stderr,
    live: isLive(process.stderr, process.env),
  });
  stop.addEventListener('abort', progress.leave, { once: true });
  if (servers.length > FLEET.spaciousServers) stayLean();
  // That takes as long as it takes to begin with thousands of servers: timers have their turn in between.
  await setImmediate();
  const { evidence, timeout, perSite = FLEET.perSite, perJumpHost = FLEET.perJumpHost } = options;
  const atATime = Math.min(options.atATime, LIMITS.targetsAtATime * 8);
  try {
    return await auditFleet(servers, {
      places: { atATime, perSite, sites, perJumpHost, overtimeMs: FLEET.overtimeMs },
      signal: stop,
      targetMs: timeout * 1_000,
      attempts: FLEET.attempts,
      backoffMs: FLEET.backoffMs,
      ...(evidence !== undefined && { evidence }),
      version,
      planFor: plansFor,
      // Waivers count at the moment of observation.
      settle: (audited) => ({
        ...audited,
        results: audited.results.map((result) => waive(result, waivers, audited.observedAt, audited.note.tags)),
      }),
      watch: progress,
      keep: async (server, audited, end) => {
        await keep(server, audited, end);
        if (tell) progress.say(tell(audited));
      },
    });
  } finally {
    stop.removeEventListener('abort', progress.leave);
    progress.end();
  }
};

/** Says what ended a run early. */
export const tellLoss = ({ message, hint }: Mistake): void => {
  process.stderr.write(`sstp-audit: the run was stopped: ${message}\nsstp-audit: hint: ${hint}\n`);
};

/** Makes the folder of evidence. Throws Mistake, before anything is asked, where it cannot be written to, or would be written over. */
export const needRoom = async (evidence: string | undefined, servers: readonly Server[]): Promise<void> => {
  if (evidence === undefined) return;
  needUnsealed(evidence);
  const taken = servers.map(({ target }) => folderOf(evidence, target.name)).find((folder) => existsSync(folder));
  if (taken !== undefined)
    throw new Mistake(`${taken} exists already, and evidence is never written over`, 'choose a new --evidence folder');
  await makeFolder(evidence)
    .then(() => access(evidence, constants.W_OK | constants.X_OK))
    .catch(cannot('written', evidence, 'choose another --evidence folder'));
};
