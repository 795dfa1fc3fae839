import test from 'ava';
import { refusalOf } from '../../engine/allowed.ts';
import { quoteForCmd } from '../../engine/quote.ts';

for (const command of [
  'reg.exe query HKLM\\SYSTEM /s',
  'sc.exe query RemoteAccess',
  'netsh.exe http show sslcert',
  'netstat.exe -ano -p TCP',
  'wevtutil.exe qe System "/q:*[System[TimeCreated[timediff(@SystemTime) <= 1]]]" /f:xml',
])
  test(`may be sent: ${command}`, (t) => t.is(refusalOf(command), undefined));

for (const command of [
  'reg.exe delete HKLM\\SYSTEM /f',
  'reg.exe add HKLM\\SYSTEM',
  'sc.exe stop RemoteAccess',
  'netsh.exe http add sslcert',
  'netsh.exe http delete sslcert',
  'wevtutil.exe cl System',
  'cmd.exe /c del x',
  'powershell.exe -Command x',
  'reg query HKLM\\SYSTEM',
  'C:\\temp\\reg.exe query HKLM',
  'reg.exe query HKLM & del x',
  'reg.exe query HKLM | more',
  'reg.exe query HKLM > file',
  'reg.exe query "HKLM" & shutdown "',
  'reg.exe query "HKLM',
  'reg.exe query %TEMP%',
  'reg.exe query HKLM\r\ndel x',
  'reg.exe query ^HKLM',
  'reg.exe query !n!',
  '',
])
  test(`is refused before it leaves: ${JSON.stringify(command)}`, (t) => t.is(typeof refusalOf(command), 'string'));

test('an argument is quoted for cmd.exe, or refused', (t) => {
  t.is(quoteForCmd('HKLM\\SYSTEM'), 'HKLM\\SYSTEM');
  t.is(quoteForCmd('HKLM\\SOFTWARE\\Windows NT\\'), '"HKLM\\SOFTWARE\\Windows NT\\\\"');
  t.is(quoteForCmd('a & b'), '"a & b"');
  t.is(quoteForCmd(''), '""');
  for (const argument of ['%PATH%', 'a"b', 'a^b', 'a!b', 'a\nb', 'a\0b'])
    t.throws(() => quoteForCmd(argument), { instanceOf: TypeError });
});
