import { Unknown } from '../../../engine/define.ts';

const STATES = {
  1: 'STOPPED',
  2: 'START_PENDING',
  3: 'STOP_PENDING',
  4: 'RUNNING',
  5: 'CONTINUE_PENDING',
  6: 'PAUSE_PENDING',
  7: 'PAUSED',
} as const;

/** What the service control manager says of a service. `pid` only where it was asked for (`queryex`). */
export type ServiceStatus = Readonly<{
  state: (typeof STATES)[keyof typeof STATES];
  /** Why it stopped: a Win32 code, 1077 where it was never started since the machine booted. */
  win32ExitCode?: number;
  pid?: number;
}>;

const NAMES: readonly string[] = Object.values(STATES);
const isState = (word: string): word is ServiceStatus['state'] => NAMES.includes(word);

/** Labels are localised; numbers and constants are not. `TYPE` has the shape of `STATE`, with other constants. */
const NUMBERED = /:\s*([1-7])\s+([A-Z_]+)\s*$/;
/** sc.exe closes IGNORES_SHUTDOWN, which drivers such as HTTP.sys have, with two brackets. */
const ACCEPTED = /^\s*\([A-Z_, ]+\){1,2}\s*$/;
const CODE = /:\s*(\d{1,10})\s+\(0x[0-9a-f]{1,8}\)\s*$/i;
const PLAIN_NUMBER = /:\s*(\d{1,10})\s*$/;

/** The state line: its number and its constant must say the same. */
const stateOf = (line: string): ServiceStatus['state'] | undefined => {
  const [, number, word = ''] = NUMBERED.exec(line) ?? [];
  return isState(word) && STATES[Number(number) as keyof typeof STATES] === word ? word : undefined;
};

/**
 * Reads what `sc.exe query NAME` or `queryex NAME` printed, in any display language. Throws Unknown `unreadable` for
 * anything that sc.exe does not print. Source: windows-facts 1.
 */
export const parseServiceStatus = (service: string, text: string): ServiceStatus => {
  const unreadable = (what: string): never => {
    throw new Unknown('unreadable', `sc.exe said of ${service}: ${what}`);
  };
  const [title = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (!title.toLowerCase().trimEnd().endsWith(`: ${service.toLowerCase()}`))
    unreadable(title.slice(0, 80) || 'nothing');
  const odd = lines.find((line) => !line.includes(':') && !ACCEPTED.test(line));
  if (odd !== undefined) unreadable(odd.slice(0, 80));
  const states = lines.map(stateOf).filter((state) => state !== undefined);
  const state = states[0];
  if (states.length !== 1 || !state) return unreadable(`${states.length} states`);
  const code = lines.map((line) => CODE.exec(line)?.[1]).find((found) => found !== undefined);
  const pid = lines.map((line) => PLAIN_NUMBER.exec(line)?.[1]).find((found) => found !== undefined);
  return { state, ...(code && { win32ExitCode: Number(code) }), ...(pid && { pid: Number(pid) }) };
};

/** ERROR_SERVICE_NEVER_STARTED. */
const NEVER_STARTED = 1077;

/** The state, and why it is no other. */
export const stateInWords = ({ state, win32ExitCode = 0 }: ServiceStatus): string => {
  if (state === 'RUNNING' || win32ExitCode === 0) return state;
  return `${state} (${win32ExitCode === NEVER_STARTED ? 'never started since the server booted' : `error ${win32ExitCode}`})`;
};
