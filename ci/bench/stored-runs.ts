/** Reports as finished runs of a store: as if the servers had been recorded with what the reports say of them. */
import { readFile } from 'node:fs/promises';
import { dictionary } from '../../engine/cli/dictionary.ts';
import { openStore, type Store } from '../../engine/fleet/store/store.ts';
import type { EvidenceNote, Report, Result, TargetNote } from '../../engine/model.ts';

/** Records each report as a run, in their order: the first one is run 1. */
export const storeRuns = async (file: string, reports: readonly string[]): Promise<void> => {
  const store = await openStore(file, { dictionary: await dictionary() });
  for (const report of reports) await record(store, JSON.parse(await readFile(report, 'utf8')));
  await store.close();
};

const record = async (store: Store, report: Report): Promise<void> => {
  const { targets, results, startedAt, finishedAt, exitCode, exitReason, gate } = report;
  const plan = {
    toolVersion: report.tool.version,
    profile: report.profile,
    ...{ host: 'auditor', account: 'ann', options: '{}' },
    servers: targets.map(({ name, address, tags }) => {
      const listed = { name, address, tags, inputs: {}, groups: [], reach: {} };
      return { name, address, tags, listed };
    }),
  };
  const { run, lock } = await store.begin(plan, new Date(startedAt));
  const own = Map.groupBy(results, ({ target }) => target);
  const notes = new Map(targets.map((note) => [note.name, note]));
  for (const { name, targetId } of await store.journal(run)) {
    const note = notes.get(name);
    if (note) await store.record({ run, targetId, attempts: 1, audited: auditedAs(note, own.get(name) ?? []) });
  }
  await store.finish(run, { at: new Date(finishedAt), exitCode, exitReason, gate });
  lock.release(true);
};

const auditedAs = (note: TargetNote, results: readonly Result[]) => ({
  note,
  results,
  observedAt: new Date(note.startedAt),
  codePage: 932,
  evidence: note.evidence.map(answerOf),
  readingOf: () => ({ known: false, reason: 'not-recorded', detail: '', evidence: [] }) as const,
});

/** Every fifth answer is the server's own. */
const answerOf = ({ id, command, exitCode, startedAt, tookMs, sha256, excerpt }: EvidenceNote) => ({
  ...{ id, command, exitCode, startedAt, tookMs },
  stdout: new Uint8Array(Buffer.from(excerpt === undefined ? command : sha256)),
  stderr: new Uint8Array(),
});
