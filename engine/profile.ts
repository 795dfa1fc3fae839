/** Profiles: YAML in; validated expectations, or every mistake with its place, out. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Check } from './define.ts';
import { mistakesOf } from './document/mistakes.ts';
import { complaintsBy } from './document/validate.ts';
import { sha256 } from './evidence/manifest.ts';
import { Mistake } from './mistake.ts';
import type { Report, Severity, Target, Waiver } from './model.ts';
import type { OwnModule } from './own-checks.ts';
import { type Content, contentComplaints, type Setting, wholeOf } from './profile/content.ts';
import { type Inputs, inputNamed, resolveInputs, type Use } from './profile/inputs.ts';
import { type Layer, readLayers } from './profile/layers.ts';
import { profileSchema } from './profile/schema.ts';
import { datedWaivers, readWaivers, waiverFileSchema } from './profile/waiver-file.ts';

export { registerOf, waive, waiverFor } from './profile/waivers.ts';
export { profileSchema, waiverFileSchema };

/** One check as a profile wants it. Expectations may still name inputs. */
type Entry = Readonly<{ check: Check; expected: Readonly<Record<string, unknown>>; setting: Setting }>;

export type Profile = Readonly<{
  id: string;
  version: string;
  title: string;
  /**
   * Of the bytes of all files one after another, what is extended before what extends it, then the user's own checks:
   * `cat … | sha256sum`.
   */
  sha256: string;
  inputs: Inputs;
  /** In the order of the checks. */
  entries: readonly Entry[];
  /** Those of its own, then those of the files beside it. */
  waivers: readonly Waiver[];
  waiverFiles: NonNullable<Report['waiverFiles']>;
  /** The modules of the user's own checks. */
  checkFiles: NonNullable<Report['checkFiles']>;
}>;

/** One check with its expectations for one target. */
export type Planned = Readonly<{ check: Check; expected: Readonly<Record<string, unknown>>; severity: Severity }>;

type Options = Readonly<{
  checks: readonly Check[];
  /** Those of them that are the user's own: how they were written. */
  modules?: readonly OwnModule[];
  /** Folder of the built-in profiles. */
  builtIns: string | URL;
  /** Files of waivers beside the profile. */
  waivers?: readonly string[] | undefined;
}>;

const HINT = 'sstp-audit profile schema prints what a profile may hold, sstp-audit explain lists the checks';

/**
 * Reads a profile and all that it extends. `name` is a built-in name or a file. Throws Mistake with every mistake in every
 * file, each as `file:line:column path message`, the line, and a caret.
 *
 * Later wins: what a file expects of a check replaces what was expected before, as a whole; settings are replaced one by one,
 * inputs by name; waivers add up.
 */
export const loadProfile = async (
  name: string,
  { checks, modules = [], builtIns, waivers = [] }: Options,
): Promise<Profile> => {
  const layers = await readLayers(name, builtIns instanceof URL ? fileURLToPath(builtIns) : builtIns);
  if (typeof layers === 'string') throw new Mistake(layers, 'name a built-in profile, or a YAML file of your own');
  // What a missing file declares is not known, so nothing that leans on it is called a mistake.
  const whole = layers.complete ? wholeOf(layers.ordered.map(({ source }) => source.content)) : undefined;
  const wrong = layers.read.flatMap(({ source, complaints }) => {
    const { content, formed } = source;
    const found = content === undefined || formed ? [] : complaintsBy(profileSchema(checks))(content);
    const more = content === undefined ? [] : contentComplaints(content, checks, whole);
    return mistakesOf(source, [...complaints, ...found, ...more]);
  });
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  const profile = profileOf(layers.ordered, checks, modules);
  const beside = await readWaivers(waivers, checks);
  return { ...profile, waivers: [...profile.waivers, ...beside.waivers], waiverFiles: beside.files };
};

/** Puts files together in which nothing is wrong. */
const profileOf = (
  layers: readonly Layer[],
  checks: readonly Check[],
  modules: readonly OwnModule[],
): Omit<Profile, 'waiverFiles'> => {
  const contents = layers.map(({ source }) => source.content as Content);
  const { profile, version, title } = contents.at(-1) as Content;
  const expectations = new Map(contents.flatMap((content) => Object.entries(content.checks ?? {})));
  const settingOf = (id: string): Setting =>
    Object.assign({}, ...contents.map(({ settings }) => settings?.[id])) as Setting;
  const whole = createHash('sha256');
  for (const { bytes } of [...layers.map(({ source }) => source), ...modules]) whole.update(bytes);
  return {
    id: profile,
    version,
    title,
    sha256: whole.digest('hex'),
    checkFiles: modules.map(({ file, bytes }) => ({ file, sha256: sha256(bytes) })),
    inputs: Object.assign({}, ...contents.map(({ inputs }) => inputs)) as Inputs,
    entries: checks.flatMap((check) => {
      const expected = expectations.get(check.id);
      return expected ? [{ check, expected, setting: settingOf(check.id) }] : [];
    }),
    waivers: layers.flatMap(({ source }) => datedWaivers(source.content as Content, source.file)),
  };
};

/**
 * What to judge on one target, inputs resolved: the command line, else the target, else the default. A check that its
 * setting keeps to other tags is not planned. Throws Mistake for an input that is unknown, wrong, or needed and missing.
 */
export const plan = (profile: Profile, target: Target, given: Readonly<Record<string, string>>): readonly Planned[] => {
  const entries = profile.entries.filter(
    ({ setting: { when } }) => !when || when.tags.some((tag) => target.tags.includes(tag)),
  );
  const values = resolveInputs(profile.inputs, { target, commandLine: given, uses: entries.flatMap(usesOf) });
  const resolved = (value: unknown): unknown => {
    const input = inputNamed(value);
    return input === undefined ? value : values.get(input);
  };
  return entries.map(({ check, expected, setting }) => ({
    check,
    severity: setting.severity ?? check.severity,
    expected: Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, resolved(value)])),
  }));
};

const usesOf = ({ check, expected }: Entry): readonly Use[] =>
  Object.entries(check.expects).flatMap(([name, expectation]) => {
    const input = inputNamed(expected[name]);
    return input === undefined ? [] : [{ input, check: check.id, name, expectation }];
  });
