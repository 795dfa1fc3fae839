/** What is known now across the fleet, and what changed. */
import type { Kysely } from 'kysely';
import type { Severity, Status } from '../../model.ts';
import { STATUS_CODES, statusOf, type Tables } from './tables.ts';

/** A check of a server that became something else. */
export type Change = Readonly<{
  target: string;
  check: string;
  severity: Severity;
  at: string;
  run: number;
  status: Status;
  /** Absent where the check was met for the first time. */
  before?: Status;
}>;

/** What is known of a check on a server. */
export type Now = Readonly<{
  target: string;
  check: string;
  severity: Severity;
  status: Status;
  since: string;
  lastAt: string;
  lastRun: number;
  /** Of a failure its first message, of an unknown its reason. */
  says?: string;
}>;

export type Expiring = Readonly<{
  target: string;
  role: string;
  subject: string;
  thumbprint: string;
  notAfter: string;
}>;

export type Names = Readonly<{ servers: readonly string[]; checks: readonly string[] }>;

/** Every server and check that was ever met, and is not forgotten. */
export const namesOf = async (db: Kysely<Tables>): Promise<Names> => {
  const [servers, checks] = [
    await db.selectFrom('target').select('name').distinct().orderBy('name').execute(),
    await db.selectFrom('check_def').select('code').orderBy('code').execute(),
  ];
  return { servers: servers.map(({ name }) => name), checks: checks.map(({ code }) => code) };
};

const PAGE = 1_000;

/** What changed at an instant or later, in the order of time. */
export const changesSince = async function* (db: Kysely<Tables>, since: string): AsyncGenerator<Change> {
  for (let after: Place = { at: since, target_id: 0, check_id: 0, run_id: 0 }; ; ) {
    const rows = await changesAfter(db, after);
    for (const row of rows)
      yield {
        target: row.name,
        check: row.code,
        severity: row.severity,
        at: row.at,
        run: row.run_id,
        status: statusOf(row.status),
        ...(row.status_before !== null && { before: statusOf(row.status_before) }),
      };
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
};

/** The place of a change in the order of time. Numbers count from 1. */
type Place = Readonly<Pick<Tables['finding_change'], 'at' | 'target_id' | 'check_id' | 'run_id'>>;

/** A page goes on behind the last one by the index: to count rows off, SQLite would read all that came before. */
const changesAfter = (db: Kysely<Tables>, { at, target_id, check_id, run_id }: Place) =>
  db
    .selectFrom('finding_change')
    .innerJoin('target', 'target.id', 'finding_change.target_id')
    .innerJoin('check_def', 'check_def.id', 'finding_change.check_id')
    .select(['target.name', 'check_def.code', 'severity', 'at', 'run_id', 'status', 'status_before'])
    .select(['target_id', 'check_id'])
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'target_id', 'check_id', 'run_id'), '>', tuple(at, target_id, check_id, run_id)),
    )
    .orderBy('at')
    .orderBy('target_id')
    .orderBy('check_id')
    .orderBy('run_id')
    .limit(PAGE)
    .execute();

/** The checks that have one of these statuses now: by check, then by server. */
export const nowOf = async (db: Kysely<Tables>, statuses: readonly Status[]): Promise<readonly Now[]> => {
  const rows = await db
    .selectFrom('finding_now')
    .innerJoin('target', 'target.id', 'finding_now.target_id')
    .innerJoin('check_def', 'check_def.id', 'finding_now.check_id')
    .select(['target.name', 'check_def.code', 'severity', 'status', 'since', 'last_at', 'last_run', 'says'])
    .where(
      'status',
      'in',
      statuses.map((status) => STATUS_CODES[status]),
    )
    .orderBy('check_def.code')
    .orderBy('target.name')
    .execute();
  return rows.map(({ name, code, severity, status, since, last_at, last_run, says }) => ({
    target: name,
    check: code,
    severity,
    status: statusOf(status),
    since,
    lastAt: last_at,
    lastRun: last_run,
    ...(says !== null && { says }),
  }));
};

/** The certificates that end before an instant, the first to end first. */
export const expiringBefore = async (db: Kysely<Tables>, instant: string): Promise<readonly Expiring[]> => {
  const rows = await db
    .selectFrom('cert_now')
    .innerJoin('target', 'target.id', 'cert_now.target_id')
    .select(['target.name', 'role', 'subject', 'thumbprint', 'not_after'])
    .where('not_after', '<', instant)
    .orderBy('not_after')
    .orderBy('target.name')
    .execute();
  return rows.map(({ name, role, subject, thumbprint, not_after }) => ({
    target: name,
    role,
    subject,
    thumbprint,
    notAfter: not_after,
  }));
};
