/** The nouns of a comparison of two audits; they rest on those of an audit. */
import type { CheckNote, Finding, Language, Report, Result, Severity, Status } from './model.ts';

/** What became of a result from one audit to the other, the gravest first. Every result of either side is in exactly one. */
export const BUCKETS = [
  'regressed',
  'became-unknown',
  'profile-changed',
  'waiver-changed',
  'still-failing',
  'not-compared',
  'fixed',
  'evidence-changed',
  'added',
  'removed',
  'unchanged',
] as const;
export type Bucket = (typeof BUCKETS)[number];

/** Why something was not compared; of what was added or removed, how much: the whole server, the check, or one subject. */
export const WHYS = [
  ...(['unknown-before', 'unknown-both', 'inapplicable-before', 'inapplicable-after'] as const),
  ...(['server', 'check', 'subject'] as const),
] as const;
export type Why = (typeof WHYS)[number];

/** What one side says of one subject of a check. */
export type State = Readonly<{ status: Status; findings: readonly Finding[] }>;

/** What became of one subject. Without a subject it is the check as a whole. */
export type SubjectChange = Readonly<{
  subject?: string;
  bucket: Bucket;
  why?: Why;
  /** It fails now, and did not before: what a gate counts, whatever the bucket. */
  worse: boolean;
  before?: State;
  after?: State;
}>;

export type ResultNote = Readonly<Pick<Result, 'status' | 'severity' | 'expected' | 'reason' | 'detail' | 'waiver'>>;

/** An answer that a result rests on, by the command; absent on a side that did not ask. */
export type AnswerPair = Readonly<{ command: string; before?: Answer; after?: Answer }>;
export type Answer = Readonly<{ id: string; sha256: string }>;

/** A result that is not the same on both sides, or fails on both. Its bucket is the gravest of its subjects'. */
export type Change = Readonly<{
  bucket: Exclude<Bucket, 'unchanged'>;
  why?: Why;
  worse: boolean;
  target: string;
  check: string;
  severity: Severity;
  before?: ResultNote;
  after?: ResultNote;
  /** Those to which something happened, and those that fail. */
  subjects: readonly SubjectChange[];
  evidence: readonly AnswerPair[];
}>;

/**
 * Where an audit was read from. `sha256` is that of the report; of all SHA256SUMS of the evidence, one after another; or of
 * what a run recorded, server by server.
 */
export type Source =
  | Readonly<{ kind: 'report' | 'evidence'; name: string; sha256: string }>
  | Readonly<{ kind: 'run'; name: string; sha256: string; run: number; store: string }>;

/** One of the two audits. A run that an earlier version finished has no gate; the waivers of a run are those that it used. */
export type SideNote = Readonly<{ source: Source }> &
  Pick<Report, 'tool' | 'profile' | 'auditor' | 'startedAt' | 'finishedAt' | 'exitCode' | 'exitReason'> &
  Partial<Pick<Report, 'gate'>> &
  Pick<Report, 'summary' | 'waivers' | 'waiverFiles'>;

/** A server of which something is to be told, as each side met it. */
export type ServerPair = Readonly<{ name: string; before?: ServerNote; after?: ServerNote }>;
export type ServerNote = Readonly<{ address: string; os: string | null; reached: boolean; startedAt: string }>;

export const FAIL_ON = ['regression', 'change', 'nothing'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Results of a side, and those of them that could be told. */
export type Coverage = Readonly<{ results: number; told: number }>;

export type Comparison = Readonly<{
  format: 'sstp-audit/diff/1';
  language: Language;
  tool: Report['tool'];
  /** Who compared, and from where. */
  auditor?: Report['auditor'];
  madeAt: string;
  before: SideNote;
  after: SideNote;
  exitCode: number;
  /** Why the exit code is what it is, in one English sentence. */
  exitReason: string;
  gate: Readonly<{ failOn: FailOn; allowUnknown: boolean }>;
  /** What makes verdicts differ though no server did. */
  differs: readonly ('profile' | 'tool')[];
  /** Results by what became of them. */
  summary: Readonly<Record<Bucket, number>>;
  coverage: Readonly<{ before: Coverage; after: Coverage }>;
  servers: readonly ServerPair[];
  checks: readonly CheckNote[];
  /** In the order of the later audit; what is gone comes last. */
  changes: readonly Change[];
}>;
