/**
 * What scripts made of answers. Most servers of a fleet give most answers byte for byte alike, and a script is pure: what it
 * asks, and what it makes of the answers, follows from the answers alone. So each script is a tree of questions whose branches
 * are answers, and a server whose answers lead to a known leaf need not be read again.
 */
import type { Fact } from './define.ts';
import type { Reading } from './model.ts';

/** What a script came to, whatever server it was about; the same object for the same leaf. */
export type Outcome = WithoutEvidence<Reading<unknown>>;
type WithoutEvidence<R> = R extends unknown ? Omit<R, 'evidence'> : never;

/** What a script asks for: a command's answer, or another fact. */
export type Asked = string | Fact<unknown>;

/** Stands for what was said: equal for equal answers. Without one, nothing can be remembered that rests on it. */
export type Mark = string | Outcome | undefined;

/** What is asked at this point, what of all that was asked is known by then, and where each knowledge leads. */
type Branch = Readonly<{ asks: readonly Asked[]; hears: readonly Asked[]; next: Map<string, Branch | Leaf> }>;

/**
 * Where the same answers always lead. What the script came to there is kept only once it came there twice: most of what is
 * told of one server alone is large, and never told again. It is never kept of a script that goes on asking after its end: to
 * spare that would lose questions, and the evidence would lack their answers.
 */
type Leaf = { number: number; times: number; goesOn: boolean; outcome: Outcome | undefined };

/** Leaves of one script: more are hardly ever found again. */
const MOST = 64;

type Tree = { root?: Branch | Leaf; leaves: number };

/** The tree of each script that ran. */
export type Memory = WeakMap<Fact<unknown>, Tree>;
export const newMemory = (): Memory => new WeakMap();

let highest = 0;
const numbers = new WeakMap<Outcome, number>();

/** An outcome is known by its leaf, since what is the same each time is the same object only when it was kept. */
const written = (mark: Mark): string => {
  if (typeof mark !== 'object') return mark ?? '';
  const number = numbers.get(mark) ?? ++highest;
  numbers.set(mark, number);
  return `fact ${number}`;
};

/**
 * Follows the tree of a fact by asking what its script would ask, in the same order. Nothing for a fact of which nothing is
 * remembered; resolves to nothing where these answers lead nowhere yet.
 */
export const recall = (
  memory: Memory,
  fact: Fact<unknown>,
  ask: (asked: Asked) => Promise<Mark>,
): Promise<Outcome | undefined> | undefined => {
  const root = memory.get(fact)?.root;
  return root && follow(root, ask);
};

const follow = async (root: Branch | Leaf, ask: (asked: Asked) => Promise<Mark>): Promise<Outcome | undefined> => {
  const saying = new Map<Asked, Promise<Mark>>();
  let at: Branch | Leaf | undefined = root;
  while (at && 'next' in at) {
    for (const asked of at.asks) saying.set(asked, ask(asked));
    const said = await Promise.all(at.hears.map((asked) => saying.get(asked)));
    if (said.includes(undefined)) return undefined;
    at = at.next.get(said.map(written).join('\n'));
  }
  return at?.outcome;
};

/** Takes down how a script runs, so that it can be recalled. */
export type Trail = Readonly<{
  asks(asked: Asked): void;
  hears(asked: Asked, mark: Mark): void;
  /** The script waits for its first answers: for other servers, too, these questions are the first. */
  waits(): void;
  /** What the script gives depends on more than answers: it is not remembered. */
  forget(): void;
  ends(outcome: Outcome): void;
}>;

type Step = { asks: Asked[]; hears: Map<Asked, Mark> };

export const trailOf = (memory: Memory, fact: Fact<unknown>): Trail => {
  const steps: [Step, ...Step[]] = [{ asks: [], hears: new Map() }];
  const last = (): Step => steps.at(-1) ?? steps[0];
  let closed = false;
  let leaf: Leaf | undefined;
  const close = (): void => {
    closed = true;
  };
  return {
    asks: (asked) => {
      if (leaf) Object.assign(leaf, { goesOn: true, outcome: undefined });
      if (closed) return;
      if (last().hears.size > 0) steps.push({ asks: [], hears: new Map() });
      last().asks.push(asked);
    },
    hears: (asked, mark) => {
      if (closed) return;
      last().hears.set(asked, mark);
      if (mark === undefined) close();
    },
    waits: () => {
      if (!closed) treeFor(memory, fact).root ??= branchOf(last().asks);
    },
    forget: close,
    ends: (outcome) => {
      if (!closed) leaf = reached(leafAt(treeFor(memory, fact), steps), steps, outcome);
      close();
    },
  };
};

const reached = (leaf: Leaf, steps: readonly Step[], outcome: Outcome): Leaf => {
  numbers.set(outcome, leaf.number);
  leaf.times++;
  const heard = new Set(steps.flatMap(({ hears }) => [...hears.keys()]));
  leaf.goesOn ||= steps.some(({ asks }) => asks.some((asked) => !heard.has(asked)));
  // What was heard last may still make the script ask: it has this turn for it.
  if (leaf.times > 1)
    setImmediate(() => {
      if (!leaf.goesOn) leaf.outcome ??= outcome;
    });
  return leaf;
};

const treeFor = (memory: Memory, fact: Fact<unknown>): Tree => {
  const known = memory.get(fact);
  const tree: Tree = known && known.leaves < MOST ? known : { leaves: 0 };
  memory.set(fact, tree);
  return tree;
};

/** Where these steps lead; grown where nobody went there before. */
const leafAt = (tree: Tree, steps: readonly Step[]): Leaf => {
  let at = tree.root;
  let hang = (grown: Branch | Leaf): void => {
    tree.root = grown;
  };
  const asked: Asked[] = [];
  for (const { asks, hears } of steps) {
    asked.push(...asks);
    // Answers of one batch arrive in any order.
    const heard = asked.filter((one) => hears.has(one));
    const branch: Branch = at && isOf(at, asks, heard) ? at : branchOf(asks, heard);
    hang(branch);
    const key = heard.map((one) => written(hears.get(one))).join('\n');
    at = branch.next.get(key);
    hang = (grown) => {
      branch.next.set(key, grown);
    };
  }
  if (at && 'number' in at) return at;
  const leaf: Leaf = { number: ++highest, times: 0, goesOn: false, outcome: undefined };
  hang(leaf);
  tree.leaves++;
  return leaf;
};

const branchOf = (asks: readonly Asked[], hears = asks): Branch => ({
  asks: [...asks],
  hears: [...hears],
  next: new Map(),
});

const isOf = (at: Branch | Leaf, asks: readonly Asked[], hears: readonly Asked[]): at is Branch =>
  'next' in at && isSame(at.asks, asks) && isSame(at.hears, hears);

const isSame = (some: readonly Asked[], others: readonly Asked[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);
