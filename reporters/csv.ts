import type { CheckNote, Finding, Report, Result, TargetNote, WaiverNote } from '../engine/model.ts';
import { BYTE_ORDER_MARK, row } from './cells.ts';
import type { Reporter } from './reporter.ts';

type Cell = string | undefined;
/** What a row is about. A server of which nothing was judged has a row without a result. */
type Subject = Readonly<{ report: Report; target: TargetNote; note?: CheckNote; result?: Result; finding?: Finding }>;

/** In the order of reading. Names and statuses are those of the JSON report in every language, so that a filter stays one. */
const COLUMNS: Readonly<Record<string, (subject: Subject) => Cell>> = {
  status: ({ result, target }) => result?.status ?? (target.reached ? undefined : 'unknown'),
  severity: ({ result }) => result?.severity,
  server: ({ target }) => target.name,
  check: ({ result }) => result?.check,
  title: ({ note }) => note?.title,
  verdict: ({ finding }) => finding?.verdict,
  subject: ({ finding }) => finding?.subject,
  message: ({ finding }) => finding?.message,
  expected: ({ finding }) => finding?.expected,
  actual: ({ finding }) => finding?.actual,
  reason: ({ result, target }) => (result ?? target).reason,
  detail: ({ result, target }) => (result ?? target).detail,
  waivedUntil: ({ result }) => result?.waiver?.until,
  approvedBy: ({ result }) => result?.waiver?.approvedBy,
  because: ({ result }) => result?.waiver?.because,
  fix: (subject) => remedyOf(subject)?.fix.join(' / '),
  references: (subject) => remedyOf(subject)?.references.join(' '),
  situations: ({ note }) => note?.situations.join(' '),
  evidence: ({ result }) => result?.evidence.join(' '),
  address: ({ target }) => target.address,
  tags: ({ target }) => target.tags.join(' '),
  os: ({ target }) => target.os ?? undefined,
  reached: ({ target }) => String(target.reached),
  observedAt: ({ target }) => target.startedAt,
  profile: ({ report }) => `${report.profile.id} ${report.profile.version}`,
  waiverState: ({ result }) => (result?.waiver ? 'used' : undefined),
  profileSha256: ({ report }) => report.profile.sha256,
};

/**
 * For auditors, who sample: one row per finding, passes included; a row for each result and each server that has none. At the
 * end, a row for each waiver that excused nothing.
 */
export const csv: Reporter = function* (report, { settings = {} }) {
  const notes = new Map(report.checks.map((note) => [note.id, note]));
  const results = Map.groupBy(report.results, ({ target }) => target);
  yield (settings['bom'] === 'no' ? '' : BYTE_ORDER_MARK) + row(Object.keys(COLUMNS));
  for (const target of report.targets) {
    const own = results.get(target.name) ?? [];
    if (own.length === 0) yield rowOf({ report, target });
    for (const result of own) {
      const note = notes.get(result.check);
      yield rowsOf({ report, target, result, ...(note && { note }) }, result.findings);
    }
  }
  for (const waiver of report.waivers) if (waiver.state !== 'used') yield waiverRow(waiver);
};

/** An exception that is expired, ended by another value, or that nobody needs: `server` is the pattern of its servers. */
const waiverRow = (waiver: WaiverNote): string => {
  const cells: Readonly<Record<string, Cell>> = {
    server: waiver.target,
    check: waiver.check,
    subject: waiver.subject,
    expected: waiver.actual,
    actual: waiver.found,
    detail: waiver.file,
    waivedUntil: waiver.until,
    approvedBy: waiver.approvedBy,
    because: waiver.because,
    tags: waiver.tags?.join(' '),
    waiverState: waiver.state,
  };
  return row(Object.keys(COLUMNS).map((column) => cells[column]));
};

const rowsOf = (subject: Subject, findings: readonly Finding[]): string =>
  findings.length === 0 ? rowOf(subject) : findings.map((finding) => rowOf({ ...subject, finding })).join('');

const rowOf = (subject: Subject): string => row(Object.values(COLUMNS).map((column) => column(subject)));

/** Only what is to be mended has a remedy: in each row of a fleet it would be most of the file. */
const remedyOf = ({ note, result, finding }: Subject): CheckNote | undefined =>
  result?.status === 'unknown' || finding?.verdict === 'fail' ? note : undefined;
