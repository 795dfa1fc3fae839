import pLimit, { type LimitFunction } from 'p-limit';
import { FLEET } from './limits.ts';

/** How many servers are asked at the same time. */
export type Places = Readonly<{
  atATime: number;
  /** Of one site; `sites` says otherwise for some. */
  perSite: number;
  sites: Readonly<Record<string, number>>;
  perJumpHost: number;
  overtimeMs: number;
}>;

/** Where a server is, for the limits that servers share. */
export type Whereabouts = Readonly<{ site?: string; via?: string }>;

/** Runs work when there is room for it. */
export type Slots = <T>(where: Whereabouts, work: () => Promise<T>) => Promise<T>;

/**
 * Room at a site and at a jump host comes first, so that who waits for those takes no place from others. A server that takes
 * long gives its place free and goes on in overtime; at its site and jump host it still counts.
 */
export const slotsFor = ({ atATime, perSite, sites, perJumpHost, overtimeMs }: Places): Slots => {
  const limits = new Map<string, LimitFunction>();
  const limit = (kind: string, name: string | undefined, most: number): LimitFunction | undefined => {
    if (name === undefined) return undefined;
    const key = `${kind} ${name}`;
    const known = limits.get(key) ?? pLimit(most);
    limits.set(key, known);
    return known;
  };
  const place = pLimit(atATime);
  const most = atATime * FLEET.overtimePerPlace;
  let inOvertime = 0;
  const inPlace = async <T>(work: () => Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    await place(async () => {
      const done = work().then(resolve, reject);
      if (!(await isLate(done, overtimeMs)) || inOvertime >= most) return done;
      inOvertime++;
      void done.finally(() => inOvertime--);
      return undefined;
    });
    return promise;
  };
  return (where, work) => {
    const site = limit('site', where.site, ownOf(sites, where.site ?? '') ?? perSite);
    const jump = limit('via', where.via, perJumpHost);
    const placed = () => inPlace(work);
    const jumped = jump ? () => jump(placed) : placed;
    return site ? site(jumped) : jumped();
  };
};

/** A site may be called `constructor`. */
const ownOf = (sites: Places['sites'], name: string): number | undefined =>
  Object.hasOwn(sites, name) ? sites[name] : undefined;

/** Whether work takes longer than that. */
const isLate = async (work: Promise<void>, ms: number): Promise<boolean> => {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, true);
  const first = await Promise.race([work.then(() => false), late]);
  clearTimeout(timer);
  return first;
};
