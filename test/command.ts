/** The command line in a process of its own. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import pLimit from 'p-limit';

const root = path.join(import.meta.dirname, '..');

export type Ended = Readonly<{ code: number; stdout: string; stderr: string }>;

/** AVA starts all tests of a file at once; that many programs would only stand in each other's way. */
const inTurn = pLimit(2);

export const run = (...args: readonly string[]): Promise<Ended> =>
  inTurn(
    () =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          ['engine/cli/main.mjs', ...args],
          { cwd: root, maxBuffer: 50_000_000, env: { ...process.env, NO_COLOR: '1' } },
          (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
      }),
  );
