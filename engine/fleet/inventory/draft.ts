import type { Complaint } from '../../document/places.ts';
import type { Settings } from './form.ts';

/** A host with all that is said of it, or an address with which all is said. `at` is where it stands (a JSON pointer). */
export type Draft = Readonly<{ name: string; at: string; groups: readonly string[]; settings: Settings }>;
export type Bare = Readonly<{ address: string; at: string }>;

/** What an inventory of any format says. */
export type Drafts = Readonly<{
  hosts: readonly Draft[];
  /** Addresses that say all there is: `evidence:./dir`, `ssh://admin@vpn01`. */
  addresses: readonly Bare[];
  /** Everything that is said, once, with its place: what is wrong with it is wrong there. */
  statements: readonly (readonly [at: string, settings: Settings])[];
  /** Servers of a site that are asked at the same time. */
  sites: Readonly<Record<string, number>>;
  complaints: readonly Complaint[];
  /** What the operator should know although nothing is wrong. */
  notes: readonly string[];
}>;

/** What is said later counts; tags add up, inputs are replaced one by one. */
export const merged = (settings: readonly Settings[]): Settings => {
  const tags = [...new Set(settings.flatMap((one) => one.tags ?? []))];
  const inputs = Object.assign({}, ...settings.map((one) => one.inputs));
  return { ...Object.assign({}, ...settings), tags, inputs };
};

/** An inventory that says nothing. */
export const NOTHING: Drafts = { hosts: [], addresses: [], statements: [], sites: {}, complaints: [], notes: [] };
