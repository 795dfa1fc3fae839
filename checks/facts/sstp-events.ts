import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { isFailure } from '../events/ids.ts';
import { bytesOf } from './read/bytes.ts';
import { type LoggedEvent, parseEvents } from './read/event-xml.ts';
import { sstpParameters } from './sstp-parameters.ts';
import { installedAt } from './windows-build.ts';

export type SstpEvents = Readonly<{
  /** Those of the last 30 days that concern SSTP, newest first. */
  events: readonly LoggedEvent[];
  /** Nothing older was seen: the log begins here, or only so much of it was asked for. */
  since: Date;
  /** There may be more events than these. */
  cut: boolean;
  /** When this Windows was installed, where it tells: no log reaches further back. */
  installedAt?: Date;
}>;

/** The days that every server is asked for, whatever a profile expects: so saved evidence can be judged by any profile. */
export const ASKED_DAYS = 30;
const DAY = 86_400_000;
const RECENT = `TimeCreated[timediff(@SystemTime) <= ${ASKED_DAYS * DAY}]`;
/** Events of one answer; more from these providers alone is a server that logs an error every few minutes. */
const MOST = 1_000;

/**
 * Windows notes every day at noon that it runs (6013), and each start of the log (6005). An answer without any event would
 * look like one of a program that read nothing: with these it proves that the log was read, and how far back it reaches.
 */
const MARKS = "(Provider[@Name='EventLog'] and (EventID=6005 or EventID=6013))";
/** RemoteAccess notes every user who comes, goes, or is refused between these two ids: too many, and none of it is a failure. */
const NOT_USERS = '(EventID < 20249 or EventID > 20275)';
const SSTP = "Provider[@Name='Microsoft-Windows-RasSstp' or @Name='RasSstp']";
const RRAS = `(Provider[@Name='RemoteAccess'] and Level <= 3 and ${NOT_USERS})`;
/** Of Schannel only what the server does wrong: the rest is what any stranger on the Internet makes it log. */
const BENEATH =
  "(Provider[@Name='Microsoft-Windows-HttpEvent' or @Name='HTTP'] and Level <= 3) or (Provider[@Name='Schannel'] and EventID=36870)";
const SERVICES =
  "(Provider[@Name='Service Control Manager' or @Name='Service Control Manager Eventlog Provider'] and (EventID=7000 or EventID=7023 or EventID=7024 or EventID=7031 or EventID=7034))";

/** At most 20 comparisons each, which is what the event log takes. */
const QUESTIONS = {
  system: ['System', `*[System[(${SSTP} or ${RRAS} or ${BENEATH} or ${MARKS}) and ${RECENT}]]`],
  control: ['System', `*[System[(${SERVICES} or ${MARKS}) and ${RECENT}]]`],
  application: ['Application', `*[System[(${SSTP} or ${RRAS}) and ${RECENT}]]`],
} as const;

const ask = async ($: Shell, log: string, query: string): Promise<readonly LoggedEvent[]> => {
  const { exitCode, stdout } =
    await $`wevtutil.exe qe ${log} ${`/q:${query}`} /f:xml /e:Events /c:${MOST} /rd:true`.nothrow();
  if (exitCode === 5) throw new Unknown('denied', `the ${log} log may not be read`);
  if (exitCode !== 0)
    throw new Unknown('unreadable', `wevtutil.exe ended with exit code ${exitCode} for the ${log} log`);
  return parseEvents(stdout);
};

const OURS: Readonly<Record<string, string>> = {
  remoteaccess: 'Routing and Remote Access',
  sstpsvc: 'Secure Socket Tunneling Protocol Service',
  rasman: 'Remote Access Connection Manager',
};
/** In every language that is written in Latin letters, one of these is part of each of the three names (belief). */
const LIKE_OURS = /ras|sstp|remot|rout|tunnel/i;

/**
 * Whether a service that failed is one of SSTP's. Its name stands in the binary part; Server 2008 leaves it out, and tells
 * only what the service is called in the server's language.
 */
const isOurs = ({ id, data: [title = ''], binary }: LoggedEvent): boolean => {
  if (binary && /^(?:[0-9a-f]{4})+$/i.test(binary)) {
    const [name = ''] = new TextDecoder('utf-16le').decode(bytesOf(binary)).split(/[\0/]/);
    if (/^[\w .$-]+$/.test(name)) return Object.hasOwn(OURS, name.toLowerCase());
  }
  if (Object.values(OURS).includes(title)) return true;
  if (/^[\x20-\x7e]+$/.test(title) && !LIKE_OURS.test(title)) return false;
  throw new Unknown('unreadable', `event ${id} is about the service ${title.slice(0, 80)}, which may be one of SSTP's`);
};

/** HTTP.sys serves other programs, too: what names a port is about that port. */
const isOnPort = ({ data }: LoggedEvent, port: number): boolean => {
  const ports = data.flatMap((value) => [...value.matchAll(/:(\d{1,5})(?=\/|$)/g)].map(([, digits]) => Number(digits)));
  return ports.length === 0 || ports.includes(port);
};

const isOfServices = ({ provider }: LoggedEvent): boolean => provider.startsWith('Service Control Manager');

const concerns = (event: LoggedEvent, port: number): boolean => {
  if (event.provider === 'EventLog') return false;
  if (isOfServices(event)) return isOurs(event);
  return !/Http/i.test(event.provider) || isOnPort(event, port);
};

/** The oldest moment that the System log tells of; it must reach to the present, too. */
const reach = (system: readonly LoggedEvent[], observedAt: Date): Date => {
  const times = system.map(({ at }) => at.getTime());
  if (times.length === 0)
    throw new Unknown('absent', `the System log holds nothing of ${ASKED_DAYS} days, not even that Windows runs`);
  const newest = new Date(Math.max(...times));
  if (newest.getTime() < observedAt.getTime() - 2 * DAY)
    throw new Unknown(
      'absent',
      `the System log ends at ${newest.toISOString()}: it is full, or the clock of the server is wrong`,
    );
  return new Date(Math.min(...times));
};

/** What the event logs say about SSTP. Source: KB947031 situation 8, step 12; windows-facts 10. */
export const sstpEvents = defineFact<SstpEvents>({
  id: 'events/sstp',
  vantage: 'server',
  right: 'Event Log Readers',
  async ask($, facts) {
    const [{ port }, installed, system, control, application] = await Promise.all([
      facts.need(sstpParameters),
      facts.read(installedAt),
      ask($, ...QUESTIONS.system),
      ask($, ...QUESTIONS.control),
      ask($, ...QUESTIONS.application),
    ]);
    const since = reach([...system, ...control], facts.observedAt);
    // Each answer for what it was asked for, so that nothing counts twice.
    const events = [...system.filter((event) => !isOfServices(event)), ...control.filter(isOfServices), ...application]
      .filter((event) => concerns(event, port))
      .sort((one, other) => other.at.getTime() - one.at.getTime());
    const cut = [system, control, application].some((log) => log.length >= MOST);
    // What was cut off may be the error: only errors that were seen are sure.
    if (cut && !events.some(isFailure))
      throw new Unknown(
        'truncated',
        `the event log holds ${MOST} entries or more of ${ASKED_DAYS} days, and only those were read`,
      );
    return { events, since, cut, ...(installed.known && { installedAt: installed.value }) };
  },
});
