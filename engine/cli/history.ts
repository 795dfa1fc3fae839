import { defaultStore } from '../fleet/store/place.ts';
import { openStore, type Store } from '../fleet/store/store.ts';
import type { Language } from '../model.ts';
import type { Here } from './history/lists.ts';
import { prune } from './history/prune.ts';
import { type View, written } from './history/view.ts';
import { writeStandardOutput } from './write-out.ts';

/** Which store is asked, and how the answer looks. */
export type HistoryOptions = Readonly<{ store?: string; lang: Language; json: boolean; csv: boolean }>;

/** Asks a store and prints a list of what it knows; gives exit code 0. Throws Mistake for a store that is not there. */
export const tell = (options: HistoryOptions, ask: (store: Store, here: Here) => Promise<View>): Promise<number> =>
  withStore({ ...options, toRead: true }, async (store, here) => {
    const form = options.json ? 'json' : options.csv ? 'csv' : 'table';
    // What is piped is not for a screen: nothing is cut.
    const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
    const { language } = here;
    await writeStandardOutput(written(await ask(store, here), { form, language, width, file: store.file }));
  });

/** Forgets what is old, or says what would be forgotten. */
export const forget = (options: Omit<HistoryOptions, 'csv'>, how: Parameters<typeof prune>[1]): Promise<number> =>
  withStore({ ...options, toRead: false }, async (store, here) => {
    const { text, counted } = await prune(store, how, here);
    await writeStandardOutput([options.json ? `${JSON.stringify(counted, undefined, 2)}\n` : text]);
  });

const withStore = async (
  { store: named, lang, toRead }: Pick<HistoryOptions, 'store' | 'lang'> & Readonly<{ toRead: boolean }>,
  work: (store: Store, here: Here) => Promise<void>,
): Promise<number> => {
  const store = await openStore(named ?? defaultStore(process.env), { mustExist: true, toRead });
  try {
    await work(store, { language: lang, now: new Date() });
    return 0;
  } finally {
    await store.close();
  }
};
