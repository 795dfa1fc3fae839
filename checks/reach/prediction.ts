import type { Handshake, Stage, Step, Trouble } from '../../engine/define.ts';
import type { Language } from '../../engine/model.ts';
import type { Confidence } from '../facts/read/verdict/conditions.ts';
import { isOversized, LARGEST_MESSAGE } from './oversized.ts';

/** What a Windows client would show. Without `code` that is not known; `event` is then what RasSstp logs on the client. */
export type Prediction = Readonly<{
  code?: string;
  confidence: Confidence;
  alternatives: readonly string[];
  event?: number;
  cause: Readonly<Record<Language, string>>;
}>;

type Row = Readonly<Omit<Prediction, 'alternatives' | 'cause'> & { alternatives?: readonly string[] }>;

const row = ({ alternatives = [], ...rest }: Row, en: string, ja: string): Prediction => ({
  ...rest,
  alternatives,
  cause: { en, ja },
});

/** Source: the RAS error codes of Win32, for what 868 says. Belief: SSTP ends with it, and not with 0x80072AF9. */
export const NO_NAME: Prediction = row(
  { code: '868', confidence: 'low' },
  'the name does not exist in DNS',
  '名前が DNS に存在しません',
);

const NOTHING_ANSWERS = row(
  { code: '809', confidence: 'high' },
  'nothing answers on the port: RRAS does not listen there, or a firewall is in the way',
  'ポートが応答しません。RRAS が待ち受けていないか、ファイアウォールが遮断しています',
);

const CUT_OFF = row(
  { code: '809', confidence: 'low', alternatives: ['0x80070040'] },
  'the port takes the connection and ends it at once: a firewall or a load balancer without a server behind it does so',
  'ポートは接続を受け付けますが、すぐに切断します。ファイアウォール、または背後にサーバーのない負荷分散装置の動作です',
);

/** Schannel refuses a hello with which it has nothing in common by hanging up, too (belief). */
const NO_BINDING = row(
  { code: '0x80070040', confidence: 'medium', alternatives: ['0x80072746'] },
  'the connection ends before TLS: HTTP.sys has no certificate bound to this address and port, or nothing of TLS in common with clients, or a load balancer has no server behind it',
  'TLS の開始前に接続が切れます。このアドレスとポートの HTTP.sys に証明書がバインドされていないか、クライアントと共通の TLS バージョンや暗号スイートがないか、負荷分散装置の背後にサーバーがありません',
);

const TLS_SILENT = row(
  { code: '809', confidence: 'low' },
  'the port is open, and nobody speaks TLS on it in time: a device holds it back, or large packets are lost on the way (MTU)',
  'ポートは開いていますが、TLS の応答が時間内にありません。途中の機器による保留、または大きなパケットの損失 (MTU) が考えられます',
);

const NOT_TLS = row(
  { code: '0x80090326', confidence: 'low', alternatives: ['0x80090308'] },
  'what answers on the port does not speak TLS',
  'ポートで応答しているのは TLS ではありません',
);

/** Source: learn.microsoft.com, "Troubleshoot SslStream authentication issues". */
export const TOO_LARGE = row(
  { code: '0x80090326', confidence: 'medium' },
  `the server says more in TLS than Windows takes, ${LARGEST_MESSAGE} bytes at a time: too many or too large certificates`,
  `TLS でサーバーから送信されるデータが Windows の上限 (1 メッセージあたり ${LARGEST_MESSAGE} バイト) を超えています。証明書が多すぎるか、大きすぎます`,
);

const NO_COMMON_TLS = row(
  { code: '0x80090326', confidence: 'medium', alternatives: ['0x80090331'] },
  'client and server have no TLS version, cipher suite or elliptic curve in common',
  'クライアントとサーバーに共通の TLS バージョン、暗号スイート、または楕円曲線がありません',
);

const OTHER_ALERT = row(
  { code: '0x80090326', confidence: 'low' },
  'the server ends TLS with an alert',
  'サーバーがアラートを返して TLS を終了します',
);

const HTTP_SILENT = row(
  { event: 2, confidence: 'low' },
  'the SSTP request gets no HTTP answer',
  'SSTP 要求に対する HTTP 応答がありません',
);

const NOT_HTTP_11 = row(
  { event: 3, confidence: 'medium' },
  'the answer is not HTTP/1.1: a proxy or load balancer is in the way',
  '応答が HTTP/1.1 ではありません。プロキシまたは負荷分散装置が間にあります',
);

const PROXY_SIGN_IN = row(
  { code: '0x800704C9', event: 23, confidence: 'medium' },
  'a proxy in the way wants a sign-in',
  '途中のプロキシが認証を要求しています',
);

