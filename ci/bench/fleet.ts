/** A fleet of simulated servers in one process: memory, and how long it blocks; and a run that is killed again and again. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { consistencyOf } from '../../test/engine/fleet/consistency.ts';
import { killAndResume } from '../../test/engine/fleet/killing.ts';
import type { Took } from '../../test/engine/fleet/simulated-run.ts';
import { table } from './measure.ts';

const SIMULATION = path.join(import.meta.dirname, '../../test/engine/fleet/simulated-run.ts');
const RSS_GOAL_MB = 300;
const BLOCKED_GOAL_MS = 100;

export type FleetBench = Readonly<{ servers: number; kills: number }>;

/** Audits that many simulated servers, one in a hundred hung and one in a hundred refusing, with a store and without. */
export const benchFleet = async ({ servers, kills }: FleetBench): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-fleet-'));
  const rows = [];
  for (const store of [path.join(folder, 'store.db'), '-']) rows.push(await simulated(folder, { store, servers }));
  console.log(`\n${servers} simulated servers, 32 at a time:\n`);
  console.log(
    table(
      [
        '',
        'seconds',
        'CPU seconds',
        `RSS in MB (goal ${RSS_GOAL_MB})`,
        `blocked ms, CPU (goal ${BLOCKED_GOAL_MS})`,
        'by the clock',
      ],
      rows,
    ),
  );
  await killed(path.join(folder, 'killed'), kills);
  await rm(folder, { recursive: true });
};

const simulated = async (folder: string, { store, servers }: Readonly<{ store: string; servers: number }>) => {
  const report = path.join(folder, 'report.json');
  await promisify(execFile)(process.execPath, [SIMULATION, store, String(servers), report], {
    env: { ...process.env, CI: 'true' },
  });
  const took: Took = JSON.parse(await readFile(`${report}.took`, 'utf8'));
  const numbers = [took.seconds, took.cpuSeconds, took.rssMb, took.blockedCpuMs, took.blockedWallMs];
  return [store === '-' ? 'in memory' : 'with a store', ...numbers.map((number) => number.toFixed(0))];
};

/** Throws unless every server is recorded once, with the evidence that its folder has. */
const killed = async (folder: string, times: number): Promise<void> => {
  const started = Date.now();
  const { kills, interrupted, names, file, evidence } = await killAndResume(folder, times);
  const { recorded, double, lost, wrong } = await consistencyOf({ file, run: 1, names, evidence });
  const { starting, asking, reporting } = kills;
  const all = starting + asking + reporting;
  console.log(
    `\nA run of ${names.length} servers whose process is killed with SIGKILL, and gone on with by --resume:\n`,
  );
  const rows = [
    ['kills', `${all}: ${starting} in the start, ${asking} while it asked, ${reporting} in the report`],
    ['resumes', `${all}`],
    ['evidence cut off, set aside, asked anew', `${interrupted}`],
    ['servers recorded once', `${recorded - double} of ${names.length}`],
    ['lost', `${lost}`],
    ['recorded double', `${double}`],
    ['store and evidence', wrong.length === 0 ? 'consistent' : `${wrong.length} inconsistencies`],
    ['time', `${((Date.now() - started) / 1_000).toFixed(0)} s`],
  ];
  console.log(table([`${all} kills`, ''], rows));
  if (wrong.length + lost + double > 0) throw new Error(wrong.slice(0, 20).join('\n') || 'servers are lost or double');
};
