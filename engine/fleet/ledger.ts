import type { Audited } from '../audit.ts';
import type { Result, TargetNote } from '../model.ts';
import type { Server } from './listed.ts';
import { sharing } from './shared.ts';

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

/** What a report needs of an audited server, in memory of its own. */
export const keptOf = ({ note, results, observedAt }: Kept, share: ReturnType<typeof sharing>): Kept => ({
  note: share(note),
  results: share(results),
  observedAt,
});

/** Keeps everything in memory, for a run that no store remembers. */
export const ledgerInMemory = (servers: readonly Server[]): Ledger => {
  const kept = new Map<string, Kept>();
  const share = sharing();
  return {
    keep: async ({ target }, audited) => {
      kept.set(target.name, keptOf(audited, share));
    },
    all: async () => servers.flatMap(({ target }) => kept.get(target.name) ?? []),
  };
};
