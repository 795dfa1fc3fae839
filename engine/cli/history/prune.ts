import { instant } from '../../../reporters/detail.ts';
import type { OldRun, Pruned } from '../../fleet/store/prune.ts';
import type { Store } from '../../fleet/store/store.ts';
import type { Here } from './lists.ts';
import { historyWords } from './words.ts';

type Prune = Readonly<{ olderThan: number; yes: boolean; vacuum: boolean }>;

/** Forgets runs by their age, or says what that would forget. Gives what is to be said, and what was counted. */
export const prune = async (
  store: Store,
  { olderThan, yes, vacuum }: Prune,
  { language, now }: Here,
): Promise<Readonly<{ text: string; counted: unknown }>> => {
  const before = new Date(now.getTime() - olderThan).toISOString();
  const pruned = await store.prune(before, { remove: yes, vacuum });
  const counted = { format: 'sstp-audit/history/1', view: 'prune', before, removed: yes, ...pruned };
  const own = historyWords[language].prune;
  const { runs, spared, results, servers, blobs, bytes } = pruned;
  const line = (run: OldRun): string =>
    `  ${own.run(run.id, instant(run.startedAt), run.expected)}${run.isFinished ? '' : ` (${own.unfinished})`}`;
  const nothing = runs.length + blobs === 0;
  const sums = [`  ${own.sum(results, servers)}`, `  ${own.blobs(blobs, sizeOf(bytes))}`];
  const lines = [
    ...(nothing ? [own.nothing(instant(before))] : [yes ? own.did : own.would, ...runs.map(line), ...sums]),
    ...(spared.length > 0 ? [own.spared, ...spared.map(line)] : []),
    ...(yes && !vacuum && !nothing ? [own.room] : []),
  ];
  return { text: `${lines.join('\n')}\n`, counted };
};

const sizeOf = (bytes: Pruned['bytes']): string => {
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${amount.toFixed(1)} ${unit}`;
};
