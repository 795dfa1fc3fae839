/** What a WS-Management server says when it cannot do what it was asked, and what that means for us. */
import type { Ignorance } from '../../model.ts';
import { FAULT_DETAIL, NS } from './namespaces.ts';
import { type Element, find } from './xml.ts';

/** `code` is the number that Windows gives; `kind` the one that the standard gives, such as `AccessDenied`. */
export type Fault = Readonly<{ code: number | undefined; kind: string; text: string }>;

/** The fault in the body of an envelope, if it holds one. */
export const faultIn = (body: Element): Fault | undefined => {
  const fault = find(body, NS.s, 'Fault');
  if (!fault) return;
  const detail = find(fault, FAULT_DETAIL, 'WSManFault');
  const message = detail && find(detail, FAULT_DETAIL, 'Message');
  const subcode = find(fault, NS.s, 'Subcode');
  const code = detail?.attributes['Code'];
  const text = [message?.text, find(fault, NS.s, 'Text')?.text].map((said) => said?.replace(/\s+/g, ' ').trim());
  return {
    code: code !== undefined && /^\d{1,10}$/.test(code) ? Number(code) : undefined,
    kind: (subcode && find(subcode, NS.s, 'Value')?.text.trim().replace(/^.*:/, '')) ?? '',
    text: text.find((said) => said) ?? '',
  };
};

/** No output came within the operation's time: ask again. */
export const isTimedOut = ({ code, kind }: Fault): boolean => code === 0x80338029 || kind === 'TimedOut';

type Meaning = readonly [reason: Ignorance['reason'], detail: string];

const DENIED: Meaning = [
  'denied',
  'the account may not open a remote shell there: it takes an administrator, or the right Invoke in RootSDDL of WinRM',
];
const SWITCHED_OFF: Meaning = [
  'refused',
  'the server takes no remote shells: its policy Allow Remote Shell Access (Windows Remote Shell) is disabled; ask over ssh, by JEA or by collect.cmd',
];
const GONE: Meaning = ['truncated', 'the remote shell is gone: the service was restarted, or ended the shell'];
const ENDED: Meaning = ['truncated', 'the server ended the command'];
const TOO_LARGE: Meaning = [
  'truncated',
  'the answer is larger than the server may send; see MaxEnvelopeSizekb of WinRM',
];
const quota = (what: string, setting: string): Meaning => [
  'refused',
  `the server's quota of ${what} is used up (${setting} of WinRM): wait until other sessions end, or raise it`,
];
const SHELLS = quota('remote shells for this user', 'MaxShellsPerUser');
const OPERATIONS = quota('operations for this user', 'MaxConcurrentOperationsPerUser');
const USERS = quota('users with remote shells', 'MaxConcurrentUsers');
const LOAD = quota('requests in a short time', 'its load quota');
const MEMORY = quota('memory for one shell', 'MaxMemoryPerShellMB');

/** By number. Source: wsmerror.h and winerror.h of Windows. */
const BY_CODE: Readonly<Record<number, Meaning>> = {
  5: DENIED,
  8: MEMORY,
  14: MEMORY,
  995: ENDED,
  2147942414: MEMORY,
  2147942405: DENIED,
  2150858790: TOO_LARGE,
  2150858805: TOO_LARGE,
  2150858824: TOO_LARGE,
  2150858843: GONE,
  2150859173: SHELLS,
  2150859174: OPERATIONS,
  2150859175: LOAD,
  2150859176: LOAD,
  2150859179: USERS,
  2150859180: SWITCHED_OFF,
  2150859212: ENDED,
  2150859236: SHELLS,
  2150859237: USERS,
  2150859240: OPERATIONS,
  2150859241: quota('commands in one shell', 'MaxProcessesPerShell'),
};

/** By kind, for a number that is not in the table. Source: DSP0226, the WS-Management standard. */
const BY_KIND: Readonly<Record<string, Meaning>> = {
  AccessDenied: DENIED,
  QuotaLimit: quota('something', 'one of the quotas'),
  EncodingLimit: TOO_LARGE,
  InvalidSelectors: GONE,
  TimedOut: ['timed-out', 'the server did not do in time what it was asked'],
};

/** Text of a server that goes into a detail. */
const SAID_CHARACTERS = 300;

export const meaningOf = ({ code, kind, text }: Fault): Ignorance => {
  const known = (code === undefined ? undefined : BY_CODE[code]) ?? BY_KIND[kind];
  const [reason, detail] = known ?? ['unreadable', 'the server answered with a fault that we do not know'];
  const number = code === undefined ? kind || 'no code' : `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
  return { reason, detail: `${detail} (${number}${text && `: ${text.slice(0, SAID_CHARACTERS)}`})` };
};
