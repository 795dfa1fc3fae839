import { defineCheck, fail, pass, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import { ASKED_DAYS, MOST } from '../facts/event-logs.ts';
import { observedAt } from '../facts/observed-at.ts';
import type { LoggedEvent } from '../facts/read/event-xml.ts';
import { type SstpEvents, sstpEvents } from '../facts/sstp-events.ts';
import { isFailure, knownEvent } from './ids.ts';

const DAY = 86_400_000;
const VALUES_SHOWN = 6;
const VALUE_LENGTH = 80;

const subjectOf = ({ provider, id }: LoggedEvent): string => `${provider.slice(0, VALUE_LENGTH)} ${id}`;

const valuesOf = ({ data }: LoggedEvent): string => {
  const values = data
    .filter((value) => value !== '')
    .slice(0, VALUES_SHOWN)
    .map((value) => (value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value));
  return values.length > 0 ? ` (${values.join('; ')})` : '';
};

const count = (events: readonly LoggedEvent[], cut: boolean): string =>
  [cut ? 'at least ' : '', events.length === 1 ? 'once' : `${events.length} times`].join('');

/** All events of one kind, newest first. */
type Kind = Readonly<{ newest: LoggedEvent; all: readonly LoggedEvent[] }>;

const kindsOf = (events: readonly LoggedEvent[]): readonly Kind[] =>
  Object.values(Object.groupBy(events, (event) => `${subjectOf(event)} ${isFailure(event)}`)).flatMap((all = []) =>
    all.slice(0, 1).map((newest) => ({ newest, all })),
  );

const told = ({ newest, all }: Kind, cut: boolean): string => {
  const means = knownEvent(newest.provider, newest.id)?.means.en ?? 'an event of which the meaning is not known';
  return `${means}${valuesOf(newest)}: ${count(all, cut)}, last at ${newest.at.toISOString()}`;
};

const judgeKind = (kind: Kind, cut: boolean): Finding => {
  const { newest } = kind;
  const subject = { subject: subjectOf(newest) };
  if (knownEvent(newest.provider, newest.id)?.level === 'unclear')
    return unknown('unreadable', told(kind, cut), subject);
  return isFailure(newest) ? fail(told(kind, cut), subject) : pass(told(kind, cut), subject);
};

const judgeUnsure = (kind: Kind, cut: boolean): Finding =>
  unknown('unreadable', `${told(kind, cut)}; whether it is a service of SSTP is not told`, {
    subject: subjectOf(kind.newest),
  });

type Span = Readonly<{ begin: Date; now: Date; days: number }>;

/** A log that was cleared, or that is too small, tells nothing of the days before it begins; a new server has had none. */
const judgeSilence = ({ since, until, cutAt, installedAt }: SstpEvents, { begin, now, days }: Span): Finding => {
  // The days are counted by the auditor's clock; and so are, in other checks, those of certificates.
  if (until.getTime() > now.getTime() + DAY)
    return unknown(
      'absent',
      `the System log goes on to ${until.toISOString()}, after this audit: the clock of the server is wrong, or that of the auditor`,
    );
  // What was cut off may be the error.
  if (cutAt && cutAt > begin)
    return unknown(
      'truncated',
      `no error of RRAS or SSTP since ${cutAt.toISOString()}: the event log holds ${MOST} entries or more, and only those were read`,
    );
  if (since <= begin) return pass(`no error of RRAS or SSTP in the last ${days} days`);
  const silence = `no error of RRAS or SSTP since ${since.toISOString()}`;
  return installedAt && Math.abs(since.getTime() - installedAt.getTime()) <= DAY
    ? pass(`${silence}: Windows was installed at ${installedAt.toISOString()}`)
    : unknown('absent', `${silence}: of the rest of ${days} days the log tells nothing`);
};

const judgeEvents = (logged: SstpEvents, days: number, now: Date): readonly Finding[] => {
  const begin = new Date(now.getTime() - days * DAY);
  const isCut = logged.cutAt !== undefined && logged.cutAt > begin;
  const recent = (events: readonly LoggedEvent[]) => kindsOf(events.filter(({ at }) => at >= begin));
  const findings = [
    ...recent(logged.events).map((kind) => judgeKind(kind, isCut)),
    ...recent(logged.unsure).map((kind) => judgeUnsure(kind, isCut)),
  ];
  return findings.some(({ verdict }) => verdict === 'fail')
    ? findings
    : [judgeSilence(logged, { begin, now, days }), ...findings];
};

export default defineCheck({
  id: 'events/sstp-errors',
  title: 'The event logs hold no error of RRAS or SSTP',
  severity: 'medium',
  situations: ['8.12'],
  clientErrors: [],
  why: 'SSTP and RRAS write down why they could not start, could not use a certificate, or do not accept connections. An error in the log tells of a time in which users could not connect, even where everything looks right now.',
  fix: [
    'Look the event up: sstp-audit explain "event 18" tells what event 18 means.',
    'Remove its cause, restart the RemoteAccess service, and see that the event does not come again.',
    'Where nothing is wrong any more, the check passes once the event is older than the days of the profile.',
  ],
  references: [
    'https://mskb.pkisolutions.com/kb/947031',
    'https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc733547(v=ws.10)',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/wevtutil',
  ],
  needs: { logged: sstpEvents, now: observedAt },
  expects: {
    days: {
      type: 'integer',
      minimum: 1,
      maximum: ASKED_DAYS,
      description: 'days in which no error may have been logged',
    },
  },
  judge: ({ logged, now }, { days }) => judgeEvents(logged, days, now),
});
