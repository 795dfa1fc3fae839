import { type ClientCode, code } from './client-code.ts';

/** The codes that KB947031 names. Source: kb947031 section 4. */
export const ARTICLE: readonly ClientCode[] = [
  code(
    '0x800704C9',
    'ERROR_CONNECTION_REFUSED',
    ['the remote system refused the connection', 'リモート システムが接続を拒否した'],
    ['the server has no SSTP port left, or none at all', 'サーバーに SSTP ポートの空きがない、または 1 つもない'],
    '1',
  ),
  code(
    '809',
    'ERROR_VPN_TIMEOUT',
    ['the remote server does not answer', 'リモート サーバーが応答しない'],
    [
      'remote access is off, a service is stopped, SSTP listens on another port, the certificate is missing or for another purpose, or a firewall is in the way',
      'リモート アクセスが無効、サービスの停止、待ち受けポートの相違、証明書の欠落または用途の誤り、途中のファイアウォールによる遮断',
    ],
    '2',
  ),
  code(
    '0x80070040',
    'ERROR_NETNAME_DELETED',
    ['the network name is no longer available', '指定されたネットワーク名が利用できない'],
    [
      'the server has no server-authentication certificate, or none is bound to HTTP.sys',
      'サーバー認証の証明書がサーバーにない、または HTTP.sys にバインドされていない',
    ],
    '3',
  ),
  code(
    '0x800B0101',
    'CERT_E_EXPIRED',
    ['a certificate is not within its period of validity', '証明書が有効期間内にない'],
    [
      'the server certificate or one of its issuers has expired or is not valid yet, or the clock of the client is wrong',
      'サーバー証明書またはその発行元の期限切れ、有効期間の開始前、またはクライアントの時計の誤り',
    ],
    '4',
  ),
  code(
    '0x800B0109',
    'CERT_E_UNTRUSTEDROOT',
    ['the chain ends in a root that is not trusted', '証明書チェーンのルートが信頼されていない'],
    [
      'the root of the server certificate is not in the computer store of the client, or an issuer is missing',
      'サーバー証明書のルートがクライアントのコンピューター ストアにない、または発行元の証明書が不足している',
    ],
    '5',
  ),
  code(
    '0x800B010F',
    'CERT_E_CN_NO_MATCH',
    ['the name in the certificate is not the one that was dialled', '証明書の名前が接続先の名前と一致しない'],
    [
      'the certificate is not made out to the name or address that the client dials',
      'クライアントの接続先の名前またはアドレスが証明書に含まれていない',
    ],
    '6',
  ),
  code(
    '0x80092013',
    'CRYPT_E_REVOCATION_OFFLINE',
    [
      'the revocation could not be checked: the server for it is offline',
      '失効サーバーがオフラインのため失効を確認できない',
    ],
    [
      'the client cannot reach the CRL or the OCSP responder outside of the tunnel, or the CRL has expired',
      'クライアントがトンネルの外から CRL または OCSP レスポンダーに到達できない、または CRL の有効期限が切れている',
    ],
    '7',
  ),
];
