/** What a report says of a server that a run recorded. */
import type { AnswerNote } from '../../diff/side.ts';
import { sha256 } from '../../evidence/manifest.ts';
import type { EvidenceNote, TargetNote } from '../../model.ts';
import type { StoredEntry } from './packing.ts';
import type { Entry, serverOf } from './read.ts';

export const noteOf = (server: ReturnType<typeof serverOf>, evidence: readonly EvidenceNote[]): TargetNote => {
  const { name, address, tags, os, reached, reason, detail, observedAt, tookMs } = server;
  return {
    name,
    address,
    tags,
    os,
    reached,
    ...(reason && { reason }),
    ...(detail !== undefined && { detail }),
    startedAt: observedAt.toISOString(),
    tookMs,
    evidence,
  };
};

const EMPTY = sha256(new Uint8Array());

/** The hash of what came back. */
export const hashNoteOf = ({ id, command, stdout = EMPTY }: StoredEntry): AnswerNote => ({
  id,
  command,
  sha256: stdout,
});

export const answerOf = (entry: Entry): EvidenceNote => {
  const { exitCode, startedAt, tookMs, missing } = entry;
  const { id, command, sha256: hash } = hashNoteOf(entry);
  return { id, command, exitCode, startedAt, tookMs, complete: !missing, sha256: hash };
};
