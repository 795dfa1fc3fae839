import { collectorProgress } from '../collector.ts';
import { lastMarker } from '../snap.ts';
import { type Outcome, runProcess } from './run-process.ts';

/**
 * How ssh is run; `nonce` stands in the markers of so many commands (`count`), which prove progress and the end. `commandMs` is
 * the deadline of each command.
 */
export type SshRun = Readonly<{
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
  nonce: string;
  count: number;
  commandMs: number;
}>;

/** Runs the system's ssh with arguments. */
export type RunSsh = (args: readonly string[], how: SshRun) => Promise<Outcome>;

export const runSsh: RunSsh = (args, { nonce, count, ...how }) =>
  runProcess('ssh', args, { ...how, heartbeat: progress(nonce), end: lastMarker(nonce, count) });

/** Progress is our own markers, or, before any of them, those of a collector. */
const progress = (nonce: string): ((chunk: Buffer) => boolean) => {
  const collector = collectorProgress();
  let ours = false;
  return (chunk) => {
    const own = chunk.includes(`::${nonce}:`);
    ours ||= own;
    return own || (!ours && collector(chunk));
  };
};
