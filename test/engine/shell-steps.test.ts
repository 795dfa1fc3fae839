/** Whether what signs us in is a cmd.exe, as doctor tells it. */
import test from 'ava';
import type { Way } from '../../engine/transports/batch.ts';
import { shellSteps } from '../../engine/transports/shell-steps.ts';
import { blame } from '../../engine/transports/ssh-sayings.ts';
import { ran } from '../server/cmd.ts';
import { healthy } from '../server/healthy.ts';

const server = healthy();

/** Stands for PowerShell: it starts our cmd.exe, while it stands first, and has an `if` of its own. */
const powerShell = (line: string): ReturnType<typeof ran> =>
  line.startsWith('if ')
    ? { stdout: Buffer.alloc(0), stderr: Buffer.from("Missing '(' after 'if' in if statement.\r\n"), exitCode: 1 }
    : ran(server, line);

const stepsOf = async (shell: typeof powerShell): Promise<readonly string[]> => {
  const way: Way = { carry: async (line) => shell(line), blame };
  const { steps } = await shellSteps(way);
  return steps.map(({ step, said, missing }) => `${step}: ${missing ? `${missing.reason}, ${missing.detail}` : said}`);
};

test('a cmd.exe takes the line, and answers', async (t) => {
  t.deepEqual(await stepsOf((line) => ran(server, line)), ['shell: cmd.exe', 'exchange: OEMCP 437']);
});

test('a shell that could run some of the questions only is none', async (t) => {
  t.deepEqual(await stepsOf(powerShell), [
    "shell: unreadable, the login shell did not run the questions; it must be cmd.exe: Missing '(' after 'if' in if statement.",
  ]);
});
