/** From where targets are looked at, and whether a profile can be judged from there. */

import { RECORDED } from '../evidence/address.ts';
import { readManifest } from '../evidence/read.ts';
import type { Server } from '../fleet/listed.ts';
import { Mistake } from '../mistake.ts';
import type { Planned } from '../profile.ts';
import { SCHEME } from './outside.ts';
import { foldersIn } from './targets.ts';

type Vantage = 'server' | 'network';

const vantagesOf = ({ target: { address }, listed: { reach } }: Server): readonly Vantage[] => {
  if (address.startsWith(SCHEME)) return ['network'];
  return reach.probe === undefined ? ['server'] : ['server', 'network'];
};

const isAskedFrom = (vantage: Vantage, { check }: Planned): boolean =>
  Object.values(check.needs).some((fact) => fact.vantage === vantage);

/** The first few ids, so that the message stays one line. */
const some = (planned: readonly Planned[]): string => {
  const ids = planned.map(({ check }) => check.id);
  return ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');
};

const BLIND: Readonly<Record<Vantage, Readonly<{ says(ids: string): string; hint: string }>>> = {
  network: {
    says: (ids) => `the profile looks from outside (${ids}), and where clients dial is not said`,
    hint: 'add --probe vpn.example.com:443, or probe: to the host in the inventory',
  },
  server: {
    says: (ids) => `the profile asks the server itself (${ids}), and it is looked at from outside only`,
    hint: 'choose -p reach, or name the server as well: ssh://user@host --probe vpn.example.com',
  },
};

/** Throws Mistake where a check of a live target would have nobody to ask. Evidence holds what it holds. */
export const needVantages = (targets: readonly Server[], plans: readonly (readonly Planned[])[]): void => {
  for (const [at, server] of targets.entries()) {
    if (server.target.address.startsWith(RECORDED)) continue;
    const seen = vantagesOf(server);
    for (const vantage of ['network', 'server'] as const) {
      const planned = seen.includes(vantage) ? [] : (plans[at] ?? []).filter((one) => isAskedFrom(vantage, one));
      const { says, hint } = BLIND[vantage];
      if (planned.length > 0) throw new Mistake(`${server.target.name}: ${says(some(planned))}`, hint);
    }
  }
};

/** Throws Mistake where the command line says where to look from outside, and nothing does. */
export const needOutside = (probe: string | undefined, plans: readonly (readonly Planned[])[]): void => {
  if (probe === undefined || plans.some((plan) => plan.some((one) => isAskedFrom('network', one)))) return;
  throw new Mistake(`--probe ${probe}: the profile asks nothing from outside`, 'choose -p complete, or leave -p out');
};

const vantageOfEvidence = async (folder: string): Promise<string | undefined> =>
  (await readManifest(folder).catch(() => undefined))?.vantage;

/** The profile that fits what is asked, where the command line names none. */
export const fittingProfile = async (uris: readonly string[], probe: string | undefined): Promise<string> => {
  if (probe !== undefined) return 'complete';
  if (uris.length === 0) return 'baseline';
  if (uris.every((uri) => uri.startsWith(SCHEME))) return 'reach';
  if (!uris.every((uri) => uri.startsWith(RECORDED))) return 'baseline';
  // What is wrong with a folder is told when it is read.
  const folders = await Promise.all(uris.map((uri) => foldersIn(uri.slice(RECORDED.length)).catch(() => [])));
  return profileOfEvidence(folders.flat());
};

/** Of servers that were asked themselves, the first says enough: the others would only be read to say the same. */
const profileOfEvidence = async ([first, ...more]: readonly string[]): Promise<string> => {
  const vantage = first && (await vantageOfEvidence(first));
  if (vantage !== 'network' && vantage !== 'both') return 'baseline';
  for (const folder of more) if ((await vantageOfEvidence(folder)) !== vantage) return 'baseline';
  return vantage === 'both' ? 'complete' : 'reach';
};
