import { EVENTS_BENEATH } from './beneath.ts';
import type { KnownEvent } from './known.ts';
import { RAS_SSTP_EVENTS } from './ras-sstp.ts';
import { RAS_CLIENT_EVENTS, REMOTE_ACCESS_EVENTS } from './remote-access.ts';

export type { KnownEvent } from './known.ts';

/** Every event of which the meaning is known. */
export const EVENT_IDS: readonly KnownEvent[] = [
  ...RAS_SSTP_EVENTS,
  ...REMOTE_ACCESS_EVENTS,
  ...EVENTS_BENEATH,
  ...RAS_CLIENT_EVENTS,
];

/** Older names of the same providers (belief). */
const ALIASES: Readonly<Record<string, string>> = {
  RasSstp: 'Microsoft-Windows-RasSstp',
  HTTP: 'Microsoft-Windows-HttpEvent',
  'Service Control Manager Eventlog Provider': 'Service Control Manager',
};

/** What is known of an event. */
export const knownEvent = (provider: string, id: number): KnownEvent | undefined =>
  EVENT_IDS.find((event) => event.id === id && event.provider === (ALIASES[provider] ?? provider));

const ERROR = 2;

/** Whether an event tells of a failure of this server: by what is known of it, else by the level that it was logged with. */
export const isFailure = ({
  provider,
  id,
  level,
}: Readonly<{ provider: string; id: number; level: number }>): boolean => {
  const known = knownEvent(provider, id);
  return known ? known.side === 'server' && known.level === 'error' : level <= ERROR;
};
