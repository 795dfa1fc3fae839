/** Compares two audits: what became of each result. Pure; the sides may be larger than memory. */
import type { Change, Comparison, ServerPair } from './comparison.ts';
import { answersOf, checksOf, remembering, serverOf } from './diff/around.ts';
import { type Both, changeOf } from './diff/change.ts';
import type { Side } from './diff/side.ts';
import { newTally, pairsOf, type Sides } from './diff/tally.ts';
import { serverKey } from './server-name.ts';

export { namesByKey, type Side, sideOf } from './diff/side.ts';

/** What a comparison found out, whoever made it and however it is gated. */
export type Difference = Pick<
  Comparison,
  'before' | 'after' | 'differs' | 'summary' | 'coverage' | 'servers' | 'checks' | 'changes'
> &
  Readonly<{
    /** Results that both sides have. */
    compared: number;
  }>;

/** Matches results by server, check and subject. What is unknown is never taken for fixed. */
export const diff = (before: Side, after: Side): Difference => {
  const sides = { before: remembering(before), after: remembering(after) };
  const tally = newTally();
  const changes: Change[] = [];
  const servers = new Map<string, ServerPair>();
  for (const both of pairsOf(sides, tally)) {
    const change = changeOf(both, missingOf(both, sides));
    tally.summary[change?.bucket ?? 'unchanged'] += 1;
    if (!change) continue;
    // One server, one name: that of the later audit.
    const target = after.servers.get(serverKey(change.target)) ?? change.target;
    changes.push({ ...change, target, evidence: answersOf(change, both, sides) });
    if (!servers.has(target)) servers.set(target, serverOf(target, sides));
  }
  const ordered = [...changes.filter((change) => change.after), ...changes.filter((change) => !change.after)];
  return {
    before: before.note,
    after: after.note,
    differs: differencesOf(sides),
    ...tally,
    servers: [...new Set(ordered.map(({ target }) => target))].flatMap((name) => servers.get(name) ?? []),
    checks: checksOf(ordered, sides),
    changes: ordered,
  };
};

const missingOf = ({ before, after }: Both, sides: Sides): 'server' | 'check' => {
  const [one, other] = after ? [after, sides.before] : [before, sides.after];
  return one && other.servers.has(serverKey(one.target)) ? 'check' : 'server';
};

const differencesOf = ({ before, after }: Sides): Comparison['differs'] => [
  ...(before.note.profile.sha256 === after.note.profile.sha256 ? [] : (['profile'] as const)),
  ...(before.note.tool.version === after.note.tool.version ? [] : (['tool'] as const)),
];
