/** How a check stood across the fleet, day by day. */
import type { Kysely } from 'kysely';
import type { Status } from '../../model.ts';
import { statusOf, type Tables } from './tables.ts';

/** Servers by status as they were known at the end of a day (UTC) on which a run began or something changed. */
export type Standing = Readonly<{ day: string; counts: Readonly<Record<Status, number>> }>;

/**
 * The newest day first, back to `since` (a day). The log tells what each change was before, so that the past is found by
 * going back from what is known now: also where the runs in which it was learned are forgotten.
 */
export const trendOf = async (db: Kysely<Tables>, check: string, since: string): Promise<readonly Standing[]> => {
  const standing = await standingNow(db, check);
  const changes = await changesOf(db, check, since);
  const runs = await db.selectFrom('run').select('started_at').where('started_at', '>=', since).execute();
  const days = new Set([...runs.map(({ started_at }) => started_at), ...changes.map(({ at }) => at)].map(dayOf));
  const standings: Standing[] = [];
  let next = 0;
  for (const day of [...days].sort().reverse()) {
    for (let change = changes[next]; change && dayOf(change.at) > day; change = changes[++next]) undo(standing, change);
    standings.push({ day, counts: countsOf(standing) });
  }
  return standings;
};

const dayOf = (instant: string): string => instant.slice(0, 10);

/** The status of each server that is known. */
type ByServer = Map<number, number>;
type Step = Readonly<{ at: string; target_id: number; status_before: number | null }>;

/** Of forgotten runs the log lacks changes: what a server was before one holds, whatever came between it and the next. */
const undo = (standing: ByServer, { target_id, status_before }: Step): void => {
  if (status_before === null) standing.delete(target_id);
  else standing.set(target_id, status_before);
};

const countsOf = (standing: ByServer): Standing['counts'] => {
  const counts = { pass: 0, fail: 0, unknown: 0, inapplicable: 0, waived: 0 };
  for (const status of standing.values()) counts[statusOf(status)] += 1;
  return counts;
};

const standingNow = async (db: Kysely<Tables>, check: string): Promise<ByServer> => {
  const rows = await db
    .selectFrom('finding_now')
    .innerJoin('check_def', 'check_def.id', 'finding_now.check_id')
    .select(['target_id', 'status'])
    .where('check_def.code', '=', check)
    .execute();
  return new Map(rows.map(({ target_id, status }) => [target_id, status]));
};

/** The newest first. */
const changesOf = (db: Kysely<Tables>, check: string, since: string): Promise<readonly Step[]> =>
  db
    .selectFrom('finding_change')
    .innerJoin('check_def', 'check_def.id', 'finding_change.check_id')
    .select(['at', 'target_id', 'status_before'])
    .where('check_def.code', '=', check)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .orderBy('run_id', 'desc')
    .execute();
