import { knownEvents } from './known.ts';

const onServer = knownEvents('RemoteAccess', 'server');
const onClient = knownEvents('RasClient', 'client');

/**
 * Events of RRAS. Source: windows-facts 10.2; the texts up to 20202 are those of mprlog.h in the Windows SDK. Beliefs: from
 * 20209 on, and which of them are errors.
 */
export const REMOTE_ACCESS_EVENTS = [
  ...onServer('error', {
    20063: [
      'Remote Access Connection Manager did not start, since PPP could not be initialised',
      'PPP を初期化できなかったため、Remote Access Connection Manager を開始できませんでした',
    ],
    20103: ['a part of RRAS could not be loaded', 'RRAS のコンポーネントを読み込めませんでした'],
    20152: [
      'the authentication provider could not be loaded, so that nobody can sign in',
      '認証プロバイダーを読み込めなかったため、サインインできません',
    ],
    20153: ['the accounting provider could not be loaded', 'アカウンティング プロバイダーを読み込めませんでした'],
    20167: [
      'no IP address was left for a client, which could not connect',
      'クライアントに割り当てる IP アドレスがなく、クライアントは接続できませんでした',
    ],
  }),
  ...onServer('warning', {
    20106: [
      'an interface could not be added to the router manager of a protocol',
      'インターフェイスをプロトコルのルーター マネージャーに追加できませんでした',
    ],
    20111: [
      'a demand-dial connection that this server made failed',
      'このサーバーから発信したデマンド ダイヤル接続に失敗しました',
    ],
    20125: [
      'a persistent demand-dial connection could not be made by this server',
      'このサーバーから固定のデマンド ダイヤル接続を開始できませんでした',
    ],
    20138: [
      'a demand-dial connection could not be made by this server',
      'このサーバーからデマンド ダイヤル接続を開始できませんでした',
    ],
    20146: [
      'a RADIUS server did not answer: users can sign in only if another one does',
      'RADIUS サーバーが応答しませんでした。別の RADIUS サーバーが応答しない限り、サインインできません',
    ],
    20151: [
      'a control protocol of PPP reported an error while it started',
      'PPP の制御プロトコルが初期化中にエラーを返しました',
    ],
    20169: [
      'no DHCP server answered, so that clients get automatic private addresses',
      'DHCP サーバーに接続できないため、クライアントに自動プライベート IP アドレスが割り当てられます',
    ],
    20171: [
      'IPsec could not be applied to a port: it takes no call by L2TP',
      'ポートに IPsec を適用できませんでした。そのポートは L2TP の着信を受け付けません',
    ],
    20192: ['there is no certificate for L2TP over IPsec', 'L2TP over IPsec に使用する証明書がありません'],
    20209: [
      'GRE packets are blocked on the way, as PPTP needs them',
      'PPTP に必要な GRE パケットが経路上で遮断されています',
    ],
    20249: ['a user did not finish the authentication in time', 'ユーザーの認証が制限時間内に完了しませんでした'],
    20255: ['PPP reported an error for a user', 'ユーザーの接続で PPP のエラーが発生しました'],
    20258: ['an account has no right to dial in', 'アカウントにリモート アクセスの許可がありません'],
    20271: ['a user could not be authenticated', 'ユーザーを認証できませんでした'],
  }),
  ...onServer('information', {
    20101: [
      'a value of the registry was out of range, and its default is used',
      'レジストリの値が有効な範囲にないため、既定値を使用します',
    ],
    20272: ['a user disconnected; figures of the connection', 'ユーザーが切断しました (接続の統計)'],
    20274: ['a user connected, and has an address', 'ユーザーが接続し、アドレスが割り当てられました'],
    20275: ['a user disconnected', 'ユーザーが切断しました'],
  }),
];

/** Events of the machine that dials; on a server only where it dials itself. Source: windows-facts 10.2. */
export const RAS_CLIENT_EVENTS = [
  ...onClient('error', {
    20227: [
      'the connection failed; the error code may be printed as a negative number',
      '接続に失敗しました (エラー コードが負の数で表示されることがあります)',
    ],
  }),
  ...onClient('information', {
    20221: ['dialling began', 'ダイヤルを開始しました'],
    20222: ['a link to the server is being established', 'サーバーへのリンクを確立しています'],
    20223: ['the link to the server is established', 'サーバーへのリンクを確立しました'],
    20224: ['the link to the server is established', 'サーバーへのリンクを確立しました'],
    20225: ['connected', '接続しました'],
    20226: ['the connection ended', '接続が終了しました'],
  }),
];
