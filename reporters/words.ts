/** What reporters say by themselves. Ids, findings and evidence are never translated. */
import type { Language, Reason, Severity, Status } from '../engine/model.ts';
import { grouped, plural } from './numbers.ts';

type Both = Readonly<Record<Language, string>>;

/** Labels before a result. */
const STATUS_NAMES: Readonly<Record<Status, Both>> = {
  fail: { en: 'FAIL', ja: '不合格' },
  unknown: { en: 'UNKNOWN', ja: '不明' },
  waived: { en: 'WAIVED', ja: '免除' },
  inapplicable: { en: 'N/A', ja: '対象外' },
  pass: { en: 'PASS', ja: '合格' },
};

/** What the status means for the reader: headings, sentences, legends. */
const STATUS_MEANINGS: Readonly<Record<Status, Both>> = {
  fail: { en: 'failed', ja: '期待される状態ではありません' },
  unknown: { en: 'could not be told', ja: '判定できませんでした' },
  waived: { en: 'waived', ja: '承認済みの例外です' },
  inapplicable: { en: 'does not apply', ja: 'このサーバーには該当しません' },
  pass: { en: 'passed', ja: '期待される状態です' },
};

const SEVERITY_NAMES: Readonly<Record<Severity, Both>> = {
  critical: { en: 'critical', ja: '緊急' },
  high: { en: 'high', ja: '高' },
  medium: { en: 'medium', ja: '中' },
  low: { en: 'low', ja: '低' },
};

const REASON_NAMES: Readonly<Record<Reason, Both>> = {
  unreachable: { en: 'unreachable', ja: '到達不能' },
  refused: { en: 'refused', ja: '接続拒否' },
  untrusted: { en: 'not trusted', ja: '身元未確認' },
  'timed-out': { en: 'timed out', ja: 'タイムアウト' },
  denied: { en: 'denied', ja: '権限不足' },
  absent: { en: 'absent', ja: '存在しない' },
  truncated: { en: 'truncated', ja: '応答の途切れ' },
  unreadable: { en: 'unreadable', ja: '解釈不能' },
  'not-recorded': { en: 'not recorded', ja: '記録なし' },
  cancelled: { en: 'cancelled', ja: '中止' },
  bug: { en: 'defect of sstp-audit', ja: 'sstp-audit の不具合' },
};

const WAIVER_STATES = {
  used: { en: 'used', ja: '適用済み' },
  unused: { en: 'unused', ja: '未使用' },
  expired: { en: 'expired', ja: '期限切れ' },
  ended: { en: 'ended', ja: '値の変化により失効' },
} as const satisfies Record<string, Both>;

const LABELS = {
  actual: { en: 'actual', ja: '実際の値' },
  address: { en: 'address', ja: 'アドレス' },
  advice: { en: 'advice', ja: '助言' },
  approvedBy: { en: 'approved by', ja: '承認者' },
  asked: { en: 'asked', ja: '確認日時' },
  auditor: { en: 'run by', ja: '実行者' },
  because: { en: 'because', ja: '免除の理由' },
  check: { en: 'check', ja: 'チェック' },
  checks: { en: 'checks', ja: 'チェック' },
  clientErrors: { en: 'what users see', ja: 'ユーザーに表示されるエラー' },
  command: { en: 'command', ja: 'コマンド' },
  detail: { en: 'detail', ja: '詳細' },
  evidence: { en: 'evidence', ja: '証拠' },
  exitCode: { en: 'exit code', ja: '終了コード' },
  expected: { en: 'expected', ja: '期待値' },
  excused: { en: 'only for', ja: '対象の値' },
  file: { en: 'file', ja: 'ファイル' },
  finished: { en: 'finished', ja: '終了' },
  found: { en: 'found', ja: '検出値' },
  incomplete: { en: 'answer not whole', ja: '応答が不完全' },
  notReached: { en: 'not reached', ja: '接続できませんでした' },
  os: { en: 'Windows', ja: 'Windows' },
  ownChecks: { en: 'own checks', ja: '独自のチェック' },
  profile: { en: 'profile', ja: 'プロファイル' },
  reached: { en: 'reached', ja: '接続済み' },
  reason: { en: 'reason', ja: '不明の理由' },
  references: { en: 'see also', ja: '参考情報' },
  remedy: { en: 'remedy', ja: '対処方法' },
  result: { en: 'result', ja: '結果' },
  server: { en: 'server', ja: 'サーバー' },
  servers: { en: 'servers', ja: 'サーバー' },
  severity: { en: 'severity', ja: '重大度' },
  situations: { en: 'steps of KB947031', ja: 'KB947031 の手順' },
  started: { en: 'started', ja: '開始' },
  status: { en: 'status', ja: '状態' },
  subject: { en: 'subject', ja: '対象' },
  summary: { en: 'summary', ja: '概要' },
  tags: { en: 'tags', ja: 'タグ' },
  took: { en: 'took', ja: '所要時間' },
  total: { en: 'total', ja: '合計' },
  unknownOs: { en: 'version of Windows not known', ja: 'Windows のバージョンは不明' },
  until: { en: 'until', ja: '期限' },
  waivers: { en: 'waivers', ja: '免除の一覧' },
  why: { en: 'why', ja: '理由' },
} as const satisfies Record<string, Both>;

