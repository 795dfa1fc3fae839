import { type Ledger, ledgerInMemory } from '../fleet/ledger.ts';
import type { Server } from '../fleet/listed.ts';
import type { Mistake } from '../mistake.ts';
import type { Language, Report, Severity } from '../model.ts';
import type { Profile } from '../profile.ts';
import type { Baseline } from './baseline.ts';
import { stoppedBy } from './exit-code.ts';
import { type AskOptions, askFleet, tellLoss } from './fleet.ts';
import { type Output, writeOutputs } from './outputs.ts';
import type { Plans } from './plans.ts';
import { reportOf } from './report.ts';
import { tellExit } from './terminal.ts';

/** What is audited, and how it is judged. */
export type Session = Readonly<{
  servers: readonly Server[];
  /** Servers of a site that are asked at the same time. */
  sites: Readonly<Record<string, number>>;
  profile: Profile;
  plansFor: Plans;
}>;

/** A run that a store remembers while it goes on. */
export type Remembered = Readonly<{
  startedAt: Date;
  ledger: Ledger;
  /** Notes how the run ended, unless something of it is still missing. */
  finish(verdict: Pick<Report, 'finishedAt' | 'exitCode' | 'exitReason' | 'gate'>): Promise<void>;
  /** Says how to get reports that could not be written: the run is not finished. */
  unreported(): void;
  close(): Promise<void>;
}>;

export type How = Readonly<{
  options: AskOptions & Readonly<{ lang: Language; failOn: Severity; allowUnknown: boolean }>;
  outputs: readonly Output[];
  stop: AbortSignal;
  /** An earlier run, beside which only what got worse counts. */
  baseline?: Baseline | undefined;
}>;

/** Asks every server of a session, writes the reports, and gives the exit code. */
export const conclude = async (
  session: Session,
  { options, outputs, stop, baseline }: How,
  remembered?: Remembered,
): Promise<number> => {
  const { profile, servers } = session;
  const startedAt = remembered?.startedAt ?? new Date();
  const ledger = remembered?.ledger ?? ledgerInMemory(servers);
  try {
    const lost = await askFleet({ ...session, waivers: profile.waivers, keep: ledger.keep }, options, stop);
    const whole = reportOf(profile, await ledger.all(), { ...options, startedAt });
    const judged = baseline ? (await import('./baseline.ts')).besideBaseline(whole, baseline) : whole;
    const report = stoppedBy(stop, lost ? endedBy(lost, judged) : judged);
    if (lost) tellLoss(lost);
    await writeOutputs(report, outputs).catch((error: unknown) => {
      remembered?.unreported();
      throw error;
    });
    await remembered?.finish(report);
    tellExit(report, outputs);
    return report.exitCode;
  } finally {
    await remembered?.close();
    // This may throw, where somebody wrote the store meanwhile.
    await baseline?.close();
  }
};

/** A run that ended early is never a success, whatever is allowed to be unknown; every report says why it ended. */
const endedBy = ({ message }: Mistake, report: Report): Report => ({
  ...report,
  exitCode: report.exitCode || 3,
  exitReason: `${report.exitReason}; the run was stopped: ${message}`,
});
