/** What netstat.exe prints of a pretended server's TCP sockets. */
import type { Said } from './reg.ts';
import type { Tongue } from './words.ts';

type Machine = { programs: Map<string, Said>; language: Tongue };
export type Socket = Readonly<{ local: string; pid: number; foreign?: string; state?: string }>;

export const NETSTAT_4 = 'netstat.exe -ano -p TCP';
export const NETSTAT_6 = 'netstat.exe -ano -p TCPv6';

type Words = Readonly<{ title: string; columns: readonly string[]; listening: string }>;
const ENGLISH: Words = {
  title: 'Active Connections',
  columns: ['Proto', 'Local Address', 'Foreign Address', 'State', 'PID'],
  listening: 'LISTENING',
};
const WORDS: Readonly<Partial<Record<Tongue, Words>>> = {
  ja: {
    title: 'アクティブな接続',
    columns: ['プロトコル', 'ローカル アドレス', '外部アドレス', '状態', 'PID'],
    listening: 'LISTENING',
  },
  de: {
    title: 'Aktive Verbindungen',
    columns: ['Proto', 'Lokale Adresse', 'Remoteadresse', 'Status', 'PID'],
    listening: 'ABHÖREN',
  },
  fr: {
    title: 'Connexions actives',
    columns: ['Proto', 'Adresse locale', 'Adresse distante', 'État', ''],
    listening: 'LISTENING',
  },
};

const line = ([proto = '', local = '', foreign = '', state = '', pid = '']: readonly string[]): string =>
  `  ${proto.padEnd(5)}  ${local.padEnd(21)}  ${foreign.padEnd(21)}  ${state.padEnd(14)}  ${pid}\n`;

const table = (words: Words, sockets: readonly Socket[], nowhere: string): string => {
  const rows = sockets.map(({ local, pid, foreign = nowhere, state = words.listening }) =>
    line(['TCP', local, foreign, state, String(pid)]),
  );
  return `\n${words.title}\n\n${line(words.columns)}${rows.join('')}`;
};

/** Sets what `netstat.exe -ano -p TCP` and `-p TCPv6` print: an address in brackets belongs to the second. */
export const setSockets = ({ programs, language }: Machine, sockets: readonly Socket[]): void => {
  const words = WORDS[language] ?? ENGLISH;
  const six = (socket: Socket): boolean => socket.local.startsWith('[');
  programs.set(NETSTAT_4, {
    stdout: table(
      words,
      sockets.filter((it) => !six(it)),
      '0.0.0.0:0',
    ),
    exitCode: 0,
  });
  programs.set(NETSTAT_6, { stdout: table(words, sockets.filter(six), '[::]:0'), exitCode: 0 });
};

/** An ordinary server's sockets, without those of SSTP; some hold 443 where it means nothing. */
export const ORDINARY: readonly Socket[] = [
  ...['0.0.0.0', '[::]'].flatMap((any) => [
    { local: `${any}:22`, pid: 2912 },
    { local: `${any}:135`, pid: 912 },
    { local: `${any}:445`, pid: 4 },
    { local: `${any}:3389`, pid: 1320 },
    { local: `${any}:5985`, pid: 4 },
    { local: `${any}:47001`, pid: 4 },
    { local: `${any}:49664`, pid: 688 },
  ]),
  { local: '203.0.113.10:139', pid: 4 },
  { local: '203.0.113.10:22', pid: 2912, foreign: '198.51.100.7:50443', state: 'ESTABLISHED' },
  { local: '203.0.113.10:49731', pid: 1443, foreign: '192.0.2.80:443', state: 'ESTABLISHED' },
  { local: '[2001:db8::10]:49740', pid: 1443, foreign: '[2001:db8:80::1]:443', state: 'ESTABLISHED' },
];

/** HTTP.sys listens on the port for both families. */
export const listeners = (port: number): readonly Socket[] => [
  { local: `0.0.0.0:${port}`, pid: 4 },
  { local: `[::]:${port}`, pid: 4 },
];
