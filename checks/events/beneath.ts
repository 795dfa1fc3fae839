import { knownEvents } from './known.ts';

const http = knownEvents('Microsoft-Windows-HttpEvent', 'server');
const schannel = knownEvents('Schannel', 'server');
const services = knownEvents('Service Control Manager', 'server');

/** What SSTP rests on: HTTP.sys, Schannel, its services. Source: windows-facts 10.2, all belief. */
export const EVENTS_BENEATH = [
  ...http('error', {
    15005: ['HTTP.sys could not listen on an address', 'HTTP.sys がアドレスで待ち受けできませんでした'],
    15021: [
      'HTTP.sys could not use the certificate binding of an endpoint',
      'HTTP.sys がエンドポイントの SSL 構成を使用できませんでした',
    ],
  }),
  ...http('information', {
    15007: ['a URL was reserved', 'URL の予約が追加されました'],
    15008: ['a reservation of a URL was removed', 'URL の予約が削除されました'],
    15300: ['a certificate binding was removed', 'SSL 証明書のバインドが削除されました'],
    15301: ['a certificate binding was made', 'SSL 証明書のバインドが作成されました'],
  }),
  ...schannel('error', {
    36870: [
      'the private key of a server certificate could not be used',
      'サーバー証明書の秘密キーにアクセスできませんでした',
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
