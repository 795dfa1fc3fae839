import test from 'ava';
import fc from 'fast-check';
import { decode, encode, newNonce, strangenessOf } from '../../engine/snap.ts';

const NONCE = '123456789012345678';
const part = (id: number, content: string | Buffer, code = 0) =>
  Buffer.concat([
    Buffer.from(`::${NONCE}:0:${id}::\r\n`),
    Buffer.from(content),
    Buffer.from(`::${NONCE}:1:${id}:${code}::\r\n`),
  ]);
const quiet = (id: number) => Buffer.from(`::${NONCE}:0:${id}::\r\n::${NONCE}:1:${id}::\r\n`);
const both = (stdout: Buffer[], stderr: Buffer[]) => ({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });

test('answers come back by command, with bytes and exit codes untouched', (t) => {
  const streams = both(
    [Buffer.from('banner\r\n'), part(0, 'one\r\n'), part(1, Buffer.from([0x83, 0x3a, 0xff]), -2147024891)],
    [quiet(0), quiet(1)],
  );
  const [first, second] = decode(streams, NONCE, 2);
  t.is(first?.stdout.toString(), 'one\r\n');
  t.true(first?.complete);
  t.deepEqual([...(second?.stdout ?? [])], [0x83, 0x3a, 0xff]);
  t.is(second?.exitCode, -2147024891);
});

test('a command without its end marker is not complete, on either stream', (t) => {
  const whole = both([part(0, 'x'), part(1, 'y')], [quiet(0), quiet(1)]);
  for (let cut = 0; cut < whole.stdout.length - 2; cut++) {
    const answers = decode({ ...whole, stdout: whole.stdout.subarray(0, cut) }, NONCE, 2);
    t.not(answers[1]?.complete, true, `stdout cut at ${cut}`);
  }
  for (let cut = 0; cut < whole.stderr.length - 2; cut++)
    t.not(
      decode({ ...whole, stderr: whole.stderr.subarray(0, cut) }, NONCE, 2)[1]?.complete,
      true,
      `stderr cut at ${cut}`,
    );
});

for (const [name, stdout] of [
  ['repeated', [part(0, 'a'), part(0, 'b'), part(1, 'c')]],
  ['unknown', [part(0, 'a'), part(7, 'b')]],
  ['out of order', [part(1, 'b'), part(0, 'a')]],
] as const)
  test(`nothing is believed from a marker on that is ${name}`, (t) => {
    const answers = decode(both([...stdout], [quiet(0), quiet(1)]), NONCE, 2);
    t.not(answers[1]?.complete, true);
  });

test('a marker of another collection is content', (t) => {
  const foreign = `::${NONCE.replace('1', '2')}:1:0:0::`;
  const [answer] = decode(both([part(0, foreign)], [quiet(0)]), NONCE, 1);
  t.is(answer?.stdout.toString(), foreign);
});

test('random bytes between markers are never split wrongly', (t) => {
  const bytes = fc.uint8Array({ maxLength: 60 });
  const lookAlike = fc
    .constantFrom('::', `::${NONCE}`, `::${NONCE}:0:`, ':1:0:0::', '\u0083', '\r\n')
    .map((text) => Buffer.from(text, 'latin1'));
  const content = fc.array(fc.oneof(bytes, lookAlike), { maxLength: 6 }).map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(content, fc.integer({ min: -2147483648, max: 2147483647 })), { minLength: 1, maxLength: 5 }),
      (answers) => {
        const genuine = answers.filter(
          ([bytes]) => !new RegExp(`::${NONCE}:[01]:\\d`).test(`${bytes.toString('latin1')}::`),
        );
        const decoded = decode(
          both(
            genuine.map(([bytes, code], id) => part(id, bytes, code)),
            genuine.map((_, id) => quiet(id)),
          ),
          NONCE,
          genuine.length,
        );
        return genuine.every(
          ([bytes, code], id) =>
            decoded[id]?.complete && decoded[id].exitCode === code && decoded[id].stdout.equals(bytes),
        );
      },
    ),
    { numRuns: 3000 },
  );
  t.pass();
});

test('a line never exceeds what cmd.exe reads, and takes as many commands as fit', (t) => {
  const commands = Array.from(
    { length: 200 },
    (_, at) => `reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Services\\Service${at} /s`,
  );
  const { line = '', taken } = encode(commands, newNonce());
  // As the OpenSSH server of Windows starts its shell (contrib/win32/win32compat/w32-doexec.c).
  const started = (root: string): string => `"${root}\\system32\\cmd.exe" /c "${line}"`;
  for (const root of ['c:\\windows', `d:\\${'w'.repeat(100)}`]) t.true(started(root).length <= 8_191, root);
  t.true(taken > 40 && taken < 200);
  t.is(encode([`reg.exe query ${'x'.repeat(9_000)}`], newNonce()).line, undefined);
});

test('operators between inner quotes are escaped for the first of the two shells', (t) => {
  const { line = '' } = encode(['wevtutil.exe qe System "/q:*[a <= 1]"'], NONCE);
  t.true(line.includes('"/q:*[a ^<= 1]"'));
  t.true(line.includes('&>&2 echo !n!0:0::'));
});

test('streams that were merged, and answers to other questions, are told for what they are', (t) => {
  const whole = both([part(0, 'x'), part(1, 'y')], [quiet(0), quiet(1)]);
  t.is(strangenessOf(whole, NONCE), undefined);
  const nothing = Buffer.alloc(0);
  const merged = Buffer.from(
    `banner\r\n::${NONCE}:0:0::\r\n::${NONCE}:0:0::\r\nx\r\n::${NONCE}:1:0:0::\r\n::${NONCE}:1:0::\r\n`,
  );
  t.regex(strangenessOf({ stdout: merged, stderr: nothing }, NONCE)?.detail ?? '', /in one stream.*2>&1/);
  t.regex(strangenessOf(whole, NONCE.replace('1', '2'))?.detail ?? '', /marks of other questions/);
  const header = `::${NONCE}:8:1::\r\n`;
  const collector = Buffer.from(`${header}${header}::${NONCE}:7:${NONCE}::\r\n::${NONCE}:0:0::\r\n`);
  t.regex(strangenessOf({ stdout: collector, stderr: nothing }, '1'.repeat(18))?.detail ?? '', /in one stream/);
  for (const stdout of ['', 'Welcome\r\n', `::${NONCE}:0:0::\r\nx`])
    t.is(strangenessOf({ stdout: Buffer.from(stdout), stderr: nothing }, NONCE), undefined, stdout);
});
