/** Our own form of an inventory. */
import { below, type Complaint } from '../../document/places.ts';
import { suggestion } from '../../document/suggest.ts';
import { serverKey } from '../../server-name.ts';
import { FLEET } from '../limits.ts';
import { type Draft, type Drafts, merged, NOTHING } from './draft.ts';
import type { Content, Group, Hosts, Settings } from './form.ts';
import { familyComplaints, lineageOf, NO_LINEAGE } from './groups.ts';
import { expand, TOO_MANY } from './ranges.ts';

/** One naming of hosts: `settings` is what is said of them there. */
type Naming = Readonly<{ pattern: string; at: string; group?: string; settings: Settings }>;

type Known = { name: string; at: string; groups: Set<string>; said: { exact: boolean; settings: Settings }[] };

/** Puts together what is said of each host: defaults, then its groups from the outside in, then ranges, then itself. */
export const draftsOfYaml = ({ defaults = {}, sites = {}, groups = {}, hosts = [] }: Content): Drafts => {
  const namings = [
    ...namingsIn(hosts, '/hosts'),
    ...Object.entries(groups).flatMap(([group, { hosts: members = [] }]) =>
      namingsIn(members, below('/groups', group, 'hosts')).map((naming) => ({ ...naming, group })),
    ),
  ];
  const family = familyComplaints(groups, '/groups');
  const { known, complaints } = gathered(namings);
  const lineage = family.length > 0 ? NO_LINEAGE : lineageOf(groups);
  const drafts = [...known.values()].map(({ name, at, groups: own, said }): Draft => {
    const all = lineage(own);
    const closest = said.toSorted((a, b) => Number(a.exact) - Number(b.exact)).map(({ settings }) => settings);
    return {
      name,
      at,
      groups: all,
      settings: merged([defaults, ...all.map((group) => plain(groups[group])), ...closest]),
    };
  });
  return {
    ...NOTHING,
    hosts: drafts,
    statements: [
      ['/defaults', defaults],
      ...Object.entries(groups).map(([name, group]) => [below('/groups', name), plain(group)] as const),
      ...namings.map(({ at, settings }) => [at, settings] as const),
    ],
    sites: Object.fromEntries(Object.entries(sites).map(([name, { atATime }]) => [name, atATime])),
    complaints: [...family, ...complaints, ...twinComplaints(namings), ...siteComplaints(sites, drafts)],
  };
};

const siteComplaints = (sites: object, drafts: readonly Draft[]): readonly Complaint[] => {
  const known = [...new Set(drafts.flatMap(({ settings }) => settings.site ?? []))];
  return Object.keys(sites)
    .filter((site) => !known.includes(site))
    .map((site) => ({
      at: below('/sites', site),
      on: 'key',
      says: `is the site of no host${suggestion(site, known)}`,
    }));
};

const namingsIn = (hosts: Hosts, at: string): readonly Naming[] =>
  Object.entries(hosts).map(([key, value]: [string, string | Settings | null]) =>
    typeof value === 'string'
      ? { pattern: value, at: below(at, key), settings: {} }
      : { pattern: key, at: below(at, key), settings: value ?? {} },
  );

/** What is named twice in one place: what is said there first would be lost. */
const twinComplaints = (namings: readonly Naming[]): readonly Complaint[] => {
  const seen = new Set<string>();
  return namings.flatMap(({ pattern, at, group = '' }): readonly Complaint[] => {
    const key = JSON.stringify([group, serverKey(pattern)]);
    const isTwin = seen.has(key);
    seen.add(key);
    return isTwin ? [{ at, on: 'key', says: `${pattern} is listed twice` }] : [];
  });
};

/** What a group says of its hosts. */
const plain = (group: Group = {}): Settings => {
  const { hosts: _, children: __, ...settings } = group;
  return settings;
};

const gathered = (
  namings: readonly Naming[],
): Readonly<{ known: ReadonlyMap<string, Known>; complaints: Complaint[] }> => {
  const known = new Map<string, Known>();
  const complaints: Complaint[] = [];
  let named = 0;
  for (const naming of namings) {
    const { pattern, at } = naming;
    const names = expand(pattern);
    if (typeof names === 'string') {
      complaints.push({ at, on: 'key', says: names });
      continue;
    }
    named += names.length;
    if (named > MOST_NAMINGS)
      return { known, complaints: [...complaints, { at, says: `names a host for the ${MOST_NAMINGS}th time` }] };
    for (const name of names) note(known, name, { ...naming, exact: names.length === 1 });
    if (known.size > FLEET.hosts) return { known, complaints: [...complaints, { at, says: TOO_MANY }] };
  }
  return { known, complaints };
};

type Note = Omit<Naming, 'pattern'> & Readonly<{ exact: boolean }>;

const note = (known: Map<string, Known>, name: string, { at, group, settings, exact }: Note): void => {
  const key = serverKey(name);
  const host = known.get(key) ?? { name, at, groups: new Set(), said: [] };
  known.set(key, host);
  if (group !== undefined) host.groups.add(group);
  host.said.push({ exact, settings });
};

/** A host may be in some groups; each of them may name it by a range. */
const MOST_NAMINGS = 10 * FLEET.hosts;
