import { below, type Complaint } from '../../document/places.ts';
import { suggestion } from '../../document/suggest.ts';

/** Groups by name: their children, and the place where these are named. */
export type Family = Readonly<Record<string, Readonly<{ children?: readonly string[] }>>>;

/** The groups to which some groups belong, themselves included: outer before inner, of one depth in the order of the file. */
export type Lineage = (groups: Iterable<string>) => readonly string[];

/** What is wrong with the children of groups: they are no groups, or they make a circle. */
export const familyComplaints = (family: Family, at: string): readonly Complaint[] => {
  const known = Object.keys(family);
  const strangers = childrenIn(family, at).filter(({ child }) => !Object.hasOwn(family, child));
  return [
    ...strangers.map(({ place, child }) => ({ at: place, says: `${child} is not a group${suggestion(child, known)}` })),
    ...circleComplaints(family, at),
  ];
};

/** Children that make a circle. */
export const circleComplaints = (family: Family, at: string): readonly Complaint[] =>
  childrenIn(family, at)
    .filter(({ name, child }) => descendantsOf(family, child).has(name))
    .map(({ place, child }) => ({ at: place, says: `${child} makes a circle` }));

/** Every naming of a child by a group. */
const childrenIn = (family: Family, at: string) =>
  Object.entries(family).flatMap(([name, { children = [] }]) =>
    children.map((child, index) => ({ name, child, place: below(at, name, 'children', index) })),
  );

const descendantsOf = (family: Family, name: string): ReadonlySet<string> => {
  const found = new Set([name]);
  for (const one of found) for (const child of childrenOf(family, one)) found.add(child);
  return found;
};

const childrenOf = (family: Family, name: string): readonly string[] =>
  Object.hasOwn(family, name) ? (family[name]?.children ?? []) : [];

/** Where something is wrong with a family: only itself counts. */
export const NO_LINEAGE: Lineage = (groups) => [...groups];

/** Of a family without circles. */
export const lineageOf = (family: Family): Lineage => {
  const names = Object.keys(family);
  const depths = new Map<string, number>();
  const parents = new Map<string, string[]>();
  for (const name of names)
    for (const child of childrenOf(family, name)) parents.set(child, [...(parents.get(child) ?? []), name]);
  const depthOf = (name: string): number => {
    const depth = depths.get(name) ?? Math.max(-1, ...(parents.get(name) ?? []).map(depthOf)) + 1;
    depths.set(name, depth);
    return depth;
  };
  const order = new Map(names.toSorted((a, b) => depthOf(a) - depthOf(b)).map((name, at) => [name, at]));
  return (groups) => ancestorsOf(groups, parents).toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
};

const ancestorsOf = (groups: Iterable<string>, parents: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const found = new Set(groups);
  for (const one of found) for (const parent of parents.get(one) ?? []) found.add(parent);
  return [...found];
};
