import type { Audited } from '../audit.ts';
import type { Result, TargetNote } from '../model.ts';
import type { Server } from './listed.ts';

/** What a report needs of a server: no bytes of answers. */
export type Kept = Readonly<{ note: TargetNote; results: readonly Result[]; observedAt: Date }>;

/** How the audit of a server ended. `whole` is false where the run was stopped before all was known. */
export type End = Readonly<{ whole: boolean; attempts: number }>;

/** Where audited servers are kept until the report is written. */
export type Ledger = Readonly<{
  keep(server: Server, audited: Audited, end: End): Promise<void>;
  /** Every server of the run, in its order. */
  all(): Promise<readonly Kept[]>;
}>;

/** Copies: a text that was cut out of an answer would otherwise hold on to all of it. */
export const keptOf = ({ note, results, observedAt }: Audited): Kept => ({
  ...structuredClone({ note, results }),
  observedAt,
});

/** Keeps everything in memory, for a run that no store remembers. */
export const ledgerInMemory = (servers: readonly Server[]): Ledger => {
  const kept = new Map<string, Kept>();
  return {
    keep: async ({ target }, audited) => {
      kept.set(target.name, keptOf(audited));
    },
    all: async () => servers.flatMap(({ target }) => kept.get(target.name) ?? []),
  };
};
