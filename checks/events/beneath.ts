import { knownEvents } from './known.ts';

const http = knownEvents('Microsoft-Windows-HttpEvent', 'server');
const schannel = knownEvents('Schannel', 'server');
const services = knownEvents('Service Control Manager', 'server');

/** Web sites have HTTP.sys keep logs and sign users in. SSTP does neither there, and one that fails says nothing of it. */
const LOG_NOT_MADE = [
  'a log file of web sites could not be created',
  'Web サイトのログ ファイルを作成できませんでした',
] as const;
const LOG_NOT_WRITTEN = [
  'a log file of web sites could not be written',
  'Web サイトのログ ファイルに書き込めませんでした',
] as const;

/**
 * What SSTP rests on: HTTP.sys, Schannel, its services. Source: windows-facts 10.2; 7000 to 7003: netevent.h in the Windows SDK.
 * All else is belief, but for the texts of HTTP.sys.
 */
export const EVENTS_BENEATH = [
  ...http('error', {
    15005: ['HTTP.sys could not listen on an address', 'HTTP.sys がアドレスで待ち受けできませんでした'],
    15021: [
      'HTTP.sys could not use the certificate binding of an endpoint',
      'HTTP.sys がエンドポイントの SSL 構成を使用できませんでした',
    ],
  }),
  ...http('warning', {
    15000: LOG_NOT_MADE,
    15001: LOG_NOT_MADE,
    15002: LOG_NOT_WRITTEN,
    15003: LOG_NOT_MADE,
    15004: LOG_NOT_WRITTEN,
    15006: [
      'a log file of web sites belongs to somebody else',
      'Web サイトのログ ファイルまたはディレクトリの所有者が無効です',
    ],
    15011: LOG_NOT_MADE,
    15012: LOG_NOT_WRITTEN,
    15013: ['the error log of HTTP.sys could not be set up', 'HTTP.sys のエラー ログを構成できませんでした'],
    15016: [
      'a way to sign in to web sites, such as Kerberos, could not be initialised, often while the server boots',
      'Web サイトの認証に使用するセキュリティ パッケージ (Kerberos など) を初期化できませんでした。起動時によく記録されます',
    ],
    15017: LOG_NOT_MADE,
    15018: LOG_NOT_WRITTEN,
  }),
  ...http('information', {
    15007: ['a URL was reserved', 'URL の予約が追加されました'],
    15008: ['a reservation of a URL was removed', 'URL の予約が削除されました'],
    15300: ['a certificate binding was removed', 'SSL 証明書のバインドが削除されました'],
    15301: ['a certificate binding was made', 'SSL 証明書のバインドが作成されました'],
  }),
  ...schannel('unclear', {
    36870: [
      'the private key of a certificate could not be used; the event does not tell whose it is: see from outside whether TLS comes about',
      '証明書の秘密キーにアクセスできませんでした。どのプログラムの証明書かは記録されないため、外部から TLS で接続できるかどうかを確認してください',
    ],
  }),
  ...schannel('warning', {
    36871: [
      'the credential for TLS could not be made, often for a program of this server that dials out with a protocol that is off',
      'TLS の資格情報を作成できませんでした。このサーバー上のプログラムが、無効なプロトコルで接続しようとした場合によく発生します',
    ],
    36874: [
      'a client and the server had no protocol or cipher suite in common',
      'クライアントとサーバーに共通のプロトコルまたは暗号スイートがありませんでした',
    ],
    36887: ['a peer sent a TLS alert', '接続先から TLS の警告 (アラート) を受信しました'],
    36888: ['the server sent a TLS alert', 'TLS の警告 (アラート) を生成しました'],
  }),
  ...services('error', {
    7000: ['a service could not be started', 'サービスを開始できませんでした'],
    7001: [
      'a service could not be started, since one that it depends on could not',
      '依存先のサービスを開始できなかったため、サービスを開始できませんでした',
    ],
    7002: [
      'a service could not be started, since none was of a group that it depends on',
      '依存先のグループのサービスが 1 つも開始されなかったため、サービスを開始できませんでした',
    ],
    7003: [
      'a service could not be started, since one that it depends on may not be installed',
      '依存先のサービスがインストールされていない可能性があるため、サービスを開始できませんでした',
    ],
    7023: ['a service ended with an error', 'サービスがエラーで終了しました'],
    7024: ['a service ended with an error of its own', 'サービスが固有のエラーで終了しました'],
    7031: [
      'a service ended unexpectedly, and something is done about it',
      'サービスが予期せず終了し、回復の処置が行われます',
    ],
    7034: ['a service ended unexpectedly', 'サービスが予期せず終了しました'],
  }),
  ...services('information', {
    7036: ['a service started or stopped', 'サービスが開始または停止しました'],
  }),
];
