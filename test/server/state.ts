/** A pretended Windows server: what it holds, and what its programs print. Break one thing in it, then ask. */
import iconv from 'iconv-lite';
import type { Answer, Transport } from '../../engine/transports/transport.ts';
import { unanswered } from '../../engine/transports/unanswered.ts';
import { regQuery, type Said } from './reg.ts';
import type { Registry } from './registry.ts';
import { type Service, scQuery } from './sc.ts';
import { type Tongue, WORDS } from './words.ts';

export { addKey, deny, getValue, removeKey, removeValue, setValue, type Value } from './registry.ts';
export { type Tongue, WORDS } from './words.ts';

export type Server = Registry & {
  services: Map<string, Service>;
  /**
   * By command line as sent, such as `netsh.exe http show sslcert`; case and number of blanks do not matter. An entry
   * here goes before the imitations of reg.exe and sc.exe. `wevtutil.exe qe LOG` stands for every query of that log.
   */
  programs: Map<string, Said>;
  codePage: number;
  language: Tongue;
};

/** A server with nothing on it. */
export const emptyServer = (language: Tongue = 'en'): Server => ({
  registry: new Map(),
  deniedKeys: new Set(),
  services: new Map(),
  programs: new Map(),
  codePage: WORDS[language].codePage,
  language,
});

const plain = (command: string): string => command.trim().replace(/\s+/g, ' ').toLowerCase();
const wordsOf = (command: string): readonly string[] =>
  Array.from(command.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, bare]) => quoted ?? bare ?? '');

/** What was put into `programs`, or nothing. */
const prepared = ({ programs }: Server, command: string): Said | undefined => {
  const log = /^wevtutil\.exe qe "?[^\s"]+/.exec(plain(command))?.[0].replace('"', '');
  const wanted = [plain(command), log];
  return [...programs].find(([known]) => wanted.includes(plain(known)))?.[1];
};

const imitated = (server: Server, command: string): Said => {
  const [program = '', verb = '', ...rest] = wordsOf(command);
  const asked = `${program} ${verb}`.toLowerCase();
  if (asked === 'reg.exe query') return regQuery(server, rest);
  if (/^sc\.exe query(?:ex)?$/.test(asked) && rest.length === 1)
    return scQuery(server, rest[0] ?? '', asked.endsWith('ex'));
  return { stdout: '', stderr: `${WORDS[server.language].noProgram(program)}\n`, exitCode: 1 };
};

/** What this server prints for one command, as Windows prints it: CRLF, in the server's code page. */
export const answer = (server: Server, command: string): Pick<Answer, 'stdout' | 'stderr'> & { exitCode: number } => {
  const { stdout, stderr = '', exitCode } = prepared(server, command) ?? imitated(server, command);
  return { stdout: printed(server, stdout), stderr: printed(server, stderr), exitCode };
};

/** In each of the code pages ASCII is ASCII, and most of what is printed is nothing else. */
const printed = ({ codePage }: Server, text: string): Uint8Array => {
  const lines = text.replace(/\r?\n/g, '\r\n');
  if (/^[\u0000-\u007f]*$/.test(lines)) return new Uint8Array(Buffer.from(lines, 'latin1'));
  return new Uint8Array(iconv.encode(lines, codePage === 65001 ? 'utf8' : `cp${codePage}`));
};

/** A transport that ends in this process. It counts what was exchanged; with `recordedAt` it poses as saved evidence. */
export const transportTo = (
  server: Server,
  { recordedAt }: { recordedAt?: Date } = {},
): Transport & { exchanges(): readonly (readonly string[])[] } => {
  const exchanges: (readonly string[])[] = [];
  return {
    kind: recordedAt ? 'evidence' : 'ssh',
    ...(recordedAt && { recordedAt }),
    exchange: async (commands, { signal }) => {
      exchanges.push([...commands]);
      const startedAt = (recordedAt ?? new Date()).toISOString();
      const missing = { reason: 'cancelled', detail: 'the exchange was stopped' } as const;
      return commands.map((command) =>
        signal.aborted
          ? unanswered(command, missing, startedAt)
          : { command, ...answer(server, command), startedAt, tookMs: 0 },
      );
    },
    close: async () => undefined,
    exchanges: () => exchanges,
  };
};
