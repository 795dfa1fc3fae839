/** The nouns of an audit. Every room speaks in these; this file imports nothing. */

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const STATUSES = ['fail', 'unknown', 'waived', 'inapplicable', 'pass'] as const;
export type Status = (typeof STATUSES)[number];
export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Why something could not be learned: a closed list, each with one sentence of advice. */
export const REASONS = {
  unreachable: {
    en: 'Check the name, the route and the firewall between this machine and the server.',
    ja: 'サーバー名、経路、およびこのコンピューターとサーバーの間のファイアウォールを確認してください。',
  },
  refused: {
    en: 'The server refused the connection or the sign-in: check that the service runs and that this account may sign in.',
    ja: '接続またはサインインが拒否されました。サービスが動作していること、このアカウントでサインインできることを確認してください。',
  },
  untrusted: {
    en: "Verify the server's identity by another way, then add its host key or its certificate authority.",
    ja: 'サーバーの身元を別の手段で確認してから、ホスト キーまたは証明機関を登録してください。',
  },
  'timed-out': {
    en: 'The server answered too late: try again when it is less busy, or raise the deadline.',
    ja: '時間内に応答がありませんでした。負荷の低い時に再実行するか、制限時間を延ばしてください。',
  },
  denied: {
    en: 'The account lacks a right: sstp-audit doctor tells which one, and what grant would help.',
    ja: 'アカウントの権限が不足しています。sstp-audit doctor を実行すると、不足している権限と付与の方法を確認できます。',
  },
  absent: {
    en: 'What was asked for does not exist on this server: check that the role is installed and configured.',
    ja: '対象がこのサーバーに存在しません。役割がインストールされ構成されていることを確認してください。',
  },
  truncated: {
    en: 'The answer ended before its end marker or was larger than the limit: run the audit again.',
    ja: '応答が途中で切れたか、上限を超えました。監査を再実行してください。',
  },
  unreadable: {
    en: 'What came back cannot be judged: do what the detail says; where it names no remedy, keep the evidence and report it.',
    ja: '応答を判定に使用できません。詳細に示された対処を行ってください。対処が示されていない場合は、証拠を保存して報告してください。',
  },
  'not-recorded': {
    en: 'The evidence does not hold this answer: gather it again with this version and this profile.',
    ja: 'この応答は証拠に記録されていません。このバージョンとこのプロファイルで再度収集してください。',
  },
  cancelled: {
    en: 'The run was stopped before this was asked: run it again.',
    ja: '質問の前に実行が中止されました。再実行してください。',
  },
  bug: {
    en: 'This is a defect of sstp-audit, or of a check of your own: report it with the detail below.',
    ja: 'sstp-audit または独自のチェックの不具合です。下記の詳細を添えて報告してください。',
  },
} as const satisfies Record<string, Record<Language, string>>;
export type Reason = keyof typeof REASONS;

/** A value that a profile, an inventory or the command line gives to an input. */
export type InputValue = string | number | boolean | readonly string[];

/** A server to audit. `address` is a URI such as `ssh://admin@vpn01:22` or `evidence:./dir`; it holds no secret. */
export type Target = Readonly<{
  name: string;
  address: string;
  tags: readonly string[];
  inputs: Readonly<Record<string, InputValue>>;
}>;

/** One command and the bytes that came back. `missing` says why the answer is not whole; without it, it is. */
export type Evidence = Readonly<{
  id: string;
  command: string;
  stdout: Uint8Array;
  stderr: Uint8Array;
  exitCode: number | null;
  /** ISO 8601, UTC, by the auditor's clock. */
  startedAt: string;
  tookMs: number;
  missing?: Ignorance;
}>;

/** Why a question has no answer. */
export type Ignorance = Readonly<{ reason: Reason; detail: string }>;

/** What is known of a fact. There is no third state and no default. `evidence` holds the ids of the answers it rests on. */
export type Reading<T> =
  | Readonly<{ known: true; value: T; evidence: readonly string[] }>
  | Readonly<{ known: false; reason: Reason; detail: string; evidence: readonly string[] }>;

