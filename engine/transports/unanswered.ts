import type { Ignorance } from '../model.ts';
import type { Answer } from './transport.ts';

const NOTHING = new Uint8Array();

/** What stands in place of an answer that never began, and why. `startedAt` is ISO 8601, UTC. */
export const unanswered = (command: string, missing: Ignorance, startedAt: string): Answer => ({
  command,
  stdout: NOTHING,
  stderr: NOTHING,
  exitCode: null,
  startedAt,
  tookMs: 0,
  missing,
});
