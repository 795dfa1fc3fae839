import { type ClientCode, code } from './client-code.ts';

/** RAS codes of EAP: the certificates of NPS and of users, not that of SSTP. Belief: the causes. Source: kb947031 section 6. */
export const EAP: readonly ClientCode[] = [
  code(
    '798',
    'ERROR_NO_EAPTLS_CERTIFICATE',
    ['no certificate can be used for EAP', 'EAP で使用できる証明書が見つからない'],
    ['the user or the computer has no client certificate', 'ユーザーまたはコンピューターにクライアント証明書がない'],
  ),
  code(
    '845',
    'ERROR_PEAP_SERVER_REJECTED_CLIENT_TLV',
    ['the server rejected a TLV of the client', 'サーバーがクライアントの TLV を拒否した'],
    ['the PEAP settings of client and server do not match', 'クライアントとサーバーの PEAP 設定の不一致'],
  ),
  code(
    '849',
    'ERROR_INVALID_PEAP_COOKIE_ATTRIBUTES',
    ['the attributes of a PEAP cookie are not valid', 'PEAP Cookie の属性が無効である'],
    ['the fast reconnection of PEAP', 'PEAP の高速再接続の問題'],
  ),
  code(
    '850',
    'ERROR_EAP_METHOD_NOT_INSTALLED',
    ['the EAP type is not installed', '必要な EAP の種類がインストールされていない'],
    ['the client lacks the EAP type of the connection', '接続に必要な EAP の種類がクライアントにない'],
  ),
  code(
    '851',
    'ERROR_EAP_METHOD_DOES_NOT_SUPPORT_SSO',
    ['the EAP type does not support single sign-on', 'EAP の種類がシングル サインオンに対応していない'],
    ['the EAP settings of the connection', '接続の EAP 設定'],
  ),
  code(
    '852',
    'ERROR_EAP_METHOD_OPERATION_NOT_SUPPORTED',
    ['the EAP type does not support the operation', 'EAP の種類が操作に対応していない'],
    ['the EAP settings of the connection', '接続の EAP 設定'],
  ),
  code(
    '853',
    'ERROR_EAP_USER_CERT_INVALID',
    ['the certificate of the user is not valid', 'ユーザーの証明書が無効である'],
    ['the certificate of the user', 'ユーザーの証明書の問題'],
  ),
  code(
    '854',
    'ERROR_EAP_USER_CERT_EXPIRED',
    ['the certificate of the user has expired', 'ユーザーの証明書の有効期限が切れている'],
    ['the certificate of the user', 'ユーザーの証明書の期限切れ'],
  ),
  code(
    '855',
    'ERROR_EAP_USER_CERT_REVOKED',
    ['the certificate of the user was revoked', 'ユーザーの証明書が失効している'],
    ['the certificate of the user', 'ユーザーの証明書の失効'],
  ),
  code(
    '856',
    'ERROR_EAP_USER_CERT_OTHER_ERROR',
    ['the certificate of the user failed for another reason', 'ユーザーの証明書でその他のエラーが発生した'],
    ['the certificate of the user', 'ユーザーの証明書の問題'],
  ),
  code(
    '857',
    'ERROR_EAP_SERVER_CERT_INVALID',
    ['the certificate that authenticates the server is not valid', 'サーバー認証用の証明書が無効である'],
    ['the certificate of NPS', 'NPS の証明書の問題'],
  ),
  code(
    '858',
    'ERROR_EAP_SERVER_CERT_EXPIRED',
    ['the certificate that authenticates the server has expired', 'サーバー認証用の証明書の有効期限が切れている'],
    ['the certificate of NPS has expired', 'NPS の証明書の期限切れ'],
  ),
  code(
    '859',
    'ERROR_EAP_SERVER_CERT_REVOKED',
    ['the certificate that authenticates the server was revoked', 'サーバー認証用の証明書が失効している'],
    ['the certificate of NPS was revoked', 'NPS の証明書の失効'],
  ),
  code(
    '860',
    'ERROR_EAP_SERVER_CERT_OTHER_ERROR',
    [
      'the certificate that authenticates the server failed for another reason',
      'サーバー認証用の証明書でその他のエラーが発生した',
    ],
    ['the certificate of NPS', 'NPS の証明書の問題'],
  ),
  code(
    '861',
    'ERROR_EAP_USER_ROOT_CERT_NOT_FOUND',
    ['the root of the user certificate was not found', 'ユーザー証明書のルートが見つからない'],
    ['the root of the certificate of the user is missing', 'ユーザー証明書のルート証明書がない'],
  ),
  code(
    '862',
    'ERROR_EAP_USER_ROOT_CERT_INVALID',
    ['the root of the user certificate is not valid', 'ユーザー証明書のルートが無効である'],
    ['the root of the certificate of the user', 'ユーザー証明書のルート証明書の問題'],
  ),
  code(
    '863',
    'ERROR_EAP_USER_ROOT_CERT_EXPIRED',
    ['the root of the user certificate has expired', 'ユーザー証明書のルートの有効期限が切れている'],
    ['the root of the certificate of the user has expired', 'ユーザー証明書のルート証明書の期限切れ'],
  ),
  code(
    '864',
    'ERROR_EAP_SERVER_ROOT_CERT_NOT_FOUND',
    ['the root of the server certificate was not found', 'サーバー証明書のルートが見つからない'],
    ['the root of the certificate of NPS is missing on the client', 'NPS の証明書のルートがクライアントにない'],
  ),
  code(
    '865',
    'ERROR_EAP_SERVER_ROOT_CERT_INVALID',
    ['the root of the server certificate is not valid', 'サーバー証明書のルートが無効である'],
    ['the root of the certificate of NPS', 'NPS の証明書のルートの問題'],
  ),
  code(
    '866',
    'ERROR_EAP_SERVER_ROOT_CERT_NAME_REQUIRED',
    ['the server certificate carries no server name', 'サーバー証明書にサーバー名がない'],
    ['the certificate of NPS has no server name', 'NPS の証明書にサーバー名がない'],
  ),
  code(
    '867',
    'ERROR_PEAP_IDENTITY_MISMATCH',
    ['the outer and the inner identity of PEAP differ', 'PEAP の外部 ID と内部 ID が一致しない'],
    ['the identity privacy of PEAP', 'PEAP の ID プライバシーの設定'],
  ),
  code(
    '869',
    'ERROR_EAPTLS_PASSWD_INVALID',
    ['the password for the certificate is not valid', '証明書のパスワードが正しくない'],
    ['a wrong PIN of a smart card or certificate', 'スマート カードまたは証明書の PIN の誤り'],
  ),
];
