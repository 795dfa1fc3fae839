import { withoutPasswords } from '../credentials.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import type { Ignorance } from '../model.ts';
import { lastMarker } from '../snap.ts';
import { exchangeBatches, type Way } from './batch.ts';
import { type Outcome, runProcess } from './run-process.ts';
import { shellSteps } from './shell-steps.ts';
import type { Transport } from './transport.ts';

export type LocalOptions = Readonly<{
  commandMs?: number;
  /** Starts cmd.exe, and what goes before its own arguments. */
  shell?: readonly [file: string, ...args: readonly string[]];
}>;

const blame = (outcome: Outcome): Ignorance => {
  if (outcome.failed) return { reason: 'unreachable', detail: `cmd.exe cannot be started: ${outcome.failed.message}` };
  return (
    outcome.stopped ?? {
      reason: 'truncated',
      detail: `cmd.exe ended with ${outcome.exitCode} in the middle of the answer`,
    }
  );
};

/** This Windows machine itself, under the rights of whoever runs us. The line meets two cmd.exe, as it does over SSH. */
export const local = ({ commandMs = LIMITS.commandMs, shell }: LocalOptions = {}): Transport => {
  if (!shell && process.platform !== 'win32')
    throw new Mistake(
      'local: asks the machine that sstp-audit runs on, and this one is not Windows',
      'run it on the server',
    );
  const [file, ...before] = shell ?? [process.env['ComSpec'] ?? 'cmd.exe'];
  const way = (signal: AbortSignal): Way => ({
    carry: (line, nonce, count) =>
      runProcess(file, [...before, '/d', '/c', `"${line}"`], {
        signal,
        env: withoutPasswords(process.env),
        heartbeat: `::${nonce}:`,
        end: lastMarker(nonce, count),
        commandMs,
        verbatim: true,
      }),
    blame,
  });
  return {
    kind: 'local',
    exchange: (commands, { signal }) => exchangeBatches(commands, way(signal)),
    steps: async ({ signal }) => (await shellSteps(way(signal))).steps,
    close: async () => {},
  };
};
