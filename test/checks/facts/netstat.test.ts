import test from 'ava';
import { parseSockets, type Socket } from '../../../checks/facts/read/netstat.ts';
import { Unknown } from '../../../engine/define.ts';
import { said } from '../../server/asked.ts';
import { healthy } from '../../server/healthy.ts';
import { NETSTAT_4, NETSTAT_6, type Socket as Pretended, setSockets } from '../../server/sockets.ts';
import type { Tongue } from '../../server/state.ts';
import { sample } from './samples.ts';

const at = (address: string, pairs: Readonly<Record<number, number>>): readonly Socket[] =>
  Object.entries(pairs).map(([port, pid]) => ({ address, port: Number(port), pid }));
const ANY = '0.0.0.0';

/** Prompts come from whoever recorded it; netstat.exe itself begins with a title. */
const READ: Readonly<Record<string, readonly Socket[]>> = {
  'netstat-en-2-pid4.txt': at(ANY, {
    22: 1788,
    80: 4,
    135: 848,
    443: 4,
    445: 4,
    5985: 4,
    8080: 4,
    8172: 4,
    47001: 4,
  }),
  'netstat-en-3-nonhttpsys.txt': at(ANY, {
    80: 2588,
    135: 928,
    443: 2588,
    445: 4,
    5040: 5680,
    5985: 4,
    6379: 1832,
    7680: 4460,
  }),
  'netstat-es-1-real.txt': at(ANY, { 135: 916, 445: 4, 5040: 4484, 7680: 6760 }),
  'netstat-fr-1.txt': at(ANY, { 80: 4, 135: 1112, 445: 4, 808: 4928 }),
  'netstat-zh-1.txt': at(ANY, { 135: 1072, 443: 5184, 445: 4, 808: 3704, 902: 4336, 912: 4336, 1688: 3672 }),
  'netstat-zh-2.txt': at(ANY, {
    80: 104792,
    135: 1608,
    443: 104792,
    445: 4,
    1433: 8380,
    5040: 7688,
    5357: 4,
    7680: 4880,
  }),
};
const withoutPrompt = (text: string): string => text.replace(/^.*>\s*netstat.*\n/, '');

for (const [name, expected] of Object.entries(READ))
  test(`the recorded answer ${name} is read without a wrong value`, (t) => {
    const text = sample(t, name);
    if (text !== undefined) t.deepEqual(parseSockets(withoutPrompt(text)).listening, expected);
  });

for (const [name, says] of [
  ['netstat-en-1-findstr443.txt', /printed no table/],
  ['netstat-en-4-nopid.txt', /does not print such a row/],
  ['netstat-fr-2-b.txt', /does not print such a row/],
  ['netstat-fr-3-resolved.txt', /no table|such a row/],
] as const)
  test(`the recorded answer ${name} has another form: unknown`, (t) => {
    const text = sample(t, name);
    if (text !== undefined) t.throws(() => parseSockets(withoutPrompt(text)), { instanceOf: Unknown, message: says });
  });

const told = (command: string, language: Tongue, ...sockets: readonly Pretended[]): string => {
  const server = healthy({ language });
  setSockets(server, sockets);
  return said(server, command).out;
};

for (const language of ['en', 'ja', 'de', 'fr', 'ru'] satisfies Tongue[])
  test(`listeners are told from connections in ${language}`, (t) => {
    const text = told(
      NETSTAT_4,
      language,
      { local: '0.0.0.0:443', pid: 4 },
      { local: '203.0.113.10:443', pid: 4, foreign: '198.51.100.7:50443', state: 'ESTABLISHED' },
      { local: '203.0.113.10:139', pid: 4 },
    );
    t.deepEqual(parseSockets(text), {
      listening: [...at(ANY, { 443: 4 }), ...at('203.0.113.10', { 139: 4 })],
      connected: at('203.0.113.10', { 443: 4 }),
    });
  });

test('IPv6 addresses lose brackets and scope', (t) => {
  const text = told(
    NETSTAT_6,
    'en',
    { local: '[::]:443', pid: 4 },
    { local: '[fe80::1c2d:3e4f:5a6b:7c8d%12]:139', pid: 4 },
    { local: '[2001:db8::10]:49740', pid: 1443, foreign: '[2001:db8:80::1]:443', state: 'ESTABLISHED' },
  );
  t.deepEqual(parseSockets(text), {
    listening: [...at('::', { 443: 4 }), ...at('fe80::1c2d:3e4f:5a6b:7c8d', { 139: 4 })],
    connected: at('2001:db8::10', { 49740: 1443 }),
  });
});

test('a word for the state that nobody knows, of several parts, is fine', (t) => {
  const text = told(NETSTAT_4, 'en', { local: '0.0.0.0:443', pid: 4, state: 'EN ÉCOUTE' });
  t.deepEqual(parseSockets(text).listening, at(ANY, { 443: 4 }));
});

test('a header alone is a host without such sockets', (t) => {
  t.deepEqual(parseSockets(told(NETSTAT_6, 'ja')), { listening: [], connected: [] });
});

const row = '  TCP    0.0.0.0:443            0.0.0.0:0              LISTENING       4';
const head = 'Active Connections\r\n\r\n  Proto  Local Address  Foreign Address  State  PID\r\n';
for (const [name, text] of [
  ['nothing', ''],
  ['one line', 'Active Connections\r\n'],
  ['rows without a header', `${row}\r\n${row}\r\n${row}\r\n`],
  ['a header that was cut', `Active Connections\r\n\r\n${row}\r\n`],
  ['control characters', `\u0000\u0001\r\n\u0002\r\n`],
  ['an error after the table', `${head}${row}\r\nThe operation failed.\r\n`],
  ['a row without a process', `${head}${row.replace(/ +4$/, '')}\r\n`],
  ['a row that was cut', `${head}${row.slice(0, 40)}\r\n`],
  ['a row of UDP', `${head}  UDP    0.0.0.0:443            *:*                                    4\r\n`],
] as const)
  test(`${name} is no answer`, (t) => {
    t.throws(() => parseSockets(text), { instanceOf: Unknown });
  });
