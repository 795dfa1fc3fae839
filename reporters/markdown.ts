import { type Report, SEVERITIES, STATUSES } from '../engine/model.ts';
import { instant, spanOf } from './detail.ts';
import { exitReason } from './exit-reason.ts';
import { verdictOf } from './html/masthead.ts';
import { GLYPHS } from './html/sheet.ts';
import { htmlWords } from './html/words.ts';
import { code, heading, plainText, table } from './markdown/escape.ts';
import { problems } from './markdown/problems.ts';
import { notReached, remedies, waivers } from './markdown/registers.ts';
import { markdownWords } from './markdown/words.ts';
import { grouped } from './numbers.ts';
import type { Reporter } from './reporter.ts';
import { words } from './words.ts';

/** A summary for a change ticket or the page of a CI job: some kilobytes, whatever the size of the fleet. */
export const markdown: Reporter = function* (report) {
  const { say } = words[report.language];
  const own = htmlWords[report.language];
  yield heading(`${plainText(own.heading)}: ${own.verdict[verdictOf(report)]}`, 1);
  yield `${say.exit(report.exitCode)}: ${plainText(exitReason(report.exitReason, report.language))}\n\n`;
  yield counts(report);
  yield `\n${aboutRun(report)}\n`;
  if (report.results.length === 0) yield `${say.nothingJudged}\n\n`;
  yield* notReached(report);
  yield* problems(report);
  yield* waivers(report);
  yield* remedies(report);
  yield `${report.tool.name} ${plainText(report.tool.version)}. ${markdownWords[report.language].whole}\n`;
};

const counts = ({ results, summary, language }: Report): string => {
  const { label, severity: severities, status: names } = words[language];
  const heads = [label.severity, ...STATUSES.map((status) => `${GLYPHS[status]} ${names[status]}`), label.total];
  const bySeverity = Map.groupBy(results, ({ severity }) => severity);
  const rows = SEVERITIES.toReversed().map((severity) => {
    const own = Map.groupBy(bySeverity.get(severity) ?? [], ({ status }) => status);
    const found = STATUSES.map((status) => own.get(status)?.length ?? 0);
    return [severities[severity], ...found, bySeverity.get(severity)?.length ?? 0];
  });
  const totals = [label.total, ...STATUSES.map((status) => summary[status]), results.length];
  return table(heads, [...rows, totals]);
};

const aboutRun = (report: Report): string => {
  const { profile, startedAt, finishedAt, summary, targets, language, gate, auditor, checkFiles = [] } = report;
  const { label, say } = words[language];
  const missed = targets.filter(({ reached }) => !reached).length;
  const servers = missed > 0 ? `${grouped(summary.targets)}, **${say.notReached(missed)}**` : grouped(summary.targets);
  const asked = [...new Set(spanOf(targets).map(instant))].join(' – ');
  const softened = [
    ...(gate.failOn === 'low' ? [] : [say.failOn(gate.failOn)]),
    ...(gate.allowUnknown ? [say.allowUnknown] : []),
    ...(gate.baseline ? [say.baseline(gate.baseline.file, gate.baseline.store)] : []),
  ];
  const lines = [
    [
      label.profile,
      `${code(`${profile.id} ${profile.version}`)} ${plainText(profile.title)}, sha256 ${code(profile.sha256)}`,
    ],
    ...checkFiles.map(({ file, sha256 }) => [label.ownChecks, `${code(file)}, sha256 ${code(sha256)}`]),
    [label.servers, servers],
    ...(asked === '' ? [] : [[label.asked, asked]]),
    [label.started, instant(startedAt)],
    [label.finished, instant(finishedAt)],
    ...(auditor ? [[label.auditor, `${code(auditor.account)} @ ${code(auditor.host)}`]] : []),
    ...(softened.length > 0 ? [[markdownWords[language].gate, softened.map((one) => plainText(one)).join('; ')]] : []),
  ];
  return lines.map(([name = '', text = '']) => `- ${name}: ${text}\n`).join('');
};
