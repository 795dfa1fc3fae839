/** A comparison as the page goes through it: every change with an anchor of its own. */
import type { Bucket, Change, Comparison } from '../../../engine/comparison.ts';
import { slug } from '../../html/sheet.ts';
import { htmlWords } from '../../html/words.ts';
import { type DiffSheet, diffSheetOf } from '../sheet.ts';
import { type PageWords, pageWords } from './words.ts';

export type DiffPage = DiffSheet &
  Readonly<{
    say: PageWords;
    /** Words that every page shares. */
    page: (typeof htmlWords)[keyof typeof htmlWords];
    /** Where a change is found; different for every one. */
    anchors: ReadonlyMap<Change, string>;
  }>;

export const diffPageOf = (comparison: Comparison): DiffPage => {
  const taken = new Map<string, number>();
  const anchorOf = ({ bucket, target, check }: Change): string => {
    const wish = `${bucket}/${slug(target).replaceAll('/', '-')}/${slug(check)}`;
    const times = (taken.get(wish) ?? 0) + 1;
    taken.set(wish, times);
    return times === 1 ? wish : `${wish}~${times}`;
  };
  const sheet = diffSheetOf(comparison);
  return {
    ...sheet,
    say: { ...sheet.say, ...pageWords[comparison.language] },
    page: htmlWords[comparison.language],
    anchors: new Map(comparison.changes.map((change) => [change, anchorOf(change)])),
  };
};

/** Where the changes of a bucket begin. */
export const bucketAnchor = (bucket: Bucket): string => `changes/${bucket}`;
