/** What the picture of a probe says by itself. */
import { IN_WORDS } from '../../../checks/facts/attempts.ts';
import type { Confidence } from '../../../checks/facts/read/verdict/conditions.ts';
import { plural } from '../../../reporters/numbers.ts';
import type { Language } from '../../model.ts';
import type { Stage, Trouble } from '../../probe/seen.ts';

type Row = Stage | 'name' | 'trust' | 'dialled' | 'revocation' | 'versions';

type Words = Readonly<{
  row: Readonly<Record<Row, string>>;
  trouble: Readonly<Record<Trouble['kind'], string>>;
  certificate: string;
  names: string;
  valid(from: string, to: string): string;
  validity: string;
  issuers: string;
  weak: string;
  took(ms: number): string;
  acknowledged(hashes: string): string;
  noAddress: string;
  offered(suites: number): string;
  notOffered: string;
  shows(code: string, alternatives: readonly string[]): string;
  codeUnknown: string;
  event(id: number): string;
  confidence(confidence: Confidence): string;
  at(addresses: string): string;
  healthy: string;
  undecided: string;
  inside: string;
  aged: string;
  newest: string;
  onlyNewest: string;
  next(code: string): string;
}>;

const CONFIDENCE: Readonly<Record<Confidence, string>> = { high: '高', medium: '中', low: '低' };

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    row: {
      name: 'name',
      proxy: 'proxy',
      tcp: 'TCP',
      tls: 'TLS',
      http: 'HTTP',
      sstp: 'SSTP',
      trust: 'trust',
      dialled: 'dialled name',
      revocation: 'revocation',
      versions: 'versions',
    },
    trouble: IN_WORDS,
    certificate: 'certificate',
    names: 'made out to',
    validity: 'valid',
    valid: (from, to) => `${from} to ${to}`,
    issuers: 'issued by',
    weak: 'weak',
    took: (ms) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`),
    acknowledged: (hashes) => `the call is acknowledged; hashes: ${hashes}`,
    noAddress: 'no address',
    offered: (suites) => plural(suites, 'suite'),
    notOffered: 'not offered',
    shows: (code, alternatives) =>
      `A Windows client would show ${code}${alternatives.length > 0 ? `, or ${alternatives.join(', ')}` : ''}`,
    codeUnknown: 'Which code a Windows client would show is not known',
    event: (id) => `RasSstp logs event ${id} on the client`,
    confidence: (confidence) => `confidence: ${confidence}`,
    at: (addresses) => `at ${addresses}`,
    healthy: 'A Windows client would get as far as the sign-in.',
    undecided: 'Nothing is known that would stop a Windows client, but not everything could be looked at.',
    aged: 'The server offers TLS 1.0 or 1.1 at best, which newer Windows clients give up.',
    newest:
      'The server took TLS 1.3, which Windows clients before Windows 11 and Server 2022 do not have: whether it takes TLS 1.2, too, tells --versions.',
    onlyNewest:
      'The server offers TLS 1.3 only. Windows clients before Windows 11 and Server 2022 do not have it, and would show 0x80090326.',
    inside: 'This was met at no public address: clients on the Internet may meet something else.',
    next: (code) => `sstp-audit diagnose ${code} looks for the cause`,
  },
  ja: {
    row: {
      name: '名前',
      proxy: 'プロキシ',
      tcp: 'TCP',
      tls: 'TLS',
      http: 'HTTP',
      sstp: 'SSTP',
      trust: '信頼',
      dialled: '接続先の名前',
      revocation: '失効確認',
      versions: 'バージョン',
    },
    trouble: {
      refused: '接続が拒否されました',
      reset: '接続がリセットされました',
      closed: '接続が切断されました',
      'timed-out': '時間内に応答がありません',
      unreachable: 'このコンピューターから到達できる経路がありません',
      alert: 'サーバーがアラートを返しました',
      garbage: '応答がプロトコルに従っていません',
      'too-large': '応答が大きすぎます',
      declined: 'サーバーが要求を拒否しました',
    },
    certificate: '証明書',
    names: '発行先',
    validity: '有効期間',
    valid: (from, to) => `${from} から ${to} まで`,
    issuers: '発行元',
    weak: '脆弱性',
    took: (ms) => (ms < 1_000 ? `${ms} ミリ秒` : `${(ms / 1_000).toFixed(1)} 秒`),
    acknowledged: (hashes) => `呼び出しに応答しました。ハッシュ: ${hashes}`,
    noAddress: 'アドレスなし',
    offered: (suites) => `暗号スイート ${suites} 個`,
    notOffered: '提供されていません',
    shows: (code, alternatives) =>
      `Windows クライアントには ${code}${alternatives.length > 0 ? ` (または ${alternatives.join('、')})` : ''} が表示されます`,
    codeUnknown: 'Windows クライアントに表示されるコードは不明です',
    event: (id) => `クライアントに RasSstp イベント ${id} が記録されます`,
    confidence: (confidence) => `確度: ${CONFIDENCE[confidence]}`,
    at: (addresses) => addresses,
    healthy: 'Windows クライアントはサインインまで進みます。',
    undecided: 'Windows クライアントの接続を妨げるものは見つかりませんでしたが、確認できなかった項目があります。',
    aged: 'サーバーは TLS 1.1 以前しか提供していません。新しい Windows クライアントでは無効になりつつあるバージョンです。',
    newest:
      'サーバーは TLS 1.3 を選択しました。Windows 11 および Server 2022 より前のクライアントは TLS 1.3 を使用できません。サーバーが TLS 1.2 も受け入れるかどうかは --versions で確認できます。',
    onlyNewest:
      'サーバーは TLS 1.3 しか提供していません。Windows 11 および Server 2022 より前のクライアントは TLS 1.3 を使用できず、0x80090326 が表示されます。',
    inside:
      'パブリック アドレスではない接続先を確認しました。インターネット上のクライアントでは結果が異なる場合があります。',
    next: (code) => `原因は sstp-audit diagnose ${code} で調べられます`,
  },
};