type Sentences = Readonly<{
  servers(count: number): string;
  notReached(count: number): string;
  checks(count: number): string;
  more(count: number): string;
  waived(until: string, by: string): string;
  exit(code: number): string;
  failOn(severity: Severity): string;
  allowUnknown: string;
  /** Of a run, with its store. */
  baseline(file: string, store?: string): string;
  notEvaluated: string;
  nothingJudged: string;
  truncated: string;
}>;

const baselineOption = (file: string, store: string | undefined): string =>
  `--baseline ${file}${store === undefined ? '' : ` --store ${store}`}`;

const SENTENCES: Readonly<Record<Language, Sentences>> = {
  en: {
    servers: (count) => plural(count, 'server'),
    notReached: (count) => `${plural(count, 'server')} not reached`,
    checks: (count) => plural(count, 'check'),
    more: (count) => `${grouped(count)} more`,
    waived: (until, by) => `waived until ${until} by ${by}`,
    exit: (code) => `exit code ${code}`,
    failOn: (severity) => `failures below ${severity} do not count (--fail-on)`,
    allowUnknown: 'what is unknown does not count (--allow-unknown)',
    baseline: (file, store) => `only what got worse counts (${baselineOption(file, store)})`,
    notEvaluated: 'not evaluated',
    nothingJudged: 'nothing was judged',
    truncated: 'truncated, see the JSON report',
  },
  ja: {
    servers: (count) => `サーバー ${grouped(count)} 台`,
    notReached: (count) => `接続できなかったサーバー ${grouped(count)} 台`,
    checks: (count) => `チェック ${grouped(count)} 件`,
    more: (count) => `ほか ${grouped(count)} 件`,
    waived: (until, by) => `${until} まで免除 (承認者: ${by})`,
    exit: (code) => `終了コード ${code}`,
    failOn: (severity) => `重大度「${SEVERITY_NAMES[severity].ja}」未満の不合格は終了コードに数えません (--fail-on)`,
    allowUnknown: '不明な結果は終了コードに数えません (--allow-unknown)',
    baseline: (file, store) =>
      `基準の${store === undefined ? 'レポート' : '実行'}より悪化した結果だけを終了コードに数えます (${baselineOption(file, store)})`,
    notEvaluated: '評価していません',
    nothingJudged: '何も判定されませんでした',
    truncated: '以下省略。JSON レポートを参照してください',
  },
};

const pick = <K extends string>(table: Readonly<Record<K, Both>>, language: Language): Readonly<Record<K, string>> =>
  Object.fromEntries(Object.entries<Both>(table).map(([key, both]) => [key, both[language]])) as Record<K, string>;

const wordsIn = (language: Language) => ({
  status: pick(STATUS_NAMES, language),
  meaning: pick(STATUS_MEANINGS, language),
  severity: pick(SEVERITY_NAMES, language),
  reason: pick(REASON_NAMES, language),
  waiverState: pick(WAIVER_STATES, language),
  label: pick(LABELS, language),
  say: SENTENCES[language],
});

/** The reporters' words in one language: tables by status, severity, reason, waiver state and label, and sentences. */
export type Words = Readonly<ReturnType<typeof wordsIn>>;

export const words: Readonly<Record<Language, Words>> = { en: wordsIn('en'), ja: wordsIn('ja') };
