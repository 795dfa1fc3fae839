/** What of a diagnosis is asked on each target: what its ways lead to, with what is expected there. */
import type { Place, Stop } from '../../../checks/diagnosis.ts';
import type { Server } from '../../fleet/listed.ts';
import type { Ways } from '../../gather.ts';
import type { Target } from '../../model.ts';
import { type Planned, type Profile, plan } from '../../profile.ts';
import { eachPlan } from '../plans.ts';

/** The checks that are looked at on one target. */
export type Asked = Readonly<{ server: Server; stops: readonly Stop[]; planned: readonly Planned[] }>;

type Task = Readonly<{
  stops: readonly Stop[];
  profile: Profile;
  options: Readonly<{ client: boolean; input: Readonly<Record<string, string>> }>;
}>;

/** The places that are looked at by these ways. */
const placesOf = ({ server, network }: Ways, isClient: boolean): readonly Place[] =>
  isClient ? ['client'] : [...(server ? (['server'] as const) : []), ...(network ? (['network'] as const) : [])];

const canBeAsked = ({ check, place }: Stop, ways: Ways, isClient: boolean): boolean =>
  placesOf(ways, isClient).includes(place) &&
  Object.values(check.needs).every(({ vantage }) => ways[vantage] !== undefined);

/** What clients dial is known where the outside is looked at. */
const inputsFor = ({ inputs: known }: Target, { network }: Ways, { profile: { inputs }, options: { input } }: Task) => {
  const isGiven = 'publicNames' in input || 'publicNames' in known || !('publicNames' in inputs);
  return network && !isGiven ? { ...input, publicNames: network.endpoint.serverName } : input;
};

/** Keeps nothing of the ways: the bytes of all recordings together may be more than memory holds. */
const askableOn = async (server: Server, task: Task) => {
  const { target, open } = server;
  const ways = await open();
  const stops = task.stops.filter((one) => canBeAsked(one, ways, task.options.client));
  const wanted = new Set(stops.map(({ check }) => check.id));
  const entries = task.profile.entries.filter(({ check }) => wanted.has(check.id));
  const inputs = inputsFor(target, ways, task);
  return { server, target, stops, planned: () => plan({ ...task.profile, entries }, target, inputs) };
};

/** What is asked on each of the servers. Throws Mistake, before anything is asked, for inputs that are wrong on some of them. */
export const askedOn = async (servers: readonly Server[], task: Task): Promise<readonly Asked[]> => {
  const askable: Awaited<ReturnType<typeof askableOn>>[] = [];
  for (const server of servers) askable.push(await askableOn(server, task));
  const plans = await eachPlan(({ planned }) => planned(), askable);
  return askable.map(({ server, stops }, at) => ({ server, stops, planned: plans[at] ?? [] }));
};
