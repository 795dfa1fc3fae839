import { collectorProgress } from '../collector.ts';
import { type Outcome, runProcess } from './run-process.ts';

/** How ssh is run; `nonce` stands in the markers that prove progress, `commandMs` is the deadline of each command. */
export type SshRun = Readonly<{ signal: AbortSignal; env: NodeJS.ProcessEnv; nonce: string; commandMs: number }>;

/** Runs the system's ssh with arguments. */
export type RunSsh = (args: readonly string[], how: SshRun) => Promise<Outcome>;

export const runSsh: RunSsh = (args, { nonce, ...how }) =>
  runProcess('ssh', args, { ...how, heartbeat: progress(nonce) });

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
