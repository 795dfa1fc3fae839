/** The machine that we run on; cmd.exe is played by a shell script here, and by wine in test/windows. */
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { Mistake } from '../../engine/mistake.ts';
import { local } from '../../engine/transports/local.ts';

const COMMANDS = ['sc.exe query A', 'sc.exe query B'];
const asked = async (script: string, commandMs = 2_000) => {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'sstp-audit-local-')), 'cmd');
  const begin = 'begin() { echo "::$n:0:$1::"; echo "::$n:0:$1::" >&2; }';
  const end = 'end() { echo "::$n:1:$1:$2::"; echo "::$n:1:$1::" >&2; }';
  const head = `#!/bin/bash\n[ "$1 $2" = "/d /c" ] || exit 9\nn=$(sed -E 's/.*set n=::([0-9]+):&.*/\\1/' <<<"$3")`;
  await writeFile(file, `${head}\n${begin}\n${end}\n${script}\n`);
  await chmod(file, 0o755);
  return local({ commandMs, shell: [file] }).exchange(COMMANDS, { signal: new AbortController().signal });
};

test('answers come from one shell, with bytes and exit codes untouched', async (t) => {
  const answers = await asked(`begin 0; printf '\\x83\\x5c'; end 0 -2147024891; begin 1; end 1 1060`);
  t.deepEqual(
    answers.map(({ exitCode, stdout }) => [exitCode, Buffer.from(stdout).toString('hex')]),
    [
      [-2147024891, '835c'],
      [1060, ''],
    ],
  );
});

test('a command that hangs is timed out', async (t) => {
  const [first] = await asked('begin 0; sleep 30', 200);
  t.like(first, { exitCode: null, missing: { reason: 'timed-out' } });
});

test('a shell that ends early leaves its answer truncated', async (t) => {
  const [first] = await asked('begin 0; exit 3');
  t.like(first, { missing: { reason: 'truncated', detail: 'cmd.exe ended with 3 in the middle of the answer' } });
});

test('a machine that is not Windows is a mistake', (t) => {
  if (process.platform === 'win32') return t.pass();
  t.throws(() => local(), { instanceOf: Mistake, message: /not Windows/ });
});

test('a shell that cannot be started is said so', async (t) => {
  const transport = local({ shell: ['/nonexistent/cmd.exe'] });
  const [first] = await transport.exchange(COMMANDS, { signal: new AbortController().signal });
  t.like(first, { missing: { reason: 'unreachable' } });
});
