/** Reports that are put together by hand, to be compared. */
import { type Side, sideOf } from '../../engine/diff.ts';
import type { Finding, Report, Result, TargetNote, Waiver } from '../../engine/model.ts';
import { counted } from '../reporters/sample.ts';

export const HASH = 'a'.repeat(64);

export const pass = (subject?: string, message = 'as it should be', rest: Partial<Finding> = {}): Finding => ({
  verdict: 'pass',
  ...(subject !== undefined && { subject }),
  message,
  ...rest,
});
export const fail = (subject?: string, message = 'broken', rest: Partial<Finding> = {}): Finding => ({
  ...pass(subject, message, rest),
  verdict: 'fail',
});
export const inapplicable = (subject?: string, message = 'no matter here'): Finding => ({
  ...pass(subject, message),
  verdict: 'inapplicable',
});

/** A result as its findings make it. */
export const told = (findings: readonly Finding[], rest: Partial<Result> = {}): Result => ({
  check: 'area/check',
  target: 'vpn01',
  severity: 'high',
  status: findings.some(({ verdict }) => verdict === 'fail')
    ? 'fail'
    : findings.every(({ verdict }) => verdict === 'inapplicable')
      ? 'inapplicable'
      : 'pass',
  findings,
  evidence: ['001'],
  ...rest,
});
export const unknown = (detail = 'access is denied', rest: Partial<Result> = {}): Result => ({
  ...told([], rest),
  status: 'unknown',
  reason: 'denied',
  detail,
});
export const WAIVER: Waiver = {
  check: 'area/check',
  target: '*',
  subject: '*',
  until: '2026-12-31T23:59:59.999Z',
  because: 'CHG-1',
  approvedBy: 'ann',
};
export const waived = (findings: readonly Finding[], rest: Partial<Result> = {}): Result => ({
  ...told(findings, rest),
  status: 'waived',
  waiver: { ...WAIVER, ...rest.waiver },
});

export const targetOf = (name: string, rest: Partial<TargetNote> = {}): TargetNote => ({
  name,
  address: `ssh://auditor@${name}`,
  tags: [],
  os: 'Windows Server 2022',
  reached: true,
  startedAt: '2026-11-24T06:39:03.000Z',
  tookMs: 1_000,
  evidence: [
    {
      id: '001',
      command: 'sc.exe query RemoteAccess',
      exitCode: 0,
      startedAt: '2026-11-24T06:39:04.000Z',
      tookMs: 31,
      complete: true,
      sha256: HASH,
    },
  ],
  ...rest,
});

/** A report that holds these results, on the servers and of the checks that they name. */
export const reportOf = (results: readonly Result[], rest: Partial<Report> = {}): Report =>
  counted({
    format: 'sstp-audit/report/1',
    language: 'en',
    tool: { name: 'sstp-audit', version: '0.1.0' },
    profile: { id: 'baseline', version: '1.0.0', title: 'Baseline', sha256: HASH },
    startedAt: '2026-11-24T06:39:02.000Z',
    finishedAt: '2026-11-24T06:39:19.000Z',
    exitCode: 0,
    exitReason: 'nothing failed',
    gate: { failOn: 'low', allowUnknown: false },
    summary: { targets: 0, fail: 0, unknown: 0, waived: 0, inapplicable: 0, pass: 0 },
    targets: [...new Set(results.map(({ target }) => target))].map((name) => targetOf(name)),
    checks: [...new Set(results.map(({ check }) => check))].map((id) => ({
      id,
      title: `Title of ${id}`,
      why: 'it matters',
      fix: ['mend it'],
      references: [],
      situations: [],
      clientErrors: [],
    })),
    results,
    waivers: [],
    ...rest,
  });

export const side = (report: Report, name = 'report.json'): Side =>
  sideOf(report, { kind: 'report', name, sha256: HASH });
