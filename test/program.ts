/** The program that is tested: as it is published where the gate built it, which starts in a third of the time; else as it stands here. */
import path from 'node:path';

/** What Node runs. */
export const MAIN = process.env['SSTP_AUDIT_MAIN'] ?? path.join(import.meta.dirname, '../engine/cli/main.mjs');

/** The module that it loads. */
export const PROGRAM = path.join(
  path.dirname(MAIN),
  process.env['SSTP_AUDIT_MAIN'] === undefined ? 'program.ts' : 'compiled.mjs',
);
