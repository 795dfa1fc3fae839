/** What became of something that the world may do wrong: its value, or its trouble. */
import type { Trouble } from './seen.ts';

export type Went<T> = Readonly<{ value: T } | { trouble: Trouble }>;

const KINDS: Readonly<Record<string, Trouble['kind']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timed-out',
};

/** The trouble of a socket, by the code of the operating system; a code without a word of its own means no way there. */
export const troubleOf = ({ code, message }: NodeJS.ErrnoException): Trouble => ({
  kind: KINDS[code ?? ''] ?? 'unreachable',
  detail: code ?? message,
});

const SHOWN = 60;

/** Hostile text, or the start of it, as text that can be printed. */
export const printable = (text: string): string => text.slice(0, SHOWN).replace(/[^\x20-\x7e]/g, '.');

export const garbage = (what: string, bytes: Uint8Array): Trouble => ({
  kind: 'garbage',
  detail: `${what}: "${printable(Buffer.from(bytes.subarray(0, SHOWN)).toString('latin1'))}"`,
});