/** What a check says about one subject (one binding, one interface, one certificate). */
export type Finding = Readonly<{
  /** `unknown`: the facts are known, and yet nothing can be told of this subject. */
  verdict: 'pass' | 'fail' | 'inapplicable' | 'unknown';
  subject?: string;
  message: string;
  expected?: string;
  actual?: string;
  /** Present when the verdict is `unknown`. */
  reason?: Reason;
}>;

/** An exception that somebody approved. `until` is an instant, ISO 8601 UTC. */
export type Waiver = Readonly<{
  check: string;
  target: string;
  /** Only for targets that have one of these. */
  tags?: readonly string[];
  subject: string;
  /** The only value that it excuses. */
  actual?: string;
  until: string;
  because: string;
  approvedBy: string;
  /** Where it is written. */
  file?: string;
}>;

/** A waiver and what became of it in a run. One that is bound to a value is ended by another: `found`. */
export type WaiverNote = Readonly<Waiver & { state: 'used' | 'unused' | 'expired' | 'ended'; found?: string }>;

/** One check on one target. `reason` and `detail` are present when the status is `unknown`. */
export type Result = Readonly<{
  check: string;
  target: string;
  severity: Severity;
  status: Status;
  /** What the profile expects here, inputs resolved; absent when that is nothing but the healthy state. */
  expected?: Readonly<Record<string, unknown>>;
  findings: readonly Finding[];
  reason?: Reason;
  detail?: string;
  evidence: readonly string[];
  waiver?: Waiver;
}>;

/** What a report tells about a check: prose in the report's language, the rest as the check declares it. */
export type CheckNote = Readonly<{
  id: string;
  title: string;
  why: string;
  fix: readonly string[];
  references: readonly string[];
  /** Steps of KB947031, such as `8.7`. */
  situations: readonly string[];
  clientErrors: readonly string[];
}>;

/** An answer as a report shows it: `excerpt` is decoded text, cut, and present only where a result is not a pass. */
export type EvidenceNote = Readonly<{
  id: string;
  command: string;
  exitCode: number | null;
  startedAt: string;
  tookMs: number;
  complete: boolean;
  sha256: string;
  excerpt?: string;
}>;

export type TargetNote = Readonly<{
  name: string;
  address: string;
  tags: readonly string[];
  /** Windows version as the server states it, or null when it is not known. */
  os: string | null;
  /** Of a server that is asked itself: there, whatever was seen from outside. `reason` and `detail` are there where it is false. */
  reached: boolean;
  reason?: Reason;
  detail?: string;
  startedAt: string;
  tookMs: number;
  evidence: readonly EvidenceNote[];
}>;

/** A file on which the verdict rests, by its name at that time: waivers, own checks (`--checks`), an earlier report or `run:12`. */
export type FileNote = Readonly<{ file: string; sha256: string }>;

export type Report = Readonly<{
  format: 'sstp-audit/report/1';
  language: Language;
  tool: Readonly<{ name: 'sstp-audit'; version: string }>;
  profile: Readonly<{ id: string; version: string; title: string; sha256: string }>;
  auditor?: Readonly<{ account: string; host: string }>;
  startedAt: string;
  finishedAt: string;
  exitCode: number;
  /** Why the exit code is what it is, in one English sentence. */
  exitReason: string;
  /** How the operator softened the verdict: `--fail-on`, `--allow-unknown`, `--baseline`. */
  gate: Readonly<{ failOn: Severity; allowUnknown: boolean; baseline?: FileNote & Readonly<{ store?: string }> }>;
  summary: Readonly<{ targets: number } & Record<Status, number>>;
  targets: readonly TargetNote[];
  checks: readonly CheckNote[];
  results: readonly Result[];
  /** Every waiver that was given, in the profile or in the files beside it. */
  waivers: readonly WaiverNote[];
  waiverFiles?: readonly FileNote[];
  checkFiles?: readonly FileNote[];
}>;
