import { knownEvents } from './known.ts';

const PROVIDER = 'Microsoft-Windows-RasSstp';
const onServer = knownEvents(PROVIDER, 'server');
const onClient = knownEvents(PROVIDER, 'client');

/**
 * Events of SSTP itself. 26 to 31 do not exist. Sources: windows-facts 10.1; what leads to 1, 5 to 10, 17 to 19, 21, 22, 24,
 * 25 and 32: public disassembly notes of sstpsvc.dll, sstpcfg.dll and mprddm.dll. 7 to 10 and 17 to 19 are logged as warnings.
 */
export const RAS_SSTP_EVENTS = [
  ...onClient('error', {
    1: ['the request to the server could not be sent', 'サーバーに要求を送信できませんでした'],
    2: ['no response came from the server', 'サーバーからの応答を受信できませんでした'],
    3: [
      'the response is not of HTTP 1.1: a proxy or a load balancer is in the way',
      '応答が HTTP 1.1 ではありません。経路上にプロキシまたはロード バランサーがあります',
    ],
    4: [
      'the server refused the request: no port is free, SSTP is not configured, or another site answers',
      'サーバーが要求を拒否しました。空きポートがないか、SSTP が構成されていないか、別のサイトが応答しています',
    ],
    5: ['the SSTP negotiation failed', 'SSTP のネゴシエーションに失敗しました'],
    6: [
      'the certificate that the client saw is not the one that the server vouches for: a wrong hash, or TLS inspection',
      'クライアントが受け取った証明書が、サーバーの保証する証明書と一致しません。ハッシュの誤り、または TLS 検査が原因です',
    ],
    14: ['the route to the server could not be set', 'サーバーへの経路を設定できませんでした'],
    15: ['the address of the server could not be learned', 'サーバーのアドレスを取得できませんでした'],
    16: [
      "the server's certificate is for neither server authentication nor any purpose",
      'サーバー証明書の用途が、サーバー認証でも「すべての目的」でもありません',
    ],
    23: [
      'a proxy asks for authentication, which SSTP cannot give',
      'プロキシが認証を要求しましたが、SSTP は対応していません',
    ],
    33: ['the cookies for the server could not be set', 'サーバー用の Cookie を設定できませんでした'],
  }),
  ...onServer('error', {
    7: ['the ConfigStore of the SSTP service could not be opened', 'SSTP サービスの ConfigStore を開けませんでした'],
    8: [
      'HTTP could not be initialised, so that changed settings may not be in force',
      'HTTP を初期化できませんでした。変更した設定が適用されていない可能性があります',
    ],
    9: ['the URL of the new settings could not be reserved', '新しい設定の URL を予約できませんでした'],
    10: ['the default URL could not be reserved', '既定の URL を予約できませんでした'],
    11: [
      'no certificate for server authentication or any purpose, with a private key, was found',
      '秘密キーがあり、サーバー認証または「すべての目的」に使用できる証明書が見つかりませんでした',
    ],
    12: ['the certificate could not be bound for IPv4', '証明書を IPv4 用に構成できませんでした'],
    13: ['the certificate could not be bound for IPv6', '証明書を IPv6 用に構成できませんでした'],
    17: ['the Parameters of the SSTP service could not be opened', 'SSTP サービスの Parameters キーを開けませんでした'],
    18: [
      'Sha256CertificateHash is missing or not valid (REG_BINARY, 32 bytes): no connection is accepted',
      'Sha256CertificateHash がないか、無効です (REG_BINARY、32 バイトが必要)。接続は受け付けられません',
    ],
    19: [
      'Sha1CertificateHash is missing or not valid (REG_BINARY, 20 bytes): no connection is accepted',
      'Sha1CertificateHash がないか、無効です (REG_BINARY、20 バイトが必要)。接続は受け付けられません',
    ],
    20: ['the server is low on memory', 'サーバーのメモリが不足しています'],
    21: [
      'the hash of the certificate bound in HTTP.sys could not be read',
      'HTTP.sys に構成された証明書のハッシュを取得できませんでした',
    ],
    22: [
      'HTTP.sys did not take the URL of SSTP or its request queue: no connection is accepted',
      'SSTP の URL または要求キューを HTTP.sys に登録できませんでした。接続は受け付けられません',
    ],
    24: [
      'different certificates are bound for IPv4 and IPv6: RRAS does not start with them (error 13)',
      'IPv4 と IPv6 に異なる証明書がバインドされています。このままでは RRAS が開始しません (エラー 13)',
    ],
    25: [
      'the certificate that was chosen for SSTP is not in the store',
      'SSTP 用に選択された証明書がストアにありません',
    ],
    32: [
      'another program bound another certificate in HTTP.sys than the one chosen for SSTP: RRAS does not start with it (error 13)',
      'SSTP 用に選択された証明書とは異なる証明書を、別のプログラムが HTTP.sys にバインドしました。このままでは RRAS が開始しません (エラー 13)',
    ],
  }),
];
