/** Drafts a profile from servers that are known to be good: what a base expects, held to what they show. */
import type { Check, Fact } from '../define.ts';
import { judge } from '../judge.ts';
import type { InputValue, Reading, Result, Target } from '../model.ts';
import { type Planned, type Profile, plan } from '../profile.ts';
import { inputsShown, type ShownInput } from './draft-inputs.ts';
import { inputNamed } from './inputs.ts';
import { stricter } from './stricter.ts';

/** A server that is taken for good, and what was learned on it. */
export type Witness = Readonly<{
  target: Target;
  observedAt: Date;
  /** What was asked, by the id of its evidence. */
  questions: ReadonlyMap<string, string>;
  readingOf(fact: Fact<unknown>): Reading<unknown>;
}>;

export type DraftCheck = Readonly<{
  check: Check;
  /** As a profile states it: it may name inputs. */
  expected: Readonly<Record<string, unknown>>;
  /** What is stricter than in the base, such as `forbidden L2TP`. */
  raised: readonly string[];
  /** What the base says of each server, in their order. */
  results: readonly Result[];
}>;

export type Draft = Readonly<{
  inputs: readonly ShownInput[];
  /** Those that pass on every server, with what they expect. */
  held: readonly DraftCheck[];
  /** Those that do not: nothing of what these servers show is expected of others. */
  open: readonly DraftCheck[];
  /** Checks that could not be judged, since an input of theirs has no value. */
  unasked: readonly Readonly<{ check: Check; input: string }>[];
}>;

type Sources = Readonly<{
  base: Profile;
  /** The strictest that a server may be held to; it decides in which direction, too. */
  ceiling: Profile;
  /** Values of inputs, as on the command line. */
  given: Readonly<Record<string, string>>;
}>;

/**
 * Only what every server passes becomes expected, and nothing laxer than the base: a weakness that all of them have stays a
 * failure. A check needs nothing for this: it is asked, again and again, whether it would still pass.
 */
export const draftOf = (witnesses: readonly Witness[], { base, ceiling, given }: Sources): Draft => {
  const inputs = inputsShown(base, witnesses, given);
  const valueless = new Set(inputs.flatMap(({ name, values }) => (values.includes(undefined) ? [name] : [])));
  const missing = (expected: Readonly<Record<string, unknown>>): string | undefined =>
    Object.values(expected)
      .map(inputNamed)
      .find((name) => name !== undefined && valueless.has(name));
  const judged = base.entries.filter(({ expected }) => missing(expected) === undefined);
  const plans = witnesses.map(({ target }, at) =>
    plan({ ...base, entries: judged }, withInputs(target, inputs, at), given),
  );
  const drafts = judged.map(({ check, expected }): DraftCheck => {
    const asks = witnesses.flatMap(({ target, readingOf }, at) => {
      const planned = plans[at]?.find((one) => one.check === check);
      return planned ? [(more: object) => judge(changed(planned, more), readingOf, target.name)] : [];
    });
    const results = asks.map((ask) => ask({}));
    const passes = (more: object): boolean => asks.length > 0 && asks.every((ask) => ask(more).status === 'pass');
    const limit = ceiling.entries.find((one) => one.check === check)?.expected ?? {};
    const raised = passes({}) ? stricter({ check, expected, limit }, passes) : {};
    return { check, expected: { ...expected, ...raised }, raised: raisedWords(expected, raised), results };
  });
  const isHeld = ({ results }: DraftCheck): boolean =>
    results.length > 0 && results.every(({ status }) => status === 'pass');
  return {
    inputs,
    held: drafts.filter(isHeld),
    open: drafts.filter((draft) => !isHeld(draft)),
    unasked: base.entries.flatMap(({ check, expected }) => {
      const input = missing(expected);
      return input === undefined ? [] : [{ check, input }];
    }),
  };
};

const raisedWords = (before: Readonly<Record<string, unknown>>, raised: Readonly<Record<string, unknown>>) =>
  Object.entries(raised).map(([name, value]) => `${name} ${added(before[name], value)}`);

const added = (before: unknown, now: unknown): string =>
  Array.isArray(before) && Array.isArray(now) ? now.filter((item) => !before.includes(item)).join(', ') : String(now);

const changed = (planned: Planned, more: object): Planned => ({
  ...planned,
  expected: { ...planned.expected, ...more },
});

/** Each server is judged by its own values, even where they differ. */
const withInputs = (target: Target, inputs: readonly ShownInput[], at: number): Target => {
  const own = inputs.flatMap(({ name, values }): [string, InputValue][] => {
    const value = values[at];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...target, inputs: Object.fromEntries(own) };
};
