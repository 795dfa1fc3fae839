import { defineFact, Unknown } from '../../engine/define.ts';
import { ASKED_DAYS, eventLogs, MOST } from './event-logs.ts';
import { bytesOf } from './read/bytes.ts';
import type { LoggedEvent } from './read/event-xml.ts';
import { sstpParameters } from './sstp-parameters.ts';
import { installedAt } from './windows-build.ts';

export type SstpEvents = Readonly<{
  /** Those of the last 30 days that concern SSTP, newest first. */
  events: readonly LoggedEvent[];
  /** Those of services that failed of which it is not told whether they are SSTP's, newest first. */
  unsure: readonly LoggedEvent[];
  /** Nothing older was seen: the log begins here. */
  since: Date;
  /** The newest entry of the System log, by the clock of the server. */
  until: Date;
  /** There may be more events than these before this moment: only so many were asked for. */
  cutAt?: Date;
  /** When this Windows was installed, where it tells: no log reaches further back. */
  installedAt?: Date;
}>;

const DAY = 86_400_000;

const OURS: Readonly<Record<string, string>> = {
  remoteaccess: 'Routing and Remote Access',
  sstpsvc: 'Secure Socket Tunneling Protocol Service',
  rasman: 'Remote Access Connection Manager',
};
/** In every language that is written in Latin letters, one of these is part of each of the three names (belief). */
const LIKE_OURS = /ras|sstp|remot|rout|tunnel/i;

/**
 * Whether a service that failed is one of SSTP's, or `undefined`. Its name stands in the binary part; Server 2008 leaves it
 * out, and tells only what the service is called in the server's language. Where one failed with one that it depends on, both
 * are about the former (belief, for the binary part).
 */
const isOurs = ({ data: [title = ''], binary }: LoggedEvent): boolean | undefined => {
  if (Object.values(OURS).includes(title)) return true;
  if (binary && /^(?:[0-9a-f]{4})+$/i.test(binary)) {
    const [name = ''] = new TextDecoder('utf-16le').decode(bytesOf(binary)).split(/[\0/]/);
    if (/^[\w .$-]+$/.test(name)) return Object.hasOwn(OURS, name.toLowerCase());
  }
  return /^[\x20-\x7e]+$/.test(title) && !LIKE_OURS.test(title) ? false : undefined;
};

/** HTTP.sys serves other programs, too: what names a port is about that port. */
const isOnPort = ({ data }: LoggedEvent, port: number): boolean => {
  const ports = data.flatMap((value) => [...value.matchAll(/:(\d{1,5})(?=\/|$)/g)].map(([, digits]) => Number(digits)));
  return ports.length === 0 || ports.includes(port);
};

/** Schannel says first, in the language of the server, whether the server was the client; another word is no proof of it. */
const AS_CLIENT = /^(?:client|cliente|クライアント|客户端|用戶端|клиент|클라이언트)/i;
const isOfClient = ({ provider, data: [role = ''] }: LoggedEvent): boolean =>
  provider === 'Schannel' && AS_CLIENT.test(role);

const isOfServices = ({ provider }: LoggedEvent): boolean => provider.startsWith('Service Control Manager');

const concerns = (event: LoggedEvent, port: number): boolean => {
  if (event.provider === 'EventLog' || isOfClient(event)) return false;
  if (isOfServices(event)) return isOurs(event) === true;
  return !/Http/i.test(event.provider) || isOnPort(event, port);
};

/** The moments between which the System log tells; it must reach to the present. */
const reach = (system: readonly LoggedEvent[], observedAt: Date): Pick<SstpEvents, 'since' | 'until'> => {
  const times = system.map(({ at }) => at.getTime());
  if (times.length === 0)
    throw new Unknown('absent', `the System log holds nothing of ${ASKED_DAYS} days, not even that Windows runs`);
  const until = new Date(Math.max(...times));
  if (until.getTime() < observedAt.getTime() - 2 * DAY)
    throw new Unknown(
      'absent',
      `the System log ends at ${until.toISOString()}: it is full, or the clock of the server is wrong`,
    );
  return { since: new Date(Math.min(...times)), until };
};

/** Where the latest answer ends of those that were cut off; the newest events come first. */
const cutAt = (logs: readonly (readonly LoggedEvent[])[]): Date | undefined => {
  const ends = logs.flatMap((log) => log[MOST - 1]?.at.getTime() ?? []);
  return ends.length > 0 ? new Date(Math.max(...ends)) : undefined;
};

/** What the event logs say about SSTP. Source: KB947031 situation 8, step 12; windows-facts 10. */
export const sstpEvents = defineFact<SstpEvents>({
  id: 'events/sstp',
  vantage: 'server',
  right: 'Event Log Readers',
  async ask(_$, facts) {
    const [{ system, control, application }, { port }, installed] = await Promise.all([
      facts.need(eventLogs),
      facts.need(sstpParameters),
      facts.read(installedAt),
    ]);
    const reached = reach([...system, ...control], facts.observedAt);
    // Each answer for what it was asked for, so that nothing counts twice.
    const unsure = control.filter((event) => isOfServices(event) && isOurs(event) === undefined);
    const events = [...system.filter((event) => !isOfServices(event)), ...control.filter(isOfServices), ...application]
      .filter((event) => concerns(event, port))
      .sort((one, other) => other.at.getTime() - one.at.getTime());
    const cut = cutAt([system, control, application]);
    return {
      events,
      unsure,
      ...reached,
      ...(cut && { cutAt: cut }),
      ...(installed.known && { installedAt: installed.value }),
    };
  },
});
