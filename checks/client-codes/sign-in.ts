import { type ClientCode, code } from './client-code.ts';

/** RAS codes of the sign-in and of PPP: SSTP itself works by then. Belief: the causes. Source: kb947031 section 6. */
export const SIGN_IN: readonly ClientCode[] = [
  code(
    '645',
    'ERROR_AUTH_INTERNAL',
    ['an internal error of the authentication', '内部認証エラー'],
    ['NPS or RRAS failed inside', 'NPS または RRAS の内部エラー'],
  ),
  code(
    '646',
    'ERROR_RESTRICTED_LOGON_HOURS',
    ['the account may not sign in at this time', 'この時刻にはログオンが許可されていない'],
    ['the logon hours of the account', 'アカウントのログオン時間の制限'],
  ),
  code(
    '647',
    'ERROR_ACCT_DISABLED',
    ['the account is disabled', 'アカウントが無効である'],
    ['the account is disabled', 'アカウントが無効である'],
  ),
  code(
    '648',
    'ERROR_PASSWD_EXPIRED',
    ['the password has expired', 'パスワードの有効期限が切れている'],
    ['the password has expired', 'パスワードの有効期限が切れている'],
  ),
  code(
    '649',
    'ERROR_NO_DIALIN_PERMISSION',
    ['the account may not dial in', 'アカウントにダイヤルインのアクセス許可がない'],
    ['a policy of NPS, or the Dial-in tab of the user', 'NPS のポリシー、またはユーザーの [ダイヤルイン] タブの設定'],
  ),
  code(
    '691',
    'ERROR_AUTHENTICATION_FAILURE',
    ['the user name or the password is not valid', 'ユーザー名またはパスワードが正しくない'],
    [
      'wrong credentials or domain, or a policy of NPS that denies: see event 6273 (Security log of NPS) and RemoteAccess 20271 (System log of RRAS)',
      '資格情報またはドメインの誤り、または NPS ポリシーによる拒否。イベント 6273 (NPS のセキュリティ ログ) と RemoteAccess 20271 (RRAS のシステム ログ) を参照',
    ],
  ),
  code(
    '718',
    'ERROR_PPP_TIMEOUT',
    ['PPP timed out', 'PPP がタイムアウトした'],
    ['a busy server, the MTU, or a slow authentication server', 'サーバーの高負荷、MTU、または認証サーバーの応答遅延'],
  ),
  code(
    '720',
    'ERROR_PPP_NO_PROTOCOLS_CONFIGURED',
    ['no PPP control protocol is configured', 'PPP 制御プロトコルが構成されていない'],
    [
      'the server has no address to give (pool or DHCP), or the miniport of the client is not bound properly',
      'サーバーに割り当て可能なアドレスがない (プールまたは DHCP)、またはクライアントのミニポートのバインドの異常',
    ],
  ),
  code(
    '721',
    'ERROR_PPP_NO_RESPONSE',
    ['the other side of PPP does not answer', 'PPP の接続先が応答しない'],
    ['the server is silent after the tunnel was made', 'トンネルの確立後にサーバーが応答しない'],
  ),
  code(
    '734',
    'ERROR_PPP_LCP_TERMINATED',
    ['the PPP link control protocol was ended', 'PPP リンク制御プロトコルが終了した'],
    ['the authentication methods or the encryption do not match', '認証方法または暗号化の不一致'],
  ),
  code(
    '736',
    'ERROR_PPP_NCP_TERMINATED',
    ['the other side ended the control protocol', 'リモート コンピューターが制御プロトコルを終了した'],
    ['the server ended the network part of PPP', 'サーバーが PPP のネットワーク制御プロトコルを終了した'],
  ),
  code(
    '738',
    'ERROR_PPP_NO_ADDRESS_ASSIGNED',
    ['the server gave no address', 'サーバーがアドレスを割り当てなかった'],
    ['the server has no address to give (pool or DHCP)', 'サーバーに割り当て可能なアドレスがない (プールまたは DHCP)'],
  ),
  code(
    '812',
    'ERROR_SERVER_POLICY',
    ['a policy of the server prevented the connection', 'サーバーのポリシーにより接続できない'],
    [
      'a policy of NPS or RRAS, such as another authentication method, a group, a time limit: see event 6273 (Security log of NPS)',
      'NPS または RRAS のポリシー。認証方法の不一致、グループ、時間制限など。イベント 6273 (NPS のセキュリティ ログ) を参照',
    ],
  ),
];
