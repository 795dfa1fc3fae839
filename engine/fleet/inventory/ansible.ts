/** What `ansible-inventory --list` prints. Source: transports 7; the script plugin's form. */
import { below, type Complaint } from '../../document/places.ts';
import { FLEET } from '../limits.ts';
import { type Draft, type Drafts, merged, NOTHING } from './draft.ts';
import { parseSettings, type Settings } from './form.ts';
import { circleComplaints, lineageOf, NO_LINEAGE } from './groups.ts';
import { TOO_MANY } from './ranges.ts';
import { OWN, SECRET, type Variables, variablesSay } from './variables.ts';

type Group = Readonly<{ hosts?: readonly string[]; children?: readonly string[]; vars?: Variables }>;

const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether data is such a listing: groups by name, and the variables of hosts in `_meta`. */
export const isListing = (data: unknown): data is Readonly<Record<string, unknown>> =>
  record(data) && record(data['_meta']) && record(data['_meta']['hostvars']);

/** Every host with its variables: of its groups from the outside in, then its own. */
export const draftsOfListing = (data: Readonly<Record<string, unknown>>): Drafts => {
  const { _meta: meta, ...rest } = data;
  const own = record(meta) && record(meta['hostvars']) ? meta['hostvars'] : {};
  const groups = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, groupOf(value)]));
  const circles = circleComplaints(groups, '');
  const lineage = circles.length > 0 ? NO_LINEAGE : lineageOf(groups);
  const memberships = new Map<string, Set<string>>(Object.keys(own).map((host) => [host, new Set()]));
  for (const [group, { hosts = [] }] of Object.entries(groups))
    for (const host of hosts) memberships.set(host, (memberships.get(host) ?? new Set()).add(group));
  if (memberships.size > FLEET.hosts) return { ...NOTHING, complaints: [{ at: '', says: TOO_MANY }] };
  const statements: (readonly [string, Settings])[] = [];
  const complaints: Complaint[] = [...circles];
  const ignored = new Map<string, number>();
  const read = (at: string, variables: unknown): Settings => {
    const said = variablesSay(record(variables) ? variables : {}, at);
    const { settings, complaints: unfit } = parseSettings(said.settings);
    for (const name of said.ignored) ignored.set(name, (ignored.get(name) ?? 0) + 1);
    const placed = unfit.map((one) => ({ ...one, at: said.placeOf(one.at) }));
    complaints.push(
      ...said.complaints,
      ...placed.filter((one) => said.complaints.every((other) => other.at !== one.at)),
    );
    statements.push([below(at, OWN), settings]);
    return settings;
  };
  const ofGroups = new Map(
    Object.entries(groups).map(([name, { vars }]) => [name, vars ? read(below('', name, 'vars'), vars) : {}]),
  );
  const hosts = [...memberships].map(([name, groupsOf]): Draft => {
    const at = below('/_meta/hostvars', name);
    const all = lineage(groupsOf);
    const settings = merged([...all.map((group) => ofGroups.get(group) ?? {}), read(at, own[name])]);
    return { name, at, groups: all.filter((group) => group !== 'all' && group !== 'ungrouped'), settings };
  });
  return { ...NOTHING, hosts, statements, complaints, notes: [...ignored].map(noteOf) };
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

const groupOf = (value: unknown): Group => {
  if (!record(value)) return { hosts: texts(value) };
  return {
    hosts: texts(value['hosts']),
    children: texts(value['children']),
    ...(record(value['vars']) && { vars: value['vars'] }),
  };
};

const noteOf = ([name, count]: readonly [name: string, count: number]): string => {
  const unused = `${name} of ${count} ${count === 1 ? 'host or group' : 'hosts or groups'} is not used`;
  return SECRET.test(name) ? `${unused} and not kept: an inventory is no place for secrets` : unused;
};
