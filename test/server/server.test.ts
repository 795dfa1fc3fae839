import test from 'ava';
import { said } from './asked.ts';
import { CURRENT_VERSION, healthy, observedAt } from './healthy.ts';
import {
  addKey,
  answer,
  deny,
  emptyServer,
  removeKey,
  removeValue,
  type Server,
  setValue,
  type Tongue,
  transportTo,
  WORDS,
} from './state.ts';

const TONGUES = Object.keys(WORDS) as Tongue[];
const KEY = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Example`;

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');

/** One key with one value of each type, two keys below, one of them without values. */
const example = (language: Tongue = 'en'): Server => {
  const server = emptyServer(language);
  setValue(server, KEY, 'ResetTime (mins)', ['REG_DWORD', 0xb40]);
  setValue(server, KEY, 'Hash', ['REG_BINARY', Uint8Array.of(0xab, 0x01)]);
  setValue(server, KEY, 'List', ['REG_MULTI_SZ', ['one', 'two']]);
  setValue(server, KEY, 'Empty', ['REG_SZ', '']);
  addKey(server, `${KEY}\\Zulu`);
  setValue(server, `${KEY}\\alpha`, '', ['REG_EXPAND_SZ', '%X%']);
  return server;
};
const VALUES = [
  KEY,
  '    ResetTime (mins)    REG_DWORD    0xb40',
  '    Hash    REG_BINARY    AB01',
  '    List    REG_MULTI_SZ    one\\0two',
  '    Empty    REG_SZ    ',
];

const printing = test.macro((t, command: string, ...expected: readonly string[]) => {
  t.deepEqual(said(example(), command), { out: lines(...expected), err: '', exitCode: 0 });
});
test(
  'a key prints its values, then the names of the keys below',
  printing,
  `reg.exe query ${KEY}`,
  '',
  ...VALUES,
  '',
  `${KEY}\\alpha`,
  `${KEY}\\Zulu`,
);
test(
  'HKLM is printed as HKEY_LOCAL_MACHINE',
  printing,
  String.raw`reg.exe query HKLM\SOFTWARE\Example /reg:64`,
  '',
  ...VALUES,
  '',
  `${KEY}\\alpha`,
  `${KEY}\\Zulu`,
);
test(
  'a recursive query prints every key with its values',
  printing,
  `REG.EXE  query "${KEY}" /s`,
  '',
  ...VALUES,
  '',
  `${KEY}\\alpha`,
  '    (Default)    REG_EXPAND_SZ    %X%',
  '',
  `${KEY}\\Zulu`,
);
test(
  'one value is asked without regard to case',
  printing,
  `reg.exe query ${KEY} /v HASH`,
  '',
  KEY,
  '    HASH    REG_BINARY    AB01',
  '',
);
test('a key without values prints the keys below only', printing, String.raw`reg.exe query HKLM\SOFTWARE`, '', KEY);

const refusing = test.macro((t, given: (server: Server) => void, command: string, err: keyof (typeof WORDS)['en']) => {
  for (const language of TONGUES) {
    const server = example(language);
    given(server);
    t.deepEqual(
      said(server, command),
      { out: '', err: `${WORDS[language][err]}\n`.replaceAll('\n', '\r\n'), exitCode: 1 },
      language,
    );
  }
});
test(
  'a removed key ends with exit code 1',
  refusing,
  (server: Server) => removeKey(server, KEY),
  `reg.exe query ${KEY}`,
  'absent',
);
test(
  'a removed value ends with exit code 1',
  refusing,
  (server: Server) => removeValue(server, KEY, 'hash'),
  `reg.exe query ${KEY} /v Hash`,
  'absent',
);
test(
  'a denied key ends with exit code 1, too',
  refusing,
  (server: Server) => deny(server, KEY),
  `reg.exe query ${KEY}`,
  'denied',
);
test(
  'a key below a denied one is denied',
  refusing,
  (server: Server) => deny(server, KEY),
  `reg.exe query ${KEY}\\alpha`,
  'denied',
);
test(
  'Server 2008 does not know /reg:64',
  refusing,
  (server: Server) => setValue(server, CURRENT_VERSION, 'CurrentBuild', ['REG_SZ', '6002']),
  `reg.exe query ${KEY} /reg:64`,
  'syntax',
);

test('a recursive query passes over a denied key and ends with exit code 1', (t) => {
  const server = example();
  deny(server, `${KEY}\\ALPHA`);
  const { out, err, exitCode } = said(server, `reg.exe query ${KEY} /s`);
  t.deepEqual([out, err, exitCode], [lines('', ...VALUES, '', `${KEY}\\Zulu`), lines('ERROR: Access is denied.'), 1]);
  t.true(said(server, `reg.exe query ${KEY}`).out.includes('\\alpha'), 'its parent still lists it');
});

test('an unknown program ends with exit code 1', (t) => {
  const { out, err, exitCode } = said(emptyServer(), 'frob.exe /x');
  t.deepEqual([out, exitCode], ['', 1]);
  t.regex(err, /^'frob\.exe' is not recognized/);
});

test('a program that a test prepares goes before the imitation, whatever its blanks and case', (t) => {
  const server = healthy();
  server.programs.set('sc.exe query RasMan', { stdout: 'ö\n', exitCode: 7 });
  server.codePage = 850;
  t.deepEqual(answer(server, 'SC.exe  query rasman'), {
    stdout: Uint8Array.of(0x94, 13, 10),
    stderr: new Uint8Array(),
    exitCode: 7,
  });
});

test('every query of an event log gets the events of that log', (t) => {
  const server = healthy();
  t.regex(
    said(server, 'wevtutil.exe qe System /q:"*[System]" /e:Events').out,
    /^<Events>\r\n<Event [\s\S]*<\/Event>\r\n<\/Events>\r\n$/,
  );
  t.is(said(server, 'wevtutil.exe qe "Application" /c:1').out, lines('<Events>', '</Events>'));
  t.is(said(server, 'wevtutil.exe qe Security').exitCode, 1);
});

test('a service that is not installed, or may not be queried, ends with the Win32 code', (t) => {
  const server = emptyServer('de');
  server.services.set('RasMan', { state: 4, denied: true });
  t.is(said(server, 'sc.exe query SstpSvc').exitCode, 1060);
  t.regex(said(server, 'sc.exe query SstpSvc').out, /^\[SC\] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n/);
  t.is(said(server, 'sc.exe query rasman').exitCode, 5);
});

test('exchanges are counted, and recorded answers keep their time', async (t) => {
  const transport = transportTo(healthy(), { recordedAt: observedAt });
  const { signal } = new AbortController();
  const [first, second] = await transport.exchange(['sc.exe query HTTP', 'frob.exe'], { signal });
  t.deepEqual([first?.exitCode, first?.startedAt, second?.exitCode], [0, '2026-11-01T00:00:00.000Z', 1]);
  t.deepEqual(transport.exchanges(), [['sc.exe query HTTP', 'frob.exe']]);
  const [late] = await transport.exchange(['sc.exe query HTTP'], { signal: AbortSignal.abort() });
  t.is(late?.missing?.reason, 'cancelled');
});
