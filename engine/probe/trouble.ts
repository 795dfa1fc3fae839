/** What became of something that the world may do wrong: its value, or its trouble. */
import { alertTrouble } from './alerts.ts';
import type { Trouble } from './seen.ts';

export type Went<T> = Readonly<{ value: T } | { trouble: Trouble }>;

const KINDS: Readonly<Record<string, Trouble['kind']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timed-out',
};

/** The number of a TLS alert in an error of OpenSSL, whose names for it change from version to version. */
export const alertInWords = (message: string): number | undefined => {
  const number = /SSL alert number (\d+)/.exec(message)?.[1];
  return number === undefined ? undefined : Number(number);
};

/** The trouble of a socket, by the code of its error; a code without a word of its own means no way there. */
export const troubleOf = ({ code = '', message }: NodeJS.ErrnoException): Trouble => {
  const alert = alertInWords(message);
  if (alert !== undefined) return alertTrouble(alert);
  if (code.startsWith('ERR_SSL_EXCESSIVE')) return { kind: 'too-large', detail: code };
  if (code.startsWith('ERR_SSL_')) return { kind: 'garbage', detail: `TLS makes no sense: ${code}` };
  return { kind: KINDS[code] ?? 'unreachable', detail: code || message };
};

const SHOWN = 60;

/** Hostile text, or the start of it, as text that can be printed. */
export const printable = (text: string): string => text.slice(0, SHOWN).replace(/[^\x20-\x7e]/g, '.');

export const garbage = (what: string, bytes: Uint8Array): Trouble => ({
  kind: 'garbage',
  detail: `${what}: "${printable(Buffer.from(bytes.subarray(0, SHOWN)).toString('latin1'))}"`,
});
