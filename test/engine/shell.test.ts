import test from 'ava';
import type { ProcessPromise } from 'zx/core';
import type { Shell } from '../../engine/define.ts';
import { type Spoken, withShell } from '../../engine/shell.ts';

const ask = async (command: string): Promise<Spoken> => {
  if (command.includes('no answer')) throw new Error('nobody answers');
  if (command.includes('cut')) return { stdout: '', stderr: '', exitCode: null };
  if (command.includes('refused')) return { stdout: 'so far', stderr: 'denied\n', exitCode: 5 };
  return { stdout: `1\n"${command}"\n`, stderr: '2', exitCode: 0 };
};

type Use = (command: ProcessPromise) => unknown;

/** Everything that a script may want of a command. */
const USES: Readonly<Record<string, Use>> = {
  'what it prints': async (command) => (await command).stdout,
  'its errors': async (command) => (await command).stderr,
  'its exit code': async (command) => (await command.nothrow()).exitCode,
  'its exit code at once': (command) => command.exitCode,
  'whether it succeeds': async (command) => (await command.nothrow()).ok,
  'all text': (command) => command.text(),
  lines: (command) => command.lines(),
  JSON: (command) => command.json(),
  'bytes, as text': async (command) => String(await command.buffer()),
  'what it rejects with': (command) => command.catch(({ exitCode, cause }) => [exitCode, `${cause}`]),
  'the end': async (command) => (await command.finally(() => {})).stdout,
  'one output, however often': async (command) => new Set([await command, await command]).size,
  'lines as they come': async (command) => {
    const lines: string[] = [];
    for await (const line of command) lines.push(line);
    return lines;
  },
  'its stream': async (command) => {
    const chunks: string[] = [];
    command.stdout.on('data', (chunk) => chunks.push(String(chunk)));
    await command;
    return chunks;
  },
  'to hand its output on': async (command) => (await command.pipe((await shell())`findstr x`)).stdout,
  'its stage': async (command) => [command.stage, (await command).stdout, command.stage],
  'to end it': async (command) => [await command.kill(), (await command).stdout],
  'a deadline': async (command) => (await command.timeout('5s')).stdout,
};

const shell = async (): Promise<Shell> => withShell(ask, ($) => $);

const outcomeOf = async (use: Use, command: () => ProcessPromise): Promise<unknown> => {
  try {
    return await use(command());
  } catch (error) {
    const { exitCode, stdout, name, cause } = error as Error & { exitCode?: unknown; stdout?: unknown };
    return { name, exitCode, stdout, cause: `${cause}` };
  }
};

for (const what of ['reg.exe query HKLM', 'refused', 'cut', 'no answer'])
  for (const [wanted, use] of Object.entries(USES))
    test(`a script that wants of "${what}" ${wanted} gets what zx gives of a process`, (t) =>
      withShell(ask, async ($) => {
        const answered = await outcomeOf(use, () => $`${[what]}`);
        t.deepEqual(answered, await outcomeOf(use, () => $({})`${[what]}`));
      }));

test('a command that nobody waits for is asked, and ends nothing', async (t) => {
  const asked: string[] = [];
  await withShell(
    async (command) => {
      asked.push(command);
      return ask(command);
    },
    async ($) => {
      $`sc.exe refused`;
      $`sc.exe no answer`;
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  );
  t.deepEqual(asked, ['sc.exe refused', 'sc.exe no answer']);
});

test('what a command says can be part of another one', async (t) => {
  const once = async (command: string): Promise<Spoken> => ({ stdout: `${command}!\n`, stderr: '', exitCode: 0 });
  t.is(await withShell(once, async ($) => (await $`sc.exe query ${$`sc.exe qc x`}`.nothrow()).stderr), '');
  t.is(await withShell(ask, async ($) => (await $`sc.exe query ${'RasMan'}`).stdout), '1\n"sc.exe query RasMan"\n');
});

test('an argument that cmd.exe cannot carry is refused before anything is asked', (t) => {
  t.throws(() => withShell(ask, ($) => $`reg.exe query ${'100%'}`), { message: /cannot carry/ });
});
