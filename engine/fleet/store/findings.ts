/** What is known of each check on each server now, and a log of what changed. */
import type { Transaction } from 'kysely';
import type { Result } from '../../model.ts';
import { shaOf } from './blobs.ts';
import { isOutdated, type Place } from './observation.ts';
import { STATUS_CODES, type Tables } from './tables.ts';

const SAYS = 300;

/**
 * The observed value of a result, by its hash: which subjects pass, and what fails with its value. The values of what passes
 * are left out: days left and process numbers change every day without anything having changed.
 */
export const observedSha = ({ status, reason, findings }: Result): Uint8Array => {
  const seen = findings.map(({ verdict, subject = '', expected = '', actual = '' }) =>
    verdict === 'fail' ? [verdict, subject, expected, actual] : [verdict, subject],
  );
  return shaOf(Buffer.from(JSON.stringify([status, reason ?? '', seen])));
};

/** In a line: why it is not a pass. */
const saying = ({ status, reason, detail, findings }: Result): string | null => {
  const failed = findings.find(({ verdict }) => verdict === 'fail');
  const text =
    status === 'unknown'
      ? `${reason}: ${detail}`
      : failed && [failed.subject, failed.message].filter(Boolean).join(': ');
  return text?.slice(0, SAYS).toWellFormed() ?? null;
};

/** A result, the number of its check, and what was known before. */
type News = Readonly<{ result: Result; id: number; sha: Uint8Array; before: Known | undefined }>;
type Known = Readonly<{ status: number; since: string; last_at: string; observed_sha: Uint8Array }>;

/** An observation that is older than what is known (a recording, a run resumed late) changes nothing here. */
export const recordFindings = async (
  trx: Transaction<Tables>,
  place: Place,
  results: readonly Result[],
): Promise<void> => {
  const checks = await checkIds(trx, results);
  const rows = await trx
    .selectFrom('finding_now')
    .select(['check_id', 'status', 'since', 'last_at', 'observed_sha'])
    .where('target_id', '=', place.targetId)
    .execute();
  const known = new Map<number, Known>(rows.map(({ check_id, ...row }) => [check_id, row]));
  const news = results
    .map((result): News => {
      const id = checks.get(result.check) ?? 0;
      return { result, id, sha: observedSha(result), before: known.get(id) };
    })
    .filter(({ before }) => !before || !isOutdated(place, before.last_at));
  const changes = news.filter(({ before, sha }) => !before || !Buffer.from(before.observed_sha).equals(sha));
  if (changes.length > 0)
    await trx
      .insertInto('finding_change')
      .values(changes.map((one) => changeOf(one, place)))
      .execute();
  if (news.length > 0)
    await setNow(
      trx,
      news.map((one) => nowOf(one, place)),
    );
};

const changeOf = ({ result, id, sha, before }: News, { run, targetId, observedAt }: Place) => ({
  target_id: targetId,
  check_id: id,
  run_id: run,
  at: observedAt,
  status: STATUS_CODES[result.status],
  status_before: before?.status ?? null,
  severity: result.severity,
  observed_sha: sha,
});

const nowOf = ({ result, id, sha, before }: News, { run, targetId, observedAt }: Place) => {
  const status = STATUS_CODES[result.status];
  return {
    target_id: targetId,
    check_id: id,
    status,
    severity: result.severity,
    since: before?.status === status && before.since < observedAt ? before.since : observedAt,
    last_run: run,
    last_at: observedAt,
    observed_sha: sha,
    says: saying(result),
  };
};

const setNow = async (trx: Transaction<Tables>, rows: readonly ReturnType<typeof nowOf>[]): Promise<void> => {
  await trx
    .insertInto('finding_now')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['target_id', 'check_id']).doUpdateSet((row) => ({
        status: row.ref('excluded.status'),
        severity: row.ref('excluded.severity'),
        since: row.ref('excluded.since'),
        last_run: row.ref('excluded.last_run'),
        last_at: row.ref('excluded.last_at'),
        observed_sha: row.ref('excluded.observed_sha'),
        says: row.ref('excluded.says'),
      })),
    )
    .execute();
};

/** The numbers of checks; new ones get theirs. */
const checkIds = async (trx: Transaction<Tables>, results: readonly Result[]): Promise<ReadonlyMap<string, number>> => {
  const read = () => trx.selectFrom('check_def').selectAll().execute();
  const known = new Map((await read()).map(({ id, code }) => [code, id]));
  const missing = [...new Set(results.map(({ check }) => check))].filter((code) => !known.has(code));
  if (missing.length === 0) return known;
  await trx
    .insertInto('check_def')
    .values(missing.map((code) => ({ code })))
    .execute();
  return new Map((await read()).map(({ id, code }) => [code, id]));
};
