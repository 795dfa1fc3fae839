import type { SideNote } from '../comparison.ts';
import type { CheckNote, EvidenceNote, Report, Result, TargetNote } from '../model.ts';
import { serverKey } from '../server-name.ts';

/**
 * A result of a side. It is read when somebody looks at it; two that have the same bytes say the same, of the server that
 * `of` names where the bytes do not.
 */
export type Slot = Readonly<{ bytes?: Buffer; of?: string; read(): Result }>;

/** One of two audits, wherever it is kept. */
export type Side = Readonly<{
  note: SideNote;
  checks: readonly CheckNote[];
  /** Names of its servers, by their keys. */
  servers: ReadonlyMap<string, string>;
  /** Its results, in its order: those of one server stand together. */
  slots(): Iterable<Slot>;
  /** A server by its name, in any case; what it was asked may be absent where `answersOf` tells that. */
  targetOf(name: string): TargetNote | undefined;
  /** What a server was asked, where that is read by itself. */
  answersOf?(name: string): readonly AnswerNote[];
}>;

/** A question, and the hash of what came back. */
export type AnswerNote = Pick<EvidenceNote, 'id' | 'command' | 'sha256'>;

export const namesByKey = (names: readonly string[]): Side['servers'] =>
  new Map(names.map((name) => [serverKey(name), name]));

/** A report in memory as a side. */
export const sideOf = (report: Report, source: SideNote['source']): Side => {
  const { tool, profile, auditor, startedAt, finishedAt, exitCode, exitReason, gate, summary } = report;
  const { waivers, waiverFiles, targets, results, checks } = report;
  const byName = new Map(targets.map((target) => [serverKey(target.name), target]));
  return {
    note: {
      source,
      ...{ tool, profile, ...(auditor && { auditor }), startedAt, finishedAt, exitCode, exitReason, gate, summary },
      waivers,
      ...(waiverFiles && { waiverFiles }),
    },
    checks,
    servers: namesByKey(targets.map(({ name }) => name)),
    slots: () => results.map((result) => ({ read: () => result })),
    targetOf: (name) => byName.get(serverKey(name)),
  };
};
