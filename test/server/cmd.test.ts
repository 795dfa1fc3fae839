import test from 'ava';
import { decode, encode, newNonce } from '../../engine/snap.ts';
import { ran } from './cmd.ts';
import { healthy } from './healthy.ts';
import { answer } from './state.ts';

const COMMANDS = [
  'sc.exe query RemoteAccess',
  'sc.exe query Nonsense',
  String.raw`reg.exe query "HKLM\SYSTEM\CurrentControlSet\Services\SstpSvc\Parameters"`,
  'wevtutil.exe qe System "/q:*[System[(Level <= 3) and TimeCreated[timediff(@SystemTime) <= 86400000]]]" /c:10 /f:xml',
];

test('a batch of questions is answered as the questions are one by one', (t) => {
  const server = healthy({ language: 'ja' });
  const nonce = newNonce();
  const { line = '', taken } = encode(COMMANDS, nonce);
  t.is(taken, COMMANDS.length);
  const segments = decode(ran(server, line), nonce, taken);
  for (const [at, command] of COMMANDS.entries()) {
    const { stdout, stderr, exitCode } = answer(server, command);
    const segment = segments[at];
    t.true(segment?.complete, command);
    t.deepEqual(segment?.stdout, Buffer.from(stdout), command);
    t.deepEqual(segment?.stderr, Buffer.from(stderr), command);
    t.is(segment?.exitCode, exitCode, command);
  }
});

test('an operator that the first cmd.exe would act on is not overlooked', (t) => {
  const line = 'cmd.exe /d /q /v:on /s /c "wevtutil.exe qe System "/q:*[a <= 1]""';
  t.throws(() => ran(healthy(), line), { message: /the first cmd\.exe ends the command/ });
});
