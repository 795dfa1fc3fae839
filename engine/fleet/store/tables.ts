/** The tables of a store, as the query layer sees them. Columns are explained in migrations/. */
import { type ColumnType, type Generated, sql } from 'kysely';
import type { Severity, Status } from '../../model.ts';

type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

export type Tables = {
  run: {
    id: Generated<number>;
    started_at: string;
    finished_at: string | null;
    tool_version: string;
    profile_id: string;
    profile_version: string;
    profile_title: string;
    profile_sha: string;
    host: string;
    account: string;
    options: string;
    expected: number;
    exit_code: number | null;
    exit_reason: string | null;
    hold: Generated<number>;
    gate: string | null;
  };
  target: { id: Generated<number>; name: string; address: string; tags: string; site: string | null };
  run_target: {
    run_id: number;
    target_id: number;
    position: number;
    listed: string | null;
    recorded_at: string | null;
    spelled: string | null;
  };
  codec: { id: Generated<number>; kind: string; dictionary: Bytes | null; sha: Bytes | null };
  blob: { sha: Bytes; codec_id: number; bytes: number; body: Bytes };
  result: {
    run_id: number;
    target_id: number;
    address: string;
    tags: string;
    recorded_at: string;
    observed_at: string;
    took_ms: number;
    attempts: number;
    os: string | null;
    code_page: number | null;
    reached: number;
    reason: string | null;
    detail: string | null;
    results_sha: Bytes;
    manifest_sha: Bytes;
    times: string;
  } & Record<Status, number>;
  check_def: { id: Generated<number>; code: string };
  finding_change: {
    target_id: number;
    check_id: number;
    run_id: number;
    at: string;
    status: number;
    status_before: number | null;
    severity: Severity;
    observed_sha: Bytes;
  };
  finding_now: {
    target_id: number;
    check_id: number;
    status: number;
    severity: Severity;
    since: string;
    last_run: number;
    last_at: string;
    observed_sha: Bytes;
    says: string | null;
  };
  cert_now: {
    target_id: number;
    role: string;
    thumbprint: string;
    subject: string;
    not_after: string;
    last_run: number;
    last_at: string;
  };
};

/** The name of a server as a run spelled it. */
export const spelledName = sql<string>`coalesce(run_target.spelled, target.name)`.as('name');

/** Statuses as numbers: stores hold millions of them. */
export const STATUS_CODES: Readonly<Record<Status, number>> = {
  pass: 1,
  fail: 2,
  unknown: 3,
  inapplicable: 4,
  waived: 5,
};

const STATUSES = new Map(Object.entries(STATUS_CODES).map(([status, code]) => [code, status as Status]));

/** Throws for a number that no status has. */
export const statusOf = (code: number): Status => {
  const status = STATUSES.get(code);
  if (!status) throw new Error(`no status has the number ${code}`);
  return status;
};
