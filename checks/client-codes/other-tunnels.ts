import { type ClientCode, foreign } from './client-code.ts';

/** RAS codes, and those of IKE, that SSTP never shows. Belief: that it never does. Source: kb947031 section 6; winerror.h. */
export const OTHER_TUNNELS: readonly ClientCode[] = [
  foreign(
    '786',
    'ERROR_OAKLEY_NO_CERT',
    ['there is no computer certificate', 'コンピューター証明書がない'],
    'L2TP/IPsec',
  ),
  foreign(
    '787',
    'ERROR_OAKLEY_AUTH_FAIL',
    ['the computers did not authenticate each other', '相互の認証に失敗した'],
    'L2TP/IPsec',
  ),
  foreign(
    '788',
    'ERROR_OAKLEY_ATTRIB_FAIL',
    ['the security parameters do not match', 'セキュリティ パラメーターが一致しない'],
    'L2TP/IPsec',
  ),
  foreign(
    '789',
    'ERROR_OAKLEY_GENERAL_PROCESSING',
    ['the security negotiation failed', 'セキュリティのネゴシエーション中に処理エラーが発生した'],
    'L2TP/IPsec',
  ),
  foreign(
    '790',
    'ERROR_OAKLEY_NO_PEER_CERT',
    ['the certificate of the other computer could not be checked', '接続先のコンピューターの証明書を確認できない'],
    'L2TP/IPsec',
  ),
  foreign(
    '791',
    'ERROR_OAKLEY_NO_POLICY',
    ['there is no security policy for the connection', '接続用のセキュリティ ポリシーがない'],
    'L2TP/IPsec',
  ),
  foreign(
    '792',
    'ERROR_OAKLEY_TIMED_OUT',
    ['the security negotiation timed out', 'セキュリティのネゴシエーションがタイムアウトした'],
    'L2TP/IPsec',
  ),
  foreign(
    '793',
    'ERROR_OAKLEY_ERROR',
    ['an error while negotiating security', 'セキュリティのネゴシエーション中にエラーが発生した'],
    'L2TP/IPsec',
  ),
  foreign('806', 'ERROR_VPN_GRE_BLOCKED', ['GRE is blocked on the way', '途中で GRE が遮断されている'], 'PPTP'),
  foreign('811', 'ERROR_VPN_BAD_PSK', ['the preshared key is wrong', '事前共有キーが正しくない'], 'L2TP/IPsec'),
  foreign(
    '835',
    'ERROR_INVALID_SERVER_CERT',
    ['the remote computer was not authenticated', 'リモート コンピューターを認証できない'],
    'L2TP/IPsec',
  ),
  foreign(
    '870',
    'ERROR_IKEV2_PSK_INTERFACE_ALREADY_EXISTS',
    [
      'an interface with a preshared key for this destination exists',
      '同じ接続先の事前共有キーのインターフェイスが既に存在する',
    ],
    'IKEv2',
  ),
  foreign(
    '13801',
    'ERROR_IPSEC_IKE_AUTH_FAIL',
    ['the credentials of IKE are not accepted', 'IKE 認証の資格情報が受け入れられない'],
    'IKEv2',
  ),
  foreign(
    '13806',
    'ERROR_IPSEC_IKE_NO_CERT',
    ['IKE finds no valid computer certificate', 'IKE が有効なコンピューター証明書を見つけられない'],
    'IKEv2',
  ),
  foreign(
    '13868',
    'ERROR_IPSEC_IKE_POLICY_MATCH',
    ['the policies of IKE do not match', 'IKE のポリシーが一致しない'],
    'IKEv2',
  ),
];
