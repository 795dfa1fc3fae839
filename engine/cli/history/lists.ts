/** The lists that are about the whole fleet. */
import type { Expiring } from '../../fleet/store/now.ts';
import type { Store } from '../../fleet/store/store.ts';
import type { Language, Status } from '../../model.ts';
import { type Choice, chosenIn } from './choice.ts';
import { bySeverity, columnsIn } from './columns.ts';
import { DAY_MS, daysBetween } from './dates.ts';
import type { Row, View } from './view.ts';
import { historyWords } from './words.ts';

/** In which language, and what time it is. */
export type Here = Readonly<{ language: Language; now: Date }>;

/** What is not as it should be now, and since when: the worst first. */
export const failing = async (
  store: Store,
  { statuses, ...choice }: Choice & Readonly<{ statuses: readonly Status[] }>,
  { language, now }: Here,
): Promise<View> => {
  const [isChosen, known] = await Promise.all([chosenIn(store, choice), store.now(statuses)]);
  const rows = known
    .filter(isChosen)
    .toSorted((a, b) => bySeverity(b.severity, a.severity))
    .map(({ target, check, severity, status, since, lastAt, lastRun, says }): Row => {
      const when = { since, days: daysBetween(new Date(since), now), lastSeen: lastAt, run: lastRun };
      return { severity, status, check, server: target, ...when, says };
    });
  const all = columnsIn(language);
  const columns = [
    all.severity,
    all.status,
    all.check,
    all.server,
    all.since,
    all.days,
    all.lastSeen,
    all.run,
    all.says,
  ];
  return { name: 'failing', columns, rows };
};

/** How good a status is, for telling better from worse; what is unknown or does not apply is neither. */
const GOOD: Readonly<Partial<Record<Status, number>>> = { pass: 1, waived: 1, fail: 0 };

const kindOf = (before: Status | undefined, after: Status): keyof typeof historyWords.en.change => {
  if (before === undefined) return 'first';
  if (before === after) return 'value';
  const [was, is] = [GOOD[before], GOOD[after]];
  if (was === undefined || is === undefined || was === is) return 'other';
  return is > was ? 'fixed' : 'regressed';
};

type Drift = Choice & Readonly<{ since: Date; first: boolean }>;

/** Every change of a status or of what fails, in the order of time. */
export const drift = async (store: Store, { since, first, ...choice }: Drift, { language }: Here): Promise<View> => {
  const isChosen = await chosenIn(store, choice);
  const rows: Row[] = [];
  let skipped = 0;
  for await (const { target, check, severity, at, run, status, before } of store.changes(since.toISOString())) {
    if (!isChosen({ check, target })) continue;
    if (before === undefined && !first) skipped += 1;
    else rows.push({ at, check, server: target, severity, before, after: status, change: kindOf(before, status), run });
  }
  const all = columnsIn(language);
  const columns = [all.at, all.run, all.check, all.server, all.severity, all.before, all.after, all.change];
  return { name: 'drift', columns, rows, notes: skipped > 0 ? [historyWords[language].first(skipped)] : [] };
};

type Soon = Pick<Choice, 'limit'> & Readonly<{ within: number }>;

/** Certificates that end soon, or have ended: the first to end first. */
export const certificates = async (
  store: Store,
  { within, ...choice }: Soon,
  { language, now }: Here,
): Promise<View> => {
  const until = new Date(now.getTime() + within * DAY_MS).toISOString();
  const isChosen = await chosenIn(store, choice);
  const soon = (await store.expiring(until)).filter(isChosen);
  const rowOf = ({ target, role, subject, thumbprint, notAfter }: Expiring): Row => ({
    notAfter,
    daysLeft: daysBetween(now, new Date(notAfter)),
    server: target,
    role,
    subject,
    thumbprint,
  });
  const all = columnsIn(language);
  const columns = [all.notAfter, all.daysLeft, all.server, all.role, all.subject, all.thumbprint];
  return { name: 'certificates', columns, rows: soon.map(rowOf) };
};
