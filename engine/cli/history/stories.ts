/** The lists that follow one thing through time: the runs, a server, a check. */
import { countsOf } from '../../counts.ts';
import { suggestion } from '../../document/suggest.ts';
import type { Recorded } from '../../fleet/store/read.ts';
import type { Store } from '../../fleet/store/store.ts';
import { Mistake } from '../../mistake.ts';
import { type Result, STATUSES } from '../../model.ts';
import { checkIds } from '../checks.ts';
import { columnsIn, countColumns } from './columns.ts';
import type { Here } from './lists.ts';
import type { Row, View } from './view.ts';

/** Every run, the newest first. */
export const runs = async (store: Store, { language }: Here): Promise<View> => {
  const rows = (await store.runs()).map((run): Row => {
    const { id, startedAt, finishedAt, exitCode, profile, account, host, expected, recorded } = run;
    const about = { profile: `${profile.id} ${profile.version}`, by: `${account}@${host}` };
    return { run: id, startedAt, finishedAt, servers: expected, recorded, exitCode, ...about };
  });
  const all = columnsIn(language);
  const { run, startedAt, finishedAt, servers, recorded, exitCode, profile, by } = all;
  return { name: 'runs', columns: [run, startedAt, finishedAt, servers, recorded, exitCode, profile, by], rows };
};

/** What each run saw of a server, the newest first, and what was different from the one before. Throws Mistake for one that is not known. */
export const storyOf = async (store: Store, server: string, { language }: Here): Promise<View> => {
  const rows: Row[] = [];
  let newer: Recorded | undefined;
  for await (const older of store.story(server)) {
    if (newer) rows.push(...chapter(newer, older));
    newer = older;
  }
  if (!newer)
    throw new Mistake(`nothing is recorded of ${server}${suggestion(server, (await store.names()).servers)}`, HINT);
  rows.push(...chapter(newer, undefined));
  const all = columnsIn(language);
  const columns = [all.at, all.run, all.reached, ...countColumns(language), all.check, all.before, all.after, all.says];
  return { name: 'server', columns, rows };
};

const HINT = 'names are those of the runs: sstp-audit history failing lists servers that fail';

/** A row for each difference, or one that says that there was none. */
const chapter = (newer: Recorded, older: Recorded | undefined): readonly Row[] => {
  const { results, observedAt, run, reached } = newer;
  const head: Row = { at: observedAt.toISOString(), run, reached: String(reached), ...countsOf(results) };
  const before = new Map(older?.results.map((result) => [result.check, result]));
  const changes = older ? results.filter((result) => isOther(before.get(result.check), result)) : [];
  if (changes.length === 0) return [head];
  return changes.map((result) => ({
    ...head,
    check: result.check,
    before: before.get(result.check)?.status,
    after: result.status,
    says: saying(result),
  }));
};

/** Another status, or a failure with another value: what passes may change its words every day. */
const isOther = (before: Result | undefined, after: Result): boolean =>
  before?.status !== after.status || (after.status === 'fail' && failuresOf(before) !== failuresOf(after));

const failuresOf = ({ findings }: Result): string =>
  JSON.stringify(findings.flatMap(({ verdict, subject, actual }) => (verdict === 'fail' ? [[subject, actual]] : [])));

const saying = ({ findings, reason, detail = '' }: Result): string | undefined => {
  const failed = findings.find(({ verdict }) => verdict === 'fail') ?? findings[0];
  if (reason) return `${reason}: ${detail}`;
  return failed && [failed.subject, failed.message].filter(Boolean).join(': ');
};

/** How a check stood across the fleet day by day, the newest first. Throws Mistake for a check that does not exist. */
export const trendOf = async (
  store: Store,
  { check, since }: Readonly<{ check: string; since: Date }>,
  { language }: Here,
): Promise<View> => {
  const all = await store.trend(check, since.toISOString().slice(0, 10));
  // Of a day before the check was first judged there is nothing to tell.
  const days = all.filter(({ counts }) => STATUSES.some((status) => counts[status] > 0));
  const ids = checkIds();
  if (days.length === 0 && !ids.includes(check))
    throw new Mistake(`there is no check ${check}${suggestion(check, ids)}`, 'sstp-audit explain lists the checks');
  const rows = days.map(({ day, counts }, at): Row => {
    const earlier = days[at + 1]?.counts.fail;
    const more = earlier === undefined ? 0 : counts.fail - earlier;
    const servers = STATUSES.reduce((sum, status) => sum + counts[status], 0);
    return { day, servers, ...counts, ...(more !== 0 && { trend: more > 0 ? `+${more}` : String(more) }) };
  });
  const { day, servers, trend } = columnsIn(language);
  return { name: 'trend', columns: [day, servers, ...countColumns(language), trend], rows };
};
