import { plural } from '../../reporters/numbers.ts';
import type { Server } from '../fleet/listed.ts';
import { Mistake } from '../mistake.ts';
import type { Target } from '../model.ts';
import { type Planned, type Profile, plan } from '../profile.ts';
import { checkIds } from './checks.ts';
import { fittingChecks, IDS } from './fitting.ts';

/** What is judged on a target. */
export type Plans = (target: Target) => readonly Planned[];

type Options = Readonly<{ input: Readonly<Record<string, string>>; only?: readonly string[] }>;

/** Mistakes that are printed, and servers that are named with each: thousands mostly have the same one. */
const MOST_SHOWN = 20;
const MOST_NAMED = 5;

/** Plans that are remembered; servers of a fleet mostly have the same inputs and tags. */
const MOST_PLANS = 256;

/** Plans are made when they are needed. Targets of which the same is known have one plan: nothing else of them is in it. */
export const plansBy = (profile: Profile, { input, only }: Options): Plans => {
  const isSelected = only ? fittingChecks(only, checkIds()) : () => true;
  const made = new Map<string, readonly Planned[]>();
  return (target) => {
    const key = JSON.stringify([target.tags, target.inputs]);
    const planned = made.get(key) ?? plan(profile, target, input).filter(({ check }) => isSelected(check.id));
    if (made.size < MOST_PLANS) made.set(key, planned);
    return planned;
  };
};

/** As `eachPlan`; throws Mistake, too, when nothing would be judged. */
export const soundPlans = async (
  plansFor: Plans,
  servers: readonly Server[],
): Promise<readonly (readonly Planned[])[]> => {
  const plans = await eachPlan(({ target }) => plansFor(target), servers);
  if (plans.every(({ length }) => length === 0)) throw new Mistake('the profile and --only leave no check to run', IDS);
  return plans;
};

/** The plan of each server. Throws Mistake, before anything is asked, for inputs that are wrong on some of them. */
export const eachPlan = async <S extends Pick<Server, 'target'>>(
  planFor: (server: S) => readonly Planned[],
  servers: readonly S[],
): Promise<readonly (readonly Planned[])[]> => {
  const wrong: Wrong = new Map();
  const plans: (readonly Planned[])[] = [];
  for (const [at, server] of servers.entries()) {
    // Thousands of plans take a while: a signal must be heard meanwhile.
    if (at % 200 === 199) await new Promise((resolve) => setImmediate(resolve));
    plans.push(tried(() => planFor(server), server.target.name, wrong));
  }
  const [first] = wrong.values();
  if (first) throw new Mistake(shown(wrong, servers.length).join('\n'), first.hint);
  return plans;
};

/** By what is wrong: the servers of which it is, and the remedy. */
type Wrong = Map<string, { servers: string[]; hint: string }>;

/** A plan, or none and what is wrong. */
const tried = (planned: () => readonly Planned[], server: string, wrong: Wrong): readonly Planned[] => {
  try {
    return planned();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    for (const says of error.message.split('\n')) {
      const known = wrong.get(says) ?? { servers: [], hint: error.hint };
      known.servers.push(server);
      wrong.set(says, known);
    }
    return [];
  }
};

/** What is wrong on all servers is wrong on the command line or in the profile: no server is named. */
const shown = (wrong: Wrong, all: number): readonly string[] => {
  const lines = [...wrong].map(([says, { servers }]) => (servers.length < all ? `${named(servers)}: ${says}` : says));
  const more = lines.length - MOST_SHOWN;
  return more > 0 ? [...lines.slice(0, MOST_SHOWN), `and ${plural(more, 'more mistake')}`] : lines;
};

const named = (servers: readonly string[]): string => {
  const more = servers.length - MOST_NAMED;
  const names = servers.slice(0, MOST_NAMED).join(', ');
  return more > 0 ? `${names} and ${plural(more, 'more server')}` : names;
};
