import { defineFact, type Shell, Unknown } from '../../engine/define.ts';
import { type LoggedEvent, parseEvents } from './read/event-xml.ts';
import { remembering } from './read/remembering.ts';

/** One answer each, newest first: what RRAS and what is beneath it logged, what became of services, and the Application log. */
export type EventLogs = Readonly<Record<keyof typeof QUESTIONS, readonly LoggedEvent[]>>;

/** The days that every server is asked for, whatever a profile expects: so saved evidence can be judged by any profile. */
export const ASKED_DAYS = 30;
const RECENT = `TimeCreated[timediff(@SystemTime) <= ${ASKED_DAYS * 86_400_000}]`;
/** Events of one answer; more from these providers alone is a server that logs an error every few minutes. */
export const MOST = 1_000;

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
  "(Provider[@Name='Service Control Manager' or @Name='Service Control Manager Eventlog Provider'] and ((EventID >= 7000 and EventID <= 7003) or EventID=7023 or EventID=7024 or EventID=7031 or EventID=7034))";

/** At most 20 comparisons each, which is what the event log takes. */
const QUESTIONS = {
  system: ['System', `*[System[(${SSTP} or ${RRAS} or ${BENEATH} or ${MARKS}) and ${RECENT}]]`],
  control: ['System', `*[System[(${SERVICES} or ${MARKS}) and ${RECENT}]]`],
  application: ['Application', `*[System[(${SSTP} or ${RRAS}) and ${RECENT}]]`],
} as const;

type Question = (typeof QUESTIONS)[keyof typeof QUESTIONS];
type Reader = ReturnType<typeof remembering<readonly LoggedEvent[]>>;

const ask = async ($: Shell, [log, query]: Question, read: Reader): Promise<readonly LoggedEvent[]> => {
  const { exitCode, stdout } =
    await $`wevtutil.exe qe ${log} ${`/q:${query}`} /f:xml /e:Events /c:${MOST} /rd:true`.nothrow();
  if (exitCode === 5) throw new Unknown('denied', `the ${log} log may not be read`);
  if (exitCode !== 0)
    throw new Unknown('unreadable', `wevtutil.exe ended with exit code ${exitCode} for the ${log} log`);
  return read(stdout, () => parseEvents(stdout));
};

/** What the event logs hold of the last 30 days, without regard to the clock. Source: KB947031 situation 8, step 12. */
export const eventLogs = defineFact<EventLogs>({
  id: 'events/logs',
  vantage: 'server',
  right: 'Event Log Readers',
  async ask($) {
    // Where nothing failed, two answers are the marks alone: equal texts are read once.
    const read = remembering<readonly LoggedEvent[]>(Object.keys(QUESTIONS).length);
    const [system, control, application] = await Promise.all([
      ask($, QUESTIONS.system, read),
      ask($, QUESTIONS.control, read),
      ask($, QUESTIONS.application, read),
    ]);
    return { system, control, application };
  },
});
