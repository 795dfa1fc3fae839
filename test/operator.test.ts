/** A day of an operator on which little goes well. */
import test from 'ava';
import { ask } from './command.ts';

const NAMES = ['--input', 'publicNames=vpn.example.com'];
/** Nothing listens there. */
const REFUSED = 'ssh://admin@127.0.0.1:9';
const timesIn = (text: string, part: string): number => text.split(part).length - 1;

test('a server that refuses is told once, with what to do, and not question by question', async (t) => {
  const { code, stdout } = await ask('run', REFUSED, ...NAMES);
  t.is(code, 3);
  t.regex(stdout, / {2}not reached\n {2}reason {2}refused: ssh: .*Connection refused\n {2}advice /);
  t.is(timesIn(stdout, 'Connection refused'), 1);
  t.notRegex(stdout, /reg\.exe/);
});

test('a server that refuses, and is seen from outside, is told once below all that it hides', async (t) => {
  const { stdout } = await ask('run', REFUSED, '--probe', '127.0.0.1:9', ...NAMES);
  t.regex(stdout, / {2}UNKNOWN {2}medium {4}events\/sstp-errors\n {4}reason {2}refused: ssh: /);
  t.regex(stdout, /n002 {2}probe handshake 127\.0\.0\.1:9/, 'what was seen is named');
  t.notRegex(stdout, /reg\.exe/, 'what could not be asked is not');
});

for (const [args, says] of [
  [['judge', 'x', '--onyl', 'y'], /^sstp-audit: unknown option '--onyl' \(did you mean --only\?\)\n/],
  [['judge'], /\nsstp-audit: hint: sstp-audit judge --help lists what there is\n$/],
  [['profile', 'chek'], /'chek' \(did you mean check\?\)\nsstp-audit: hint: sstp-audit profile --help /],
  [['history', 'failing', '--foo'], /\nsstp-audit: hint: sstp-audit history failing --help /],
] as const)
  test(`a slip in "${args.join(' ')}" is told like every mistake, with the help that lists what was meant`, async (t) => {
    const { code, stdout, stderr } = await ask(...args);
    t.deepEqual([code, stdout], [2, '']);
    t.regex(stderr, says);
  });

test('help that was asked for is no mistake, fits 80 columns, and shows no default that says nothing', async (t) => {
  t.is((await ask('help')).code, 0);
  t.is((await ask()).code, 2);
  for (const command of [[], ['run'], ['history']]) {
    const { stdout } = await ask(...command, '--help');
    const [help = ''] = stdout.split('\nExample');
    t.deepEqual(
      help.split('\n').filter((line) => line.length > 80),
      [],
    );
    t.notRegex(help, /default: (?:false|\[\]|\{\})/);
  }
});

test('a topic of two words needs no quotes', async (t) => {
  const [plain, quoted] = [await ask('explain', 'event', '18'), await ask('explain', 'event 18')];
  t.regex(plain.stdout, /RasSstp event 18: /);
  t.deepEqual(plain, quoted);
});
