import { countsOf } from '../counts.ts';
import type { Kept } from '../fleet/ledger.ts';
import type { Language, Report, Severity } from '../model.ts';
import { type Profile, registerOf } from '../profile.ts';
import { auditor } from './auditor.ts';
import { knownChecks } from './checks.ts';
import { idleIn, verdictOf } from './exit-code.ts';
import { noteOf } from './note.ts';
import { titleIn } from './profile-titles.ts';
import { version } from './version.ts';

export type ReportOptions = Readonly<{ startedAt: Date; lang: Language; failOn: Severity; allowUnknown: boolean }>;

/** Puts together what became of every server. Its results are waived already. */
export const reportOf = (profile: Profile, kept: readonly Kept[], options: ReportOptions): Report => {
  const { failOn, allowUnknown, lang, startedAt } = options;
  const gate = { failOn, allowUnknown };
  const results = kept.flatMap((one) => one.results);
  const targets = kept.map(({ note }) => note);
  // Evidence is judged at the moment of its observation, so that it gives the same verdict forever.
  const lastSeen = new Date(kept.reduce((latest, { observedAt }) => Math.max(latest, observedAt.getTime()), 0));
  const tags = new Map(kept.map(({ note }) => [note.name, note.tags]));
  const judged = new Set(results.map(({ check }) => check));
  return {
    format: 'sstp-audit/report/1',
    language: lang,
    tool: { name: 'sstp-audit', version },
    profile: { id: profile.id, version: profile.version, title: titleIn(profile.title, lang), sha256: profile.sha256 },
    auditor: auditor(),
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    ...verdictOf(results, gate, idleIn(targets, results)),
    gate,
    summary: { targets: kept.length, ...countsOf(results) },
    targets,
    checks: knownChecks()
      .filter(({ id }) => judged.has(id))
      .map((check) => noteOf(check, lang)),
    results,
    waivers: registerOf(profile.waivers, results, lastSeen, (target) => tags.get(target) ?? []),
    ...(profile.waiverFiles.length > 0 && { waiverFiles: profile.waiverFiles }),
    ...(profile.checkFiles.length > 0 && { checkFiles: profile.checkFiles }),
  };
};
