/** Waivers in a file of their own, which another team can own and approve. */
import { createHash } from 'node:crypto';
import type { Check } from '../define.ts';
import { closed, described, listOf, NOT_BLANK, published, type Schema, text } from '../document/form.ts';
import { mistakesOf } from '../document/mistakes.ts';
import { partOf } from '../document/parts.ts';
import { below, type Complaint } from '../document/places.ts';
import { type Kind, readSource, type Source } from '../document/source.ts';
import { complaintsBy } from '../document/validate.ts';
import { Mistake } from '../mistake.ts';
import type { Report, Waiver } from '../model.ts';
import { endOf, UNTIL } from './waivers.ts';

/** What files say of waivers: all of them, and which bytes they are. */
export type Waivers = Readonly<{
  waivers: readonly Waiver[];
  files: NonNullable<Report['waiverFiles']>;
}>;

/** A file of exceptions is read by those who approve it; one of more than a mebibyte is not. */
export const WAIVER_FILE: Kind = { one: 'a waiver file', many: 'waiver files', largest: 1_048_576 };

const HINT = 'sstp-audit profile schema --waivers prints what a waiver file may hold';

/** Reads files of waivers. Throws Mistake with every mistake in all of them, each with its place. */
export const readWaivers = async (files: readonly string[], checks: readonly Check[]): Promise<Waivers> => {
  const validate = complaintsBy(waiverFileSchema(checks));
  const sources: Source[] = [];
  const wrong: string[] = [];
  for (const file of new Set(files)) {
    const source = await readSource(file, WAIVER_FILE);
    if ('trouble' in source) wrong.push(source.trouble);
    else {
      sources.push(source);
      wrong.push(...mistakesOf(source, complaintsOf(source, validate)));
    }
  }
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), HINT);
  return {
    waivers: sources.flatMap(({ content, file }) => datedWaivers(content as WaiverContent, file)),
    files: sources.map(({ file, bytes }) => ({ file, sha256: createHash('sha256').update(bytes).digest('hex') })),
  };
};

type WaiverContent = Readonly<{ waivers?: readonly Waiver[] | undefined }>;

/** The waivers of a sound content: each ends at an instant and says where it is written. */
export const datedWaivers = ({ waivers = [] }: WaiverContent, file: string): readonly Waiver[] =>
  waivers.map((waiver) => ({ ...waiver, until: endOf(waiver.until)?.toISOString() ?? waiver.until, file }));

const complaintsOf = (
  { content, complaints }: Source,
  validate: (content: unknown) => readonly Complaint[],
): readonly Complaint[] =>
  content === undefined ? complaints : [...complaints, ...validate(content), ...dateComplaints(content)];

/** What no schema can say about waivers: whether their days exist. */
export const dateComplaints = (content: unknown): readonly Complaint[] => {
  const waivers = partOf(content, 'waivers');
  return (Array.isArray(waivers) ? waivers : []).flatMap((waiver, index): readonly Complaint[] => {
    const until = partOf(waiver, 'until');
    if (typeof until !== 'string' || !UNTIL.test(until) || endOf(until)) return [];
    return [{ at: below('', 'waivers', index, 'until'), says: `is no day or time that exists: ${until}` }];
  });
};

/** Blanks are no reason, and nobody's name. */
const words: Schema = { type: 'string', pattern: NOT_BLANK };

/** One waiver, in a profile or in a file of waivers. */
export const waiverForm = (ids: readonly string[]): Schema =>
  described(
    'an exception that somebody approved',
    closed(
      {
        check: { enum: ids },
        target: described('name of the target; * stands for any text', text),
        tags: described('only targets that have one of these; the name of a group is a tag of its hosts', listOf(text)),
        subject: described('subject of the finding; * stands for any text', text),
        actual: described('the only value that it excuses, as reports show it; another one ends it', text),
        until: described('a date means the end of that day, UTC; a time needs its offset', {
          type: 'string',
          pattern: UNTIL.source,
          examples: ['2026-12-31', '2026-12-31T18:00+09:00'],
        }),
        because: words,
        approvedBy: words,
      },
      ['check', 'target', 'subject', 'until', 'because', 'approvedBy'],
    ),
  );

/** JSON Schema (draft 2020-12) of a file of waivers. */
export const waiverFileSchema = (checks: readonly Check[]): Schema =>
  published(
    'sstp-audit waivers',
    closed({ waivers: { type: 'array', items: waiverForm(checks.map(({ id }) => id)) } }),
  );
