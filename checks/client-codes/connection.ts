import { type ClientCode, code } from './client-code.ts';

/** RAS codes of the connection itself. Belief: the causes. Source: kb947031 section 6; RRAS error codes of Win32. */
export const CONNECTION: readonly ClientCode[] = [
  code(
    '619',
    'ERROR_PORT_DISCONNECTED',
    ['the port was disconnected', 'ポートが切断された'],
    [
      'the connection ended right after TCP: RRAS stopped, or a device on the way cut it',
      'TCP 接続の直後に切断された。RRAS の停止、または途中の機器による切断',
    ],
  ),
  code(
    '628',
    'ERROR_DISCONNECTION',
    [
      'the connection was ended by the other computer before it was complete',
      '接続が完了前にリモート コンピューターに切断された',
    ],
    ['the server ended it: see the RemoteAccess events', 'サーバーが切断した。RemoteAccess のイベントを参照'],
  ),
  code(
    '629',
    'ERROR_REMOTE_DISCONNECTION',
    ['the remote computer ended the connection', 'リモート コンピューターが接続を切断した'],
    [
      'the server ended it: an administrator, a quota, a policy',
      'サーバーが切断した。管理者の操作、クォータ、ポリシーなど',
    ],
  ),
  code(
    '633',
    'ERROR_PORT_NOT_AVAILABLE',
    ['the port is in use or not set up for dial-out', 'ポートが使用中か、発信用に構成されていない'],
    [
      'the SSTP miniport of the client is missing or in use: install the miniports anew, restart RasMan',
      'クライアントの SSTP ミニポートがないか使用中。ミニポートの再インストールと RasMan の再起動を行う',
    ],
  ),
  code(
    '638',
    'ERROR_REQUEST_TIMEOUT',
    ['the request timed out', '要求がタイムアウトした'],
    ['the server or the network is too slow', 'サーバーまたはネットワークの応答が遅い'],
  ),
  code(
    '678',
    'ERROR_NO_ANSWER',
    ['there was no answer', '応答がない'],
    ['a wrong name or port', '名前またはポートの誤り'],
    '2',
  ),
  code(
    '741',
    'ERROR_NO_LOCAL_ENCRYPTION',
    ['the local computer does not support the encryption', 'ローカル コンピューターが暗号化をサポートしていない'],
    ['the client cannot do the encryption that is required', 'クライアントが必要な暗号化に対応していない'],
  ),
  code(
    '742',
    'ERROR_NO_REMOTE_ENCRYPTION',
    ['the remote server does not support the encryption', 'リモート サーバーが暗号化をサポートしていない'],
    ['the server does not do the encryption that is required', 'サーバーが必要な暗号化に対応していない'],
  ),
  code(
    '768',
    'ERROR_FAILED_TO_ENCRYPT',
    ['the data could not be encrypted', 'データを暗号化できなかった'],
    ['a failure of the encryption', '暗号化の失敗'],
  ),
  code(
    '778',
    'ERROR_UNABLE_TO_AUTHENTICATE_SERVER',
    ['the identity of the server could not be verified', 'サーバーの身元を確認できない'],
    ['the server did not prove who it is', 'サーバーが自身の身元を証明できなかった'],
  ),
  code(
    '800',
    'ERROR_AUTOMATIC_VPN_FAILED',
    ['the VPN connection could not be made', 'VPN 接続を確立できない'],
    [
      'the type of the tunnel is automatic, and none of them worked: dial with SSTP only to see its own code',
      '自動選択されたトンネルがすべて失敗した。SSTP を指定して接続し、SSTP のエラーを確認する',
    ],
  ),
  code(
    '801',
    'ERROR_VALIDATING_SERVER_CERT',
    ['Windows cannot verify the certificate of the server', 'サーバーの証明書を検証できない'],
    ['the server certificate cannot be verified (EAP profile)', 'サーバー証明書を検証できない (EAP の設定)'],
  ),
  code(
    '807',
    'ERROR_VPN_DISCONNECT',
    ['the connection was interrupted', '接続が中断された'],
    ['the network on the way, or the capacity of the server', '途中のネットワークの問題、またはサーバーの容量不足'],
  ),
  code(
    '808',
    'ERROR_VPN_REFUSED',
    ['the remote server refused the connection', 'リモート サーバーが接続を拒否した'],
    ['the settings of client and server do not match', 'クライアントとサーバーの設定の不一致'],
  ),
  code(
    '810',
    'ERROR_VPN_BAD_CERT',
    [
      'the certificate between client and server is wrong or has expired',
      'クライアントとサーバーの間の証明書に誤りがあるか、期限が切れている',
    ],
    ['a wrong or expired certificate', '証明書の誤りまたは期限切れ'],
    '4',
  ),
  code(
    '828',
    'ERROR_IDLE_TIMEOUT',
    ['the connection was idle for too long', '一定時間使用されなかったため切断された'],
    ['the idle time of the connection or of the policy', '接続またはポリシーのアイドル タイムアウト'],
  ),
  code(
    '829',
    'ERROR_LINK_FAILURE',
    ['the link failed', 'リンクに障害が発生した'],
    ['the network between client and server', 'クライアントとサーバーの間のネットワークの障害'],
  ),
  code(
    '848',
    'ERROR_SSTP_COOKIE_SET_FAILURE',
    ['cookies could not be added to SSTP', 'SSTP に Cookie を追加できない'],
    [
      'a problem of the client with its cookies (RasSstp event 33)',
      'クライアントの Cookie の問題 (RasSstp イベント 33)',
    ],
  ),
  code(
    '868',
    'ERROR_DNSNAME_NOT_RESOLVABLE',
    ['the name of the server was not resolved', 'サーバー名を解決できない'],
    ['the name does not exist in DNS, or DNS does not answer', '名前が DNS に存在しない、または DNS が応答しない'],
  ),
];
