import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { said } from './asked.ts';
import { filterBlock } from './filters.ts';
import { emptyServer, type Server, setValue, type Tongue } from './state.ts';

const SAMPLES = '../shared/samples';

const recorded = test.macro((t, file: string, language: Tongue, command: string, given: (server: Server) => void) => {
  const path = `${SAMPLES}/${file}`;
  if (!existsSync(path)) {
    t.log(`SKIPPED: ${path} is not here`);
    return t.pass();
  }
  const server = emptyServer(language);
  given(server);
  const { out, err } = said(server, command);
  const plain = (text: string): string[] =>
    text
      .split(/\r?\n/)
      .map((line) => line.trimEnd())
      .filter((line) => line !== '');
  const pausable = file === 'sc-ru-1.txt' ? 'PAUSABLE' : 'NOT_PAUSABLE';
  const sample = plain(readFileSync(path, 'utf8'));
  t.deepEqual(
    plain(out + err).filter((line) => !sample.includes(line.replace('NOT_PAUSABLE', pausable))),
    [],
  );
  t.true(plain(out + err).length > 0);
});
const service =
  (name: string, ...[state, type, win32ExitCode]: [1 | 4, number, number]) =>
  (server: Server) =>
    server.services.set(name, { state, type, win32ExitCode });
const UPDATE = String.raw`HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU`;
test(
  'a stopped service looks as recorded',
  recorded,
  'sc-en-1-remoteaccess-stopped.txt',
  'en',
  'sc.exe query RemoteAccess',
  service('RemoteAccess', 1, 0x20, 1077),
);
test(
  'a running service looks as recorded',
  recorded,
  'sc-en-2-sstpsvc-running.txt',
  'en',
  'sc.exe query SstpSvc',
  service('SstpSvc', 4, 0x30, 0),
);
test(
  'a service looks as recorded in Russian',
  recorded,
  'sc-ru-1.txt',
  'ru',
  'sc.exe query test',
  service('test', 4, 0x10, 0),
);
test(
  'an absent value looks as recorded in Japanese',
  recorded,
  'regquery-ja-1.txt',
  'ja',
  `reg.exe query ${UPDATE} /v X`,
  (server) => setValue(server, UPDATE, 'DetectionFrequency', ['REG_DWORD', 16]),
);
test(
  'a value looks as recorded in Japanese',
  recorded,
  'regquery-ja-1.txt',
  'ja',
  `reg.exe query ${UPDATE}`,
  (server) => setValue(server, UPDATE, 'DetectionFrequency', ['REG_DWORD', 16]),
);
test(
  'an absent key looks as recorded in German',
  recorded,
  'regquery-de-1-notfound.txt',
  'de',
  `reg.exe query ${UPDATE}`,
  () => {},
);

test('an interface without filters is the recorded one', (t) => {
  const path = `${SAMPLES}/rras-interfaceinfo-registry-en-1.txt`;
  if (!existsSync(path)) {
    t.log(`SKIPPED: ${path} is not here`);
    return t.pass();
  }
  const hex = /"InterfaceInfo"=hex:([^"[]*)/.exec(readFileSync(path, 'utf8'))?.[1]?.replace(/[^0-9a-f]/g, '');
  t.is(hex, Buffer.from(filterBlock()).toString('hex'));
});
