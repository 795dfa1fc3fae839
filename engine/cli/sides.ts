/** The two sides of a comparison, wherever they are kept. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import schema from '../../reporters/report.schema.json' with { type: 'json' };
import { type Side, sideOf } from '../diff.ts';
import { RECORDED, recordedAt } from '../evidence/address.ts';
import { SEAL } from '../evidence/manifest.ts';
import { ledgerInMemory } from '../fleet/ledger.ts';
import type { Server } from '../fleet/listed.ts';
import { LIMITS } from '../limits.ts';
import type { Language, Report } from '../model.ts';
import { openReport } from '../report/read.ts';
import { stoppedBy } from './exit-code.ts';
import { askFleet } from './fleet.ts';
import { reportOf } from './report.ts';
import { isRun } from './run-name.ts';
import { sessionOf, type WhatOptions } from './session.ts';

export type SideOptions = Pick<WhatOptions, 'profile' | 'input' | 'waivers'> &
  Readonly<{
    lang: Language;
    /** Where runs are remembered; without it, the user's own store. */
    store?: string;
  }>;

/** `close`, where there is one, when nothing more is wanted of it. */
export type OpenSide = Side & Readonly<{ close?(): void | Promise<void> }>;

/** Whether a side is evidence, which is judged here, and not a report or a run, which have been judged. */
export const isEvidence = async (name: string): Promise<boolean> =>
  name.startsWith(RECORDED) ||
  (!isRun(name) &&
    (await stat(name)
      .then((found) => found.isDirectory())
      .catch(() => false)));

/** Opens a side by its name: a run of a store, a folder of evidence or a JSON report. Throws Mistake. */
export const openSide = async (name: string, options: SideOptions, stop: AbortSignal): Promise<OpenSide> => {
  if (isRun(name)) return (await import('./run-side.ts')).openRun(name, options);
  return (await isEvidence(name)) ? judged(name, options, stop) : openReport(name, schema);
};

/** Evidence is judged as `judge` does it; its time is the time of its observation, and whoever compares did not gather it. */
const judged = async (name: string, options: SideOptions, stop: AbortSignal): Promise<Side> => {
  const session = await sessionOf([recordedAt(name)], { ...options, tags: [] });
  const ledger = ledgerInMemory(session.servers);
  const asking = { atATime: LIMITS.targetsAtATime, timeout: LIMITS.targetMs / 1_000 };
  await askFleet({ ...session, waivers: session.profile.waivers, keep: ledger.keep }, asking, stop);
  const gate = { lang: options.lang, failOn: 'low', allowUnknown: false } as const;
  const whole = reportOf(session.profile, await ledger.all(), { ...gate, startedAt: new Date() });
  const { auditor: _, ...report } = stoppedBy(stop, whole);
  const sha256 = await sealsOf(session.servers);
  return sideOf({ ...report, ...spanOf(report) }, { kind: 'evidence', name, sha256 });
};

const spanOf = ({ targets }: Pick<Report, 'targets'>): Pick<Report, 'startedAt' | 'finishedAt'> => {
  const times = targets.map(({ startedAt }) => startedAt).sort();
  const [first = new Date(0).toISOString()] = times;
  return { startedAt: first, finishedAt: times.at(-1) ?? first };
};

/** `cat … | sha256sum` over the seals of all folders, in the order of the servers. A folder without one adds nothing. */
const sealsOf = async (servers: readonly Server[]): Promise<string> => {
  const hash = createHash('sha256');
  for (const { target } of servers) {
    const folder = target.address.slice(RECORDED.length);
    hash.update(await readFile(path.join(folder, SEAL)).catch(() => ''));
  }
  return hash.digest('hex');
};
