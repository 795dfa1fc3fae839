import { type Audited, excerptOf, tellingOf } from '../../audit.ts';
import type { EvidenceNote } from '../../model.ts';
import { serverKey } from '../../server-name.ts';
import { type Kept, keptOf, type Ledger } from '../ledger.ts';
import { sharing } from '../shared.ts';
import type { Certificates } from './certificates.ts';
import { answerOf, noteOf } from './note.ts';
import type { Recorded } from './read.ts';
import type { Store } from './store.ts';

/** What a run remembers with. `certificatesOf` tells what was learned of certificates. */
export type Remembering = Readonly<{
  store: Store;
  run: number;
  certificatesOf(audited: Audited): Certificates;
}>;

/**
 * Keeps each server in the store as it ends. What was stopped before all was known, or
 * what the store does not take, is kept in memory only, and asked again when the run goes on.
 */
export const ledgerInStore = async ({ store, run, certificatesOf }: Remembering): Promise<Ledger> => {
  const journal = await store.journal(run);
  const ids = new Map(journal.map(({ name, targetId }) => [serverKey(name), targetId]));
  const cut = new Map<string, Kept>();
  const share = sharing();
  return {
    keep: async ({ target }, audited, { whole, attempts }) => {
      const targetId = ids.get(serverKey(target.name));
      if (targetId === undefined) throw new Error(`run ${run} is not about ${target.name}`);
      const inMemory = (): unknown => cut.set(serverKey(target.name), keptOf(audited, share));
      if (!whole) return void inMemory();
      await store
        .record({ run, targetId, audited, attempts, certificates: certificatesOf(audited) })
        .catch((error: unknown) => {
          inMemory();
          throw error;
        });
    },
    all: async () => {
      const recorded = new Map<string, Kept>();
      for await (const one of store.results(run)) recorded.set(serverKey(one.name), keptOf(await keptFrom(one), share));
      return journal.flatMap(({ name }) => recorded.get(serverKey(name)) ?? cut.get(serverKey(name)) ?? []);
    },
  };
};

/** What a report needs, as it was when the server was audited. */
export const keptFrom = async (recorded: Recorded): Promise<Kept> => {
  const { observedAt, results } = recorded;
  return { note: noteOf(recorded, await notesOf(recorded)), results, observedAt };
};

const notesOf = async (recorded: Recorded): Promise<readonly EvidenceNote[]> => {
  const telling = await recorded.evidence(tellingOf(recorded.results));
  const excerpts = new Map(telling.map((one) => [one.id, excerptOf(one, recorded.codePage ?? undefined)]));
  return (await recorded.entries()).map((entry) => {
    const excerpt = excerpts.get(entry.id);
    return excerpt === undefined ? answerOf(entry) : { ...answerOf(entry), excerpt };
  });
};
