/** Writes a waiver down: in a file of waivers, or in a profile. */
import { BYTE_ORDER_MARK } from '../../reporters/cells.ts';
import { partOf } from '../document/parts.ts';
import { readSource } from '../document/source.ts';
import { suggestion } from '../document/suggest.ts';
import { Mistake } from '../mistake.ts';
import type { Waiver } from '../model.ts';
import { printable } from '../printable.ts';
import { withWaiver } from '../profile/add-waiver.ts';
import { readWaivers, WAIVER_FILE } from '../profile/waiver-file.ts';
import { endOf, UNTIL } from '../profile/waivers.ts';
import { loadProfile } from '../profile.ts';
import { checkIds, known, knownChecks } from './checks.ts';
import { replaceFile } from './replace-file.ts';

export type WaiveOptions = Omit<Waiver, 'check' | 'file' | 'tags'> &
  Readonly<{ file: string; tags: readonly string[] }>;

const HINT = 'sstp-audit waive --help has an example';
const NEW = '# Exceptions that somebody approved. sstp-audit profile schema --waivers prints their form.\n';

/** Adds a waiver to a file, and says where. Throws Mistake for what nobody could approve, and for a file that is not sound. */
export const waiveCheck = async (check: string, options: WaiveOptions, now: Date): Promise<number> => {
  const { file, tags, ...rest } = options;
  const waiver = { check, ...rest, ...(tags.length > 0 && { tags }) };
  const wrong = objectionsTo(waiver, now);
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  const { mark, text, waivers } = await readSound(file);
  const same = waivers.find((one) => reachOf(one) === reachOf(waiver) && Date.parse(one.until) >= timeOf(waiver));
  if (same) throw new Mistake(`${file} waives the same until ${same.until} already`, 'a renewal must end later');
  const added = withWaiver(text, waiver);
  if (added === undefined)
    throw new Mistake(
      `${file} is written in a way that takes no waiver from here`,
      'add it by hand, or name another file',
    );
  await replaceFile(file, mark + added);
  const line = added.slice(0, firstDifference(text, added)).split('\n').length;
  process.stdout.write(`${printable(`${file}:${line} ${check} is waived on ${rest.target} until ${rest.until}`)}\n`);
  return 0;
};

const timeOf = ({ until }: Waiver): number => endOf(until)?.getTime() ?? Number.NaN;

/** What a waiver excuses, whatever its reason. */
const reachOf = ({ check, target, tags = [], subject, actual }: Waiver): string =>
  JSON.stringify([check, target, tags.toSorted(), subject, actual ?? null]);

const OPTIONS = {
  target: '--target',
  subject: '--subject',
  actual: '--actual',
  because: '--because',
  approvedBy: '--approved-by',
} as const;

const objectionsTo = (waiver: Waiver, now: Date): readonly string[] => {
  const ids = checkIds();
  const { check, until, tags = [] } = waiver;
  const blank = Object.entries(OPTIONS).flatMap(([key, option]) => {
    const text = partOf(waiver, key);
    return typeof text === 'string' && text.trim() === '' ? [`${option} says nothing`] : [];
  });
  return [
    ...(ids.includes(check) ? [] : [`${check} is not a check${suggestion(check, ids)}`]),
    ...blank,
    ...(tags.some((tag) => tag.trim() === '') ? ['--tags holds an empty tag'] : []),
    ...endObjections(until, now),
  ];
};

const endObjections = (until: string, now: Date): readonly string[] => {
  const end = endOf(until);
  if (!UNTIL.test(until)) return [`--until must look like 2026-12-31 or 2026-12-31T18:00+09:00, not ${until}`];
  if (!end) return [`--until is no day or time that exists: ${until}`];
  return end < now ? [`--until ${until} is over already`] : [];
};

type Sound = Readonly<{ mark: string; text: string; waivers: readonly Waiver[] }>;

/**
 * The text of a file without mistakes, and its waivers. A file that is not there begins with a word about itself. `mark`: by
 * which programs of Windows know that it is UTF-8, where it has that.
 */
const readSound = async (file: string): Promise<Sound> => {
  const source = await readSource(file, WAIVER_FILE);
  if ('trouble' in source) {
    if (source.absent) return { mark: '', text: NEW, waivers: [] };
    throw new Mistake(source.trouble, HINT);
  }
  const isProfile = partOf(source.content, 'profile') !== undefined;
  const { waivers } = isProfile ? await loadProfile(file, known()) : await readWaivers([file], knownChecks());
  const mark = Buffer.from(source.bytes).toString().startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return { mark, text: source.text, waivers: waivers.filter((waiver) => waiver.file === source.file) };
};

const firstDifference = (before: string, after: string): number => {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  return at;
};
