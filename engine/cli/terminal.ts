import { fstatSync } from 'node:fs';

/** The exit code with its reason on standard error, unless the last line of a report at the terminal says it. */
export const tellExit = (
  { exitCode, exitReason }: Readonly<{ exitCode: number; exitReason: string }>,
  outputs: readonly Readonly<{ reporter: string; file?: string }>[],
): void => {
  const isTold = process.stdout.isTTY && outputs.some(({ reporter, file }) => reporter === 'cli' && file === undefined);
  if (!isTold) process.stderr.write(`sstp-audit: exit code ${exitCode}: ${exitReason}\n`);
};

/** Whether standard output takes colours. https://no-color.org, and FORCE_COLOR for pipes. */
export const hasColour = (stream: Readonly<{ isTTY?: boolean }> = process.stdout, env = process.env): boolean => {
  if (env['NO_COLOR']) return false;
  return env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : stream.isTTY === true && env['TERM'] !== 'dumb';
};

/**
 * Whether nobody reads standard output any more: its reader has read enough (`| head`), or the terminal was closed, which is
 * none for `isTTY` any more then. A file fails by the same code when its disk does, and so does what is read from one.
 */
export const isUnread = ({ code, syscall }: NodeJS.ErrnoException): boolean =>
  code === 'EPIPE' || (code === 'EIO' && syscall === 'write' && !fstatSync(process.stdout.fd).isFile());
