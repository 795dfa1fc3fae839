import test from 'ava';
import { type Key, parseRegistry } from '../../../checks/facts/read/registry.ts';
import { Unknown } from '../../../engine/define.ts';
import { said } from '../../server/asked.ts';
import { emptyServer, setValue, type Tongue, WORDS } from '../../server/state.ts';
import { sample } from './samples.ts';

const UPDATE = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU`;
const KEY = String.raw`HKLM\SOFTWARE\Example`;
const FULL = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Example`;

test('the recorded Japanese answer is read up to its errors, which are none of it', (t) => {
  const text = sample(t, 'regquery-ja-1.txt');
  if (text === undefined) return;
  t.throws(() => parseRegistry(UPDATE, text), { instanceOf: Unknown, message: /line that reg\.exe does not print/ });
  const [first = ''] = text.split(/^\$/m);
  t.is(parseRegistry(UPDATE, first).dword('DetectionFrequency'), 16);
});

test('the recorded German error is no answer, and what follows it is read alone', (t) => {
  const text = sample(t, 'regquery-de-1-notfound.txt');
  if (text === undefined) return;
  const key = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\FileSystem`;
  t.throws(() => parseRegistry(key, text), { instanceOf: Unknown, message: /FEHLER/ });
  t.is(parseRegistry(key, text.replace(/^FEHLER.*\n/, '')).dword('LongPathsEnabled'), 1);
});

test('the recorded Japanese default value, without its key, is no answer; with it, it is empty', (t) => {
  const text = sample(t, 'regquery-ja-2-default.txt');
  if (text === undefined) return;
  t.throws(() => parseRegistry(KEY, text), { instanceOf: Unknown, message: /below no key/ });
  t.is(parseRegistry(KEY, `${FULL}\n${text}`).text('(既定)'), '');
});

const example = (language: Tongue = 'en'): string => {
  const server = emptyServer(language);
  setValue(server, KEY, 'ResetTime (mins)', ['REG_DWORD', 0xb40]);
  setValue(server, KEY, 'Hash', ['REG_BINARY', Uint8Array.of(0xab, 0x01)]);
  setValue(server, KEY, 'List', ['REG_MULTI_SZ', ['one', 'two']]);
  setValue(server, KEY, 'Path', ['REG_EXPAND_SZ', '%X%']);
  setValue(server, KEY, 'Nothing', ['REG_BINARY', new Uint8Array()]);
  setValue(server, `${KEY}\\Below`, '', ['REG_SZ', 'text']);
  setValue(server, `${KEY}\\Below\\Deeper`, 'Port', ['REG_DWORD', 443]);
  return said(server, `reg.exe query ${KEY} /s`).out;
};

for (const language of Object.keys(WORDS) as Tongue[])
  test(`values of every type are read in ${language}`, (t) => {
    const key = parseRegistry(KEY, example(language));
    t.is(key.path, FULL);
    t.is(key.dword('RESETTIME (MINS)'), 0xb40);
    t.deepEqual(key.binary('hash'), Uint8Array.of(0xab, 0x01));
    t.deepEqual(key.list('List'), ['one', 'two']);
    t.is(key.text('Path'), '%X%');
    t.deepEqual(key.binary('Nothing'), new Uint8Array());
    t.is(key.key('below\\DEEPER')?.dword('Port'), 443);
    t.is(key.keys()[0]?.text(WORDS[language].defaultValue), 'text');
    t.is(key.dword('Missing'), undefined);
    t.is(key.key('Elsewhere'), undefined);
  });

for (const [name, read] of [
  ['a number as text', (key: Key) => key.text('ResetTime (mins)')],
  ['bytes as a number', (key: Key) => key.dword('Hash')],
  ['text as bytes', (key: Key) => key.binary('Path')],
  ['text as a list', (key: Key) => key.list('Path')],
] as const)
  test(`${name} is unknown, not absent`, (t) => {
    t.throws(() => read(parseRegistry(KEY, example())), { instanceOf: Unknown, message: /expected REG_/ });
  });

const answer = (...lines: readonly string[]): string => ['', ...lines, ''].join('\r\n');
for (const [name, text] of [
  ['nothing', ''],
  ['blank lines', answer()],
  ['another key', answer(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Elsewhere`, '    A    REG_DWORD    0x1')],
  ['a key whose name only begins alike', answer(`${FULL}s`, '    A    REG_DWORD    0x1')],
  ['a value before any key', answer('    A    REG_DWORD    0x1')],
  ['a value whose key was lost', answer(FULL, '    A    REG_DWORD    0x1', '', '    B    REG_DWORD    0x1')],
  ['a value that stands twice', answer(FULL, '    A    REG_DWORD    0x1', '    a    REG_DWORD    0x2')],
  ['a line of words', answer(FULL, 'End of search: 1 match(es) found.')],
  ['a number that goes on in the next line', answer(FULL, '    A    REG_DWORD    0x1', 'more')],
  ['a .reg export', answer(`[${FULL}]`, '"A"=dword:00000001')],
  ['fewer blanks', answer(FULL, '  A  REG_DWORD  0x1')],
] as const)
  test(`${name} is no answer`, (t) => {
    t.throws(() => parseRegistry(KEY, text), { instanceOf: Unknown });
  });

for (const data of ['', '443', '0x', '0x1ffffffff', '(null)'])
  test(`a number printed as "${data}" is unknown`, (t) => {
    const key = parseRegistry(KEY, answer(FULL, `    A    REG_DWORD    ${data}`));
    t.throws(() => key.dword('A'), { instanceOf: Unknown });
  });

test('bytes that are none are unknown', (t) => {
  const key = parseRegistry(KEY, answer(FULL, '    A    REG_BINARY    0G', '    B    REG_BINARY    ABC'));
  for (const name of ['A', 'B']) t.throws(() => key.binary(name), { instanceOf: Unknown });
});

test('a text may break over lines, and end in an empty one', (t) => {
  const key = parseRegistry(
    KEY,
    answer(FULL, '    A    REG_SZ    one', 'two', '    B    REG_SZ    end', '', '    C    REG_DWORD    0x1'),
  );
  t.is(key.text('A'), 'one\ntwo');
  t.is(key.text('B'), 'end');
  t.is(key.dword('C'), 1);
});

test('a name with many blanks is read whole', (t) => {
  const key = parseRegistry(KEY, answer(FULL, '    a    b  c    REG_SZ    d    REG_SZ    e'));
  t.is(key.text('a    b  c'), 'd    REG_SZ    e');
});
