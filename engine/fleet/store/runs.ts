/** Runs and their journals. */
import { setImmediate } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { Mistake } from '../../mistake.ts';
import type { Report } from '../../model.ts';
import { serverKey } from '../../server-name.ts';
import type { Listed } from '../listed.ts';
import type { Lock } from './lock.ts';
import { spelledName, type Tables } from './tables.ts';

/** What a run is about. `options` is JSON: what the command line asked. */
export type RunPlan = Readonly<{
  toolVersion: string;
  profile: Readonly<{ id: string; version: string; title: string; sha256: string }>;
  /** From where and by whom. */
  host: string;
  account: string;
  options: string;
  servers: readonly Readonly<{ name: string; address: string; tags: readonly string[]; listed: Listed }>[];
}>;

/** A run as it is remembered. Without `finishedAt` it goes on, or was killed or stopped. */
export type Run = Readonly<
  Omit<RunPlan, 'servers'> & {
    id: number;
    startedAt: string;
    finishedAt?: string;
    exitCode?: number;
    exitReason?: string;
    /** What was let pass; an earlier version did not note it. */
    gate?: Report['gate'];
    /** Servers that it is about, and those of them that are recorded. */
    expected: number;
    recorded: number;
  }
>;

/** A server of a run's journal. `position` is its place in the order of the run; `listed` is there until it is recorded. */
export type Journaled = Readonly<{ position: number; targetId: number; name: string; listed?: Listed }>;

const CHUNK = 100;

/** A run that was begun; nobody else goes on with it. */
export type Begun = Readonly<{ run: number; lock: Lock }>;

type Beginning = Readonly<{ plan: RunPlan; startedAt: Date; lockRun(run: number): Lock | undefined }>;

/** Writes a run and its journal, before anything is asked; all of it or nothing. Nobody sees it before it is locked. */
export const beginRun = (db: Kysely<Tables>, { plan, startedAt, lockRun }: Beginning): Promise<Begun> =>
  db.transaction().execute(async (trx) => {
    const { profile, servers } = plan;
    const { id: run } = await trx
      .insertInto('run')
      .values({
        started_at: startedAt.toISOString(),
        finished_at: null,
        tool_version: plan.toolVersion,
        profile_id: profile.id,
        profile_version: profile.version,
        profile_title: profile.title,
        profile_sha: profile.sha256,
        host: plan.host,
        account: plan.account,
        options: plan.options,
        expected: servers.length,
        exit_code: null,
        exit_reason: null,
        gate: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (let from = 0; from < servers.length; from += CHUNK) {
      await journal(trx, run, { from, servers: servers.slice(from, from + CHUNK) });
      // Timers and signals have their turn between two portions.
      await setImmediate();
    }
    const lock = lockRun(run);
    if (lock) return { run, lock };
    throw new Mistake(
      `run ${run} goes on in another process, in a store that was here before this one`,
      'wait for its end, or choose another --store',
    );
  });

const journal = async (
  trx: Transaction<Tables>,
  run: number,
  { from, servers }: Readonly<{ from: number; servers: RunPlan['servers'] }>,
): Promise<void> => {
  const targets = servers.map(({ name, address, tags, listed }) => ({
    name,
    address,
    tags: JSON.stringify(tags),
    site: listed.reach.site ?? null,
  }));
  const ids = await trx
    .insertInto('target')
    .values(targets)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({
        address: row.ref('excluded.address'),
        tags: row.ref('excluded.tags'),
        site: row.ref('excluded.site'),
      })),
    )
    .returning(['id', 'name'])
    .execute();
  const known = new Map(ids.map((target) => [serverKey(target.name), target]));
  const rows = servers.map(({ name, listed }, at) => ({
    run_id: run,
    target_id: known.get(serverKey(name))?.id ?? 0,
    position: from + at,
    listed: JSON.stringify(listed),
    recorded_at: null,
    spelled: known.get(serverKey(name))?.name === name ? null : name,
  }));
  await trx.insertInto('run_target').values(rows).execute();
};

/** How a run ended that ended by itself. */
export type RunEnd = Readonly<{ at: Date } & Pick<Report, 'exitCode' | 'exitReason' | 'gate'>>;

export const finishRun = async (db: Kysely<Tables>, id: number, end: RunEnd): Promise<void> => {
  const { at, exitCode, exitReason, gate } = end;
  const finished = { finished_at: at.toISOString(), exit_code: exitCode, exit_reason: exitReason };
  await db
    .updateTable('run')
    .set({ ...finished, gate: JSON.stringify(gate) })
    .where('id', '=', id)
    .execute();
};

/** Runs, the newest first. */
export const runsOf = async (db: Kysely<Tables>): Promise<readonly Run[]> => {
  const rows = await db
    .selectFrom('run')
    .selectAll('run')
    .select((row) =>
      row
        .selectFrom('run_target')
        .select((count) => count.fn.countAll<number>().as('recorded'))
        .whereRef('run_target.run_id', '=', 'run.id')
        .where('recorded_at', 'is not', null)
        .as('recorded'),
    )
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ recorded, ...row }) => ({
    id: row.id,
    startedAt: row.started_at,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
    ...(row.exit_code !== null && { exitCode: row.exit_code }),
    ...(row.exit_reason !== null && { exitReason: row.exit_reason }),
    // We wrote it ourselves.
    ...(row.gate !== null && { gate: JSON.parse(row.gate) as Report['gate'] }),
    toolVersion: row.tool_version,
    profile: { id: row.profile_id, version: row.profile_version, title: row.profile_title, sha256: row.profile_sha },
    host: row.host,
    account: row.account,
    options: row.options,
    expected: row.expected,
    recorded: Number(recorded ?? 0),
  }));
};

/** The servers of a run, in its order. */
export const journalOf = async (db: Kysely<Tables>, run: number): Promise<readonly Journaled[]> => {
  const rows = await db
    .selectFrom('run_target')
    .innerJoin('target', 'target.id', 'run_target.target_id')
    .select(['position', 'target_id', 'listed', 'recorded_at'])
    .select(spelledName)
    .where('run_id', '=', run)
    .orderBy('position')
    .execute();
  return rows.map(({ position, target_id, name, listed, recorded_at }) => ({
    position,
    targetId: target_id,
    name,
    // We wrote it ourselves.
    ...(recorded_at === null && listed !== null && { listed: JSON.parse(listed) as Listed }),
  }));
};
