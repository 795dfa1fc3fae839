/** What servers show of the inputs of a profile: their port, the names of their certificate. */
import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../define.ts';
import { judge } from '../judge.ts';
import type { InputValue } from '../model.ts';
import type { Profile } from '../profile.ts';
import type { Witness } from './draft.ts';
import { type Input, inputNamed, inputObjection, meaningOf } from './inputs.ts';

/** An input, and its value for each server in their order: given, shown, or by default. */
export type ShownInput = Readonly<{
  name: string;
  input: Input;
  values: readonly (InputValue | undefined)[];
  /** What each server shows, where nothing is given. */
  shown: readonly (InputValue | undefined)[];
  /** The check of which a finding showed the values; undefined where none did. */
  shownBy?: string;
  /** One value for all servers, which may become the default; undefined where they differ, or nothing was shown. */
  common?: InputValue;
}>;

/** What is given counts; whether it is sound is told by whoever plans with it. */
export const inputsShown = (
  base: Profile,
  witnesses: readonly Witness[],
  given: Readonly<Record<string, string>>,
): readonly ShownInput[] =>
  Object.entries(base.inputs).map(([name, input]): ShownInput => {
    if (Object.hasOwn(given, name)) {
      const value = meaningOf(input, given[name] ?? '');
      return { name, input, values: witnesses.map(() => value), shown: [], common: value };
    }
    const found = witnesses.map((witness) => shownOn(witness, { name, input, base }));
    const shown = found.map((one) => one?.value);
    const values = shown.map((value) => value ?? (input.default as InputValue | undefined));
    const [first] = shown;
    const agree = first !== undefined && shown.every((value) => isDeepStrictEqual(value, first));
    const shownBy = found.find((one) => one !== undefined)?.shownBy;
    return { name, input, values, shown, ...(shownBy !== undefined && { shownBy }), ...(agree && { common: first }) };
  });

type Wanted = Readonly<{ name: string; input: Input; base: Profile }>;
type Shown = Readonly<{ value: InputValue; shownBy: string }>;

/** A name that no server has (RFC 2606): whoever expects it is told what there is instead. */
const NOBODY = ['nobody.invalid'];

/**
 * Asks each check that takes the input whether it is some value or other. A finding that expected just that says in `actual`
 * what there is; it counts if the check passes with it.
 */
const shownOn = (witness: Witness, { name, input, base }: Wanted): Shown | undefined => {
  const asked = input.type === 'array' ? NOBODY : input.default;
  if (asked === undefined) return undefined;
  for (const { check, expected } of base.entries) {
    const places = Object.keys(expected).filter((key) => inputNamed(expected[key]) === name);
    if (places.length === 0) continue;
    const ask = (value: unknown) => resultFor(witness, check, { ...expected, ...filled(places, value) });
    const value = confirmed(
      ask(asked).findings.flatMap((one) => (one.expected === String(asked) ? (one.actual ?? []) : [])),
      input,
      (candidate) => ask(candidate).status === 'pass',
    );
    if (value !== undefined) return { value, shownBy: check.id };
  }
  return undefined;
};

const filled = (places: readonly string[], value: unknown): object =>
  Object.fromEntries(places.map((place) => [place, value]));

const resultFor = ({ readingOf, target }: Witness, check: Check, expected: Readonly<Record<string, unknown>>) =>
  judge({ check, expected, severity: check.severity }, readingOf, target.name);

/** The value that findings show, if the check passes with it; of a list, the items that alone make it pass. */
const confirmed = (
  actuals: readonly string[],
  input: Input,
  passes: (value: unknown) => boolean,
): InputValue | undefined => {
  const meanings = actuals.map((actual) => meaningOf(input, actual));
  const value = input.type === 'array' ? namesIn(meanings).filter((item) => passes([item])) : meanings[0];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return inputObjection(input, value) === undefined && passes(value) ? value : undefined;
};

/** `*` stands for many names, and none of them is known. */
const namesIn = (meanings: readonly InputValue[]): readonly string[] =>
  [...new Set(meanings.flat().map(String))].filter((item) => !item.includes('*'));
