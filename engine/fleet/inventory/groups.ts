import { below, type Complaint } from '../../document/places.ts';
import { suggestion } from '../../document/suggest.ts';

/** Groups by name: their children, and the place where these are named. */
export type Family = Readonly<Record<string, Readonly<{ children?: readonly string[] }>>>;

/** The groups to which some groups belong, themselves included: outer before inner, of one depth in the order of the file. */
export type Lineage = (groups: Iterable<string>) => readonly string[];

/** What is wrong with the children of groups: they are no groups, or they make a circle. */
export const familyComplaints = (family: Family, at: string): readonly Complaint[] => {
  const known = Object.keys(family);
  const strangers = Object.entries(family).flatMap(([name, { children = [] }]) =>
    children.flatMap((child, index): readonly Complaint[] =>
      Object.hasOwn(family, child)
        ? []
        : [{ at: below(at, name, 'children', index), says: `${child} is not a group${suggestion(child, known)}` }],
    ),
  );
  return [...strangers, ...circleComplaints(family, at)];
};

/** The children that lead back to the group that they are of. */
export const circleComplaints = (family: Family, at: string): readonly Complaint[] =>
  walk(family).circles.map(([name, index, child]) => ({
    at: below(at, name, 'children', index),
    says: `${child} makes a circle`,
  }));

type Walked = Readonly<{
  /** The links that close a circle. */
  circles: (readonly [name: string, index: number, child: string])[];
  /** All groups, each behind its children. */
  innerFirst: string[];
  states: Map<string, 'open' | 'done'>;
}>;

const walk = (family: Family): Walked => {
  const walked: Walked = { circles: [], innerFirst: [], states: new Map() };
  for (const name of Object.keys(family)) if (!walked.states.has(name)) walkFrom(name, family, walked);
  return walked;
};

/** Step by step: a file may nest its groups as deep as it is long. */
const walkFrom = (outermost: string, family: Family, { circles, innerFirst, states }: Walked): void => {
  const way = [{ name: outermost, next: 0 }];
  for (let step = way.at(-1); step; step = way.at(-1)) {
    const index = step.next++;
    const child = childrenOf(family, step.name)[index];
    states.set(step.name, child === undefined ? 'done' : 'open');
    if (child === undefined) innerFirst.push(way.pop()?.name ?? '');
    else if (states.get(child) === 'open') circles.push([step.name, index, child]);
    else if (!states.has(child)) way.push({ name: child, next: 0 });
  }
};

const childrenOf = (family: Family, name: string): readonly string[] =>
  Object.hasOwn(family, name) ? (family[name]?.children ?? []) : [];

/** Where something is wrong with a family: only itself counts. */
export const NO_LINEAGE: Lineage = (groups) => [...groups];

/** Of a family without circles. */
export const lineageOf = (family: Family): Lineage => {
  const depths = new Map<string, number>();
  const parents = new Map<string, string[]>();
  for (const name of walk(family).innerFirst.reverse()) {
    const depth = depths.get(name) ?? 0;
    depths.set(name, depth);
    for (const child of childrenOf(family, name)) {
      depths.set(child, Math.max(depths.get(child) ?? 0, depth + 1));
      parents.set(child, parents.get(child) ?? []);
      parents.get(child)?.push(name);
    }
  }
  const depthOf = (name: string): number => depths.get(name) ?? 0;
  const order = new Map(
    Object.keys(family)
      .toSorted((a, b) => depthOf(a) - depthOf(b))
      .map((name, at) => [name, at]),
  );
  return (groups) => ancestorsOf(groups, parents).toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
};

const ancestorsOf = (groups: Iterable<string>, parents: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const found = new Set(groups);
  for (const one of found) for (const parent of parents.get(one) ?? []) found.add(parent);
  return [...found];
};
