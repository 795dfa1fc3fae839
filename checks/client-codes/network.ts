import { type ClientCode, code } from './client-code.ts';

/** Codes of Windows sockets, of Win32 and of TLS. Belief: the causes. Source: kb947031 sections 5 and 7. */
export const NETWORK: readonly ClientCode[] = [
  code(
    '0x80072746',
    'WSAECONNRESET',
    ['the other side reset the connection', '接続がリモート ホストに強制的に切断された'],
    [
      'no certificate is bound in HTTP.sys, TLS versions or cipher suites do not match, something else listens, or a device cuts in',
      'HTTP.sys に証明書がバインドされていない、TLS のバージョンまたは暗号スイートの不一致、別のプログラムの待ち受け、途中の機器による切断',
    ],
    '3',
  ),
  code(
    '0x8007274C',
    'WSAETIMEDOUT',
    ['the other side did not answer in time', '接続先が時間内に応答しない'],
    ['the port is filtered by a firewall', 'ポートがファイアウォールで遮断されている'],
    '2',
  ),
  code(
    '0x8007274D',
    'WSAECONNREFUSED',
    ['the other side refused the connection', '対象のコンピューターに接続を拒否された'],
    ['nothing listens on the port', 'ポートで待ち受けているものがない'],
    '2',
  ),
  code(
    '0x80072751',
    'WSAEHOSTUNREACH',
    ['there is no route to the host', 'ホストに到達できない'],
    ['routing between the client and the server', 'クライアントとサーバーの間の経路の問題'],
    '2',
  ),
  code(
    '0x80072AF9',
    'WSAHOST_NOT_FOUND',
    ['the host is not known', 'ホストが見つからない'],
    ['the name does not exist in DNS, as with 868', '名前が DNS に存在しない (868 と同じ)'],
  ),
  code(
    '0x800704D4',
    'ERROR_CONNECTION_ABORTED',
    ['the connection was aborted', '接続が中断された'],
    [
      'the server or a device on the way gave a wrong HTTP answer, or inspects TLS',
      'サーバーまたは途中の機器が HTTP に正しく応答しない、または TLS を検査している',
    ],
  ),
  code(
    '0x80070320',
    'HRESULT_FROM_WIN32(ERROR_AUTOMATIC_VPN_FAILED)',
    ['RAS code 800 in an HRESULT', 'RAS のエラー 800 を HRESULT で表したもの'],
    ['a failure that is not told more exactly', '詳細が示されない一般的な失敗'],
  ),
  code(
    '0x80070057',
    'ERROR_INVALID_PARAMETER',
    ['a parameter is not valid', 'パラメーターが正しくない'],
    [
      'the settings of the connection, the state of the miniport or of RasMan on the client, or an odd certificate hash',
      '接続の設定、クライアントのミニポートまたは RasMan の状態、または証明書ハッシュの異常',
    ],
  ),
  code(
    '0x80070005',
    'ERROR_ACCESS_DENIED',
    ['access is denied', 'アクセスが拒否された'],
    [
      'the reservation of the SSTP address, or the permissions of the private key',
      'SSTP の URL 予約、または秘密キーのアクセス許可の問題',
    ],
  ),
  code(
    '0x80070006',
    'ERROR_INVALID_HANDLE',
    ['the handle is not valid', 'ハンドルが無効である'],
    ['a service was restarted in between', '途中でサービスが再起動された'],
  ),
  code(
    '0x8009030C',
    'SEC_E_LOGON_DENIED',
    ['the sign-in failed', 'ログオンに失敗した'],
    ['wrong credentials (EAP)', '資格情報の誤り (EAP)'],
  ),
  code(
    '0x80090326',
    'SEC_E_ILLEGAL_MESSAGE',
    ['a TLS message was unexpected or badly formed', 'TLS のメッセージが予期しないものか、形式が正しくない'],
    [
      'no TLS version or cipher suite in common, a proxy, or plain HTTP on the port',
      '共通の TLS バージョンまたは暗号スイートがない、プロキシの介在、またはポートでの平文の HTTP',
    ],
  ),
  code(
    '0x80090331',
    'SEC_E_ALGORITHM_MISMATCH',
    ['client and server have no algorithm in common', 'クライアントとサーバーに共通のアルゴリズムがない'],
    ['no TLS version or cipher suite in common', '共通の TLS バージョンまたは暗号スイートがない'],
  ),
  code(
    '0x80090308',
    'SEC_E_INVALID_TOKEN',
    ['the token is not valid', 'トークンが無効である'],
    ['what answers on the port does not speak TLS', 'ポートで応答しているものが TLS を使用していない'],
  ),
  code(
    '0x80090325',
    'SEC_E_UNTRUSTED_ROOT',
    ['the chain ends in a root that is not trusted', '証明書チェーンのルートが信頼されていない'],
    ['the root for EAP or TLS is missing on the client', 'EAP または TLS のルート証明書がクライアントにない'],
    '5',
  ),
  code(
    '0x80090327',
    'SEC_E_CERT_UNKNOWN',
    ['the certificate could not be processed', '証明書の処理中に不明なエラーが発生した'],
    ['a certificate that one of the sides cannot process', '一方が処理できない証明書が使用されている'],
  ),
  code(
    '0x80090302',
    'SEC_E_UNSUPPORTED_FUNCTION',
    ['the function is not supported', '要求された機能がサポートされていない'],
    ['TLS and EAP do not go together (EAP over TLS 1.3)', 'TLS と EAP の組み合わせの問題 (TLS 1.3 での EAP)'],
  ),
];