const NOT_FOUND = row(
  { code: '0x800704C9', event: 4, confidence: 'medium' },
  'another program answers there (a web site or a proxy): SSTP has not registered its address',
  '別のプログラム (Web サイトまたはプロキシ) が応答しています。SSTP の URL が登録されていません',
);

/**
 * Windows has one answer for every call that it does not take: 401, without a way to sign in. Source: public disassembly notes
 * of sstpsvc.dll. That clients show this code where no port is free: KB947031 situation 1.
 */
const NO_CALL_TAKEN = row(
  { code: '0x800704C9', event: 4, confidence: 'high' },
  'SSTP itself takes no call: no port is free, or its ports do not accept remote access connections',
  'SSTP 自体が呼び出しを受け付けません。ポートの空きがないか、ポートがリモート アクセス接続を受け付けません',
);

const OVERLOADED = row(
  { code: '0x800704C9', event: 4, confidence: 'medium' },
  'HTTP.sys or a load balancer refuses for now: overload, or nobody behind it takes requests (SSTP itself answers 401 where no port is free)',
  'HTTP.sys または負荷分散装置が要求を拒否しています。過負荷、または要求を受け取るサービスの停止が考えられます (ポートの空きがない場合、SSTP 自体は 401 を返します)',
);

const HTTP_REFUSED = row(
  { code: '0x800704C9', event: 4, confidence: 'medium' },
  'HTTP refuses the SSTP request: something other than SSTP answers (which itself refuses with 401 and asks for no sign-in)',
  'HTTP が SSTP 要求を拒否しています。SSTP 以外が応答しています (SSTP 自体が拒否する場合は、認証を要求せずに 401 を返します)',
);

const NEGOTIATION = row(
  { event: 5, confidence: 'low' },
  'the server does not accept the SSTP call',
  'サーバーが SSTP の呼び出しを受け入れません',
);

/** Without a way out of this machine nothing is known. */
const TCP: Readonly<Partial<Record<Trouble['kind'], Prediction>>> = {
  refused: NOTHING_ANSWERS,
  'timed-out': NOTHING_ANSWERS,
  reset: CUT_OFF,
  closed: CUT_OFF,
};

const TLS: Readonly<Record<Trouble['kind'], Prediction>> = {
  refused: NO_BINDING,
  reset: NO_BINDING,
  closed: NO_BINDING,
  'timed-out': TLS_SILENT,
  unreachable: TLS_SILENT,
  alert: OTHER_ALERT,
  garbage: NOT_TLS,
  'too-large': TOO_LARGE,
  declined: NO_COMMON_TLS,
};

const UNKNOWN_NAME = row(
  { code: '0x80090326', confidence: 'low' },
  'what ends TLS does not know the dialled name: a load balancer or web server that chooses by name answers there',
  '接続先の名前が TLS の応答側に登録されていません。名前で振り分ける負荷分散装置または Web サーバーが応答しています',
);

/** Alerts handshake_failure, protocol_version and unrecognized_name. */
const BY_ALERT: Readonly<Record<number, Prediction>> = { 40: NO_COMMON_TLS, 70: NO_COMMON_TLS, 112: UNKNOWN_NAME };

const BY_STATUS: Readonly<Record<number, Prediction>> = {
  401: NO_CALL_TAKEN,
  404: NOT_FOUND,
  407: PROXY_SIGN_IN,
  503: OVERLOADED,
};

const forHttp = ({ http }: Handshake): Prediction => {
  if (!http) return HTTP_SILENT;
  if (http.version !== '1.1') return NOT_HTTP_11;
  const asksForSignIn = http.headers['www-authenticate'] !== undefined;
  return asksForSignIn ? HTTP_REFUSED : (BY_STATUS[http.status] ?? HTTP_REFUSED);
};

const forTls = ({ kind, alert }: Trouble): Prediction => BY_ALERT[alert ?? 0] ?? TLS[kind];

/**
 * What a Windows client would show for a connection, or `undefined` where the first answer of SSTP is an acknowledgement,
 * or where it was not asked so far. Certificates are judged elsewhere. Source: sstp-protocol 2; kb947031 section 7.
 */
export const predictionFor = (handshake: Handshake): Prediction | undefined => {
  if (handshake.tls && isOversized(handshake.tls)) return TOO_LARGE;
  const step = handshake.steps.find(({ trouble }) => trouble);
  return step && BY_STAGE[step.stage](handshake, step);
};

const BY_STAGE: Readonly<Record<Stage, (handshake: Handshake, step: Step) => Prediction | undefined>> = {
  proxy: () => undefined,
  tcp: (_, { trouble }) => trouble && TCP[trouble.kind],
  tls: (_, { trouble }) => trouble && forTls(trouble),
  http: forHttp,
  sstp: () => NEGOTIATION,
};
