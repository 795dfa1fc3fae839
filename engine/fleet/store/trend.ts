/** How a check stood across the fleet, day by day. */
import type { Kysely } from 'kysely';
import { STATUSES, type Status } from '../../model.ts';
import { STATUS_CODES, statusOf, type Tables } from './tables.ts';

/** Servers by status as they were known at the end of a day (UTC) on which a run began or something changed. */
export type Standing = Readonly<{ day: string; counts: Readonly<Record<Status, number>> }>;

/**
 * The newest day first, back to `since` (a day). The log tells what each change was before, so that the past is found by
 * going back from what is known now: also where the runs in which it was learned are forgotten.
 */
export const trendOf = async (db: Kysely<Tables>, check: string, since: string): Promise<readonly Standing[]> => {
  const counts = await countsNow(db, check);
  const changes = await changesOf(db, check, since);
  const runs = await db.selectFrom('run').select('started_at').where('started_at', '>=', since).execute();
  const days = new Set([...runs.map(({ started_at }) => started_at), ...changes.map(({ at }) => at)].map(dayOf));
  const standings: Standing[] = [];
  let next = 0;
  for (const day of [...days].sort().reverse()) {
    for (let change = changes[next]; change && dayOf(change.at) > day; change = changes[++next]) undo(counts, change);
    standings.push({ day, counts: { ...counts } });
  }
  return standings;
};

const dayOf = (instant: string): string => instant.slice(0, 10);

type Counts = Record<Status, number>;
type Step = Readonly<{ at: string; status: number; status_before: number | null }>;

const undo = (counts: Counts, { status, status_before }: Step): void => {
  counts[statusOf(status)] -= 1;
  if (status_before !== null) counts[statusOf(status_before)] += 1;
};

const countsNow = async (db: Kysely<Tables>, check: string): Promise<Counts> => {
  const rows = await db
    .selectFrom('finding_now')
    .innerJoin('check_def', 'check_def.id', 'finding_now.check_id')
    .select((row) => ['status', row.fn.countAll<number>().as('count')])
    .where('check_def.code', '=', check)
    .groupBy('status')
    .execute();
  const found = new Map(rows.map(({ status, count }) => [status, Number(count)]));
  return Object.fromEntries(STATUSES.map((status) => [status, found.get(STATUS_CODES[status]) ?? 0])) as Counts;
};

/** The newest first. */
const changesOf = (db: Kysely<Tables>, check: string, since: string): Promise<readonly Step[]> =>
  db
    .selectFrom('finding_change')
    .innerJoin('check_def', 'check_def.id', 'finding_change.check_id')
    .select(['at', 'status', 'status_before'])
    .where('check_def.code', '=', check)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .execute();
