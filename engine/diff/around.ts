/** What stands around changes: the answers that they rest on, the servers, and the checks. */
import type { Answer, AnswerPair, Bucket, Change, ServerNote, ServerPair } from '../comparison.ts';
import type { CheckNote, Result, TargetNote } from '../model.ts';
import type { Both } from './change.ts';
import type { Side } from './side.ts';
import type { Sides } from './tally.ts';

/** Changes of one server come one after another, and what a side says of it is long: it is read once for all of them. */
export const remembering = (side: Side): Remembering => {
  const targetOf = lastOf((name) => side.targetOf(name));
  return { ...side, targetOf, answersOf: lastOf(side.answersOf ?? ((name) => targetOf(name)?.evidence ?? [])) };
};

export type Remembering = Side & Required<Pick<Side, 'answersOf'>>;

const lastOf = <T>(read: (name: string) => T): ((name: string) => T) => {
  let last: Readonly<{ name: string; said: T }> | undefined;
  return (name) => {
    if (last?.name !== name) last = { name, said: read(name) };
    return last.said;
  };
};

/** Where nothing happened, nothing is to be proved. */
const STEADY: readonly Bucket[] = ['still-failing', 'not-compared'];

/** The answers behind a change, paired by what was asked. */
export const answersOf = ({ bucket }: Change, { before, after }: Both, sides: Sides): readonly AnswerPair[] => {
  if (STEADY.includes(bucket)) return [];
  const [was, is] = [answersIn(sides.before, before), answersIn(sides.after, after)];
  return [...new Set([...is.keys(), ...was.keys()])].map((command) => {
    const [old, now] = [was.get(command), is.get(command)];
    return { command, ...(old && { before: old }), ...(now && { after: now }) };
  });
};

const answersIn = (side: Remembering, result: Result | undefined): ReadonlyMap<string, Answer> => {
  const ids = new Set(result?.evidence);
  const notes = result && ids.size > 0 ? side.answersOf(result.target) : [];
  return new Map(notes.filter(({ id }) => ids.has(id)).map(({ id, command, sha256 }) => [command, { id, sha256 }]));
};

/** A server as both sides met it. */
export const serverOf = (name: string, { before, after }: Sides): ServerPair => {
  const [was, is] = [before.targetOf(name), after.targetOf(name)];
  return { name, ...(was && { before: noteOf(was) }), ...(is && { after: noteOf(is) }) };
};

const noteOf = ({ address, os, reached, startedAt }: TargetNote): ServerNote => ({ address, os, reached, startedAt });

/** What the later audit says of the checks of some changes; of those that it does not have, the earlier one. */
export const checksOf = (changes: readonly Change[], { before, after }: Sides): readonly CheckNote[] => {
  const wanted = new Set(changes.map(({ check }) => check));
  const known = new Set(after.checks.map(({ id }) => id));
  const gone = before.checks.filter(({ id }) => !known.has(id));
  return [...after.checks, ...gone].filter(({ id }) => wanted.has(id));
};
