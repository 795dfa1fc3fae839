import { setTimeout } from 'node:timers/promises';
import { type Audited, audit } from '../audit.ts';
import { RECORDED } from '../evidence/address.ts';
import { closeAll, type Ways } from '../gather.ts';
import type { Mistake } from '../mistake.ts';
import type { Target, TargetNote } from '../model.ts';
import type { Planned } from '../profile.ts';
import { type Ahead, askingAhead } from './ahead.ts';
import { type Desk, desk } from './desk.ts';
import type { End } from './ledger.ts';
import type { Server } from './listed.ts';
import { type Losses, noteLosses } from './loss.ts';
import { persistent } from './persistent.ts';
import { doAll, type Job } from './schedule.ts';
import type { Places } from './slots.ts';
import { LOST, unasked } from './unasked.ts';
import { endOf, type Watch } from './watch.ts';

export type FleetOptions = Readonly<{
  places: Places;
  /** Stops the run. */
  signal: AbortSignal;
  /** Deadline of each server. */
  targetMs: number;
  attempts: number;
  backoffMs: number;
  /** Folder that gets a sealed evidence folder per server. */
  evidence?: string;
  version: string;
  planFor(target: Target): readonly Planned[];
  /** What is agreed about results, such as waivers. */
  settle(audited: Audited): Audited;
  watch: Watch;
  /** Sees each server as it ends. `whole` is false where the run was stopped before all was known. Rejects with Mistake where it cannot keep it. */
  keep(server: Server, audited: Audited, end: End): Promise<void>;
}>;

/** Time in which our own stop signal arrives when a terminal sends it to us and to the programs that we run. */
const STOP_SETTLES_MS = 50;

/**
 * Only a connection that failed may succeed the next time: a refused sign-in locks accounts when it is repeated, and a
 * recording says the same for ever. What was seen from outside is not looked at twice: each call takes a port of the server.
 */
const again = ({ target, listed }: Server, { reached, reason, evidence }: TargetNote): boolean =>
  !isRecorded(target) &&
  listed.reach.probe === undefined &&
  !reached &&
  reason === 'unreachable' &&
  evidence.every(({ complete }) => !complete);

const isRecorded = ({ address }: Target): boolean => address.startsWith(RECORDED);

/**
 * Audits every server. One that is slow, hung or gone holds no other one back. Where something cannot be kept, nobody is asked
 * any more; gives why.
 */
export const auditFleet = async (
  servers: Iterable<Server>,
  { signal: stop, ...given }: FleetOptions,
): Promise<Mistake | undefined> => {
  const [visit, ahead, losses] = [desk(), askingAhead(), noteLosses()];
  const options = { ...given, signal: AbortSignal.any([stop, losses.signal]) };
  const jobOf = (server: Server): Job<Audited> => {
    /** Attempts beside a view from outside. */
    let more = 0;
    const retried = (): void => {
      more++;
    };
    return {
      ...server.listed.reach,
      run: (signal, isLast) => auditOne(server, { ...options, signal, isLast, visit, ahead, losses, retried }),
      giveUp: () => unasked(server.target, options.planFor(server.target), LOST),
      again: ({ note }) => again(server, note),
      retrying: (pause) => options.watch.retrying(server.target.name, pause),
      ended: async (outcome, attempts) => {
        const audited = options.settle(outcome ?? losses.unasked(server.target, options.planFor(server.target)));
        const whole = outcome !== undefined && !isCut(outcome, options.signal.aborted) && !losses.isUnkept(outcome);
        await options.keep(server, audited, { whole, attempts: attempts + more }).catch(losses.note);
        options.watch.ended(endOf(audited, attempts + more));
      },
    };
  };
  await doAll([...servers].map(jobOf), { ...options, deadlineMs: options.targetMs });
  return losses.first();
};

/** Whether the end of the run cut something off. A terminal stops the programs that we run, too: they fail in other ways. */
const isCut = ({ evidence }: Audited, isStopped: boolean): boolean =>
  evidence.some(({ missing }) => missing && (isStopped || missing.reason === 'cancelled'));

type One = FleetOptions & Readonly<{ isLast: boolean; visit: Desk; ahead: Ahead; losses: Losses; retried(): void }>;

const auditOne = async (server: Server, options: One): Promise<Audited> => {
  const { target, open } = server;
  const { targetMs, version, evidence, isLast } = options;
  options.watch.began(target.name);
  const startedAt = new Date();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(targetMs)]);
  const planned = options.planFor(target);
  const visit = options.visit();
  // A recording is read when its turn comes: those that wait hold nothing.
  if (isRecorded(target)) await visit.enter();
  const ways = await open().catch((error: unknown) => {
    visit.leave();
    throw error;
  });
  try {
    const asking = await options.ahead(visit.through(persisting(ways, options)), planned, signal);
    await visit.enter();
    const audited = await audit(target, asking, planned, {
      ...{ signal, targetMs, version, startedAt },
      again: (note) => !isLast && again(server, note),
      ...(evidence !== undefined && { evidence }),
    }).catch((error: unknown) => options.losses.unkept(target, planned, error));
    visit.leave();
    if (audited.evidence.some(({ missing }) => missing)) await setTimeout(STOP_SETTLES_MS);
    return audited;
  } finally {
    visit.leave();
    await closeAll(ways);
  }
};

/** Where the outside is looked at, too, the way in is tried again by itself. */
const persisting = ({ server, network }: Ways, options: One): Ways => ({
  ...(server && { server: network && !server.recordedAt ? persistent(server, options) : server }),
  ...(network && { network }),
});
