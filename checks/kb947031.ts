import type { Language } from '../engine/model.ts';

/** Where a step of the article is taken: on the server, on the machine that dials, or on the network between them. */
export type Place = 'server' | 'client' | 'network';

/** One step of KB947031, in our own words. Source: https://mskb.pkisolutions.com/kb/947031 (revision 1.2). */
export type Step = Readonly<{ id: string; place: Place; says: Readonly<Record<Language, string>> }>;

/** One situation: what the client shows, and what the article has the administrator look at. */
export type Situation = Readonly<{
  id: string;
  code: string;
  says: Readonly<Record<Language, string>>;
  steps: readonly Step[];
}>;

const step = (id: string, place: Place, en: string, ja: string): Step => ({ id, place, says: { en, ja } });

/**
 * The article, step by step. Steps that only open a console (the walk through the certificate console, situations 3 to 6)
 * are part of the step that looks at something there.
 */
export const KB947031: readonly Situation[] = [
  {
    id: '1',
    code: '0x800704C9',
    says: {
      en: 'the server has no SSTP port left, or none at all',
      ja: 'サーバーに SSTP ポートの空きがない、または 1 つもない',
    },
    steps: [
      step(
        '1.4',
        'server',
        'read the number of ports of WAN Miniport (SSTP)',
        'WAN Miniport (SSTP) のポート数を確認する',
      ),
    ],
  },
  {
    id: '2',
    code: '809',
    says: { en: 'the server does not answer', ja: 'サーバーが応答しない' },
    steps: [
      step('2.1', 'server', 'the RRAS service and the SSTP service run', 'RRAS サービスと SSTP サービスが実行中である'),
      step(
        '2.2',
        'server',
        'the server listens on the right port, for IPv4 and IPv6',
        'IPv4 と IPv6 の正しいポートで待ち受けている',
      ),
      step(
        '2.3',
        'server',
        'a server-authentication certificate is in the computer store',
        'サーバー認証の証明書がコンピューター ストアにある',
      ),
    ],
  },
  {
    id: '3',
    code: '0x80070040',
    says: {
      en: 'no server-authentication certificate is installed',
      ja: 'サーバー認証の証明書がインストールされていない',
    },
    steps: [
      step('3.8', 'server', "a certificate's usage shows Server Authentication", '証明書の用途にサーバー認証がある'),
    ],
  },
  {
    id: '4',
    code: '0x800B0101',
    says: { en: 'the server certificate has expired', ja: 'サーバー証明書の有効期限が切れている' },
    steps: [
      step(
        '4.8',
        'server',
        'the server-authentication certificate has not expired',
        'サーバー認証の証明書が有効期限内である',
      ),
      step('4.9', 'server', 'it is renewed in time', '期限前に更新されている'),
    ],
  },
  {
    id: '5',
    code: '0x800B0109',
    says: {
      en: 'the client does not trust the root of the server certificate',
      ja: 'クライアントがサーバー証明書のルートを信頼していない',
    },
    steps: [
      step(
        '5.8',
        'client',
        'the issuing root is among the trusted roots of the client',
        '発行元のルートがクライアントの信頼されたルートにある',
      ),
    ],
  },
  {
    id: '6',
    code: '0x800B010F',
    says: { en: 'the dialled name is not the name in the certificate', ja: '接続先の名前が証明書の名前と一致しない' },
    steps: [
      step(
        '6.8',
        'server',
        'find the certificate that the server uses for TLS',
        'サーバーが TLS に使用する証明書を特定する',
      ),
      step(
        '6.9',
        'server',
        'its subject is the name or the address that clients dial',
        'サブジェクトがクライアントの接続先の名前またはアドレスである',
      ),
    ],
  },
  {
    id: '7',
    code: '0x80092013',
    says: {
      en: 'the revocation of the server certificate cannot be checked',
      ja: 'サーバー証明書の失効を確認できない',
    },
    steps: [
      step(
        '7.1',
        'network',
        'the host of the CRL answers the client directly',
        'CRL のホストがクライアントに直接応答する',
      ),
    ],
  },
  {
    id: '8',
    code: '',
    says: { en: 'RRAS runs, but no SSTP connection comes in', ja: 'RRAS は動作しているが SSTP 接続を受け付けない' },
    steps: [
      step('8.1', 'server', 'the SSTP service runs', 'SSTP サービスが実行中である'),
      step('8.2', 'server', 'the RRAS service runs', 'RRAS サービスが実行中である'),
      step(
        '8.3',
        'server',
        'the server listens on TCP 443 or the configured port',
        'TCP 443 または構成したポートで待ち受けている',
      ),
      step('8.4', 'server', 'a certificate is bound to HTTP.sys', '証明書が HTTP.sys にバインドされている'),
      step(
        '8.5',
        'server',
        'it is bound to 0.0.0.0 or [::] on that port',
        'そのポートの 0.0.0.0 または [::] にバインドされている',
      ),
      step('8.6', 'server', 'that certificate is in the computer store', 'その証明書がコンピューター ストアにある'),
      step(
        '8.7',
        'server',
        'it is valid, and its hash is in Sha256CertificateHash or Sha1CertificateHash',
        '証明書が有効で、そのハッシュが Sha256CertificateHash または Sha1CertificateHash にある',
      ),
      step(
        '8.8',
        'server',
        'no input or output filter of RRAS blocks SSTP',
        'RRAS の入力/出力フィルターが SSTP を遮断していない',
      ),
      step(
        '8.9',
        'server',
        'ListenerPort is the proper port, and RRAS was restarted since',
        'ListenerPort が正しく、変更後に RRAS が再起動されている',
      ),
      step(
        '8.10',
        'server',
        'Windows Firewall has an exception for SSTP',
        'Windows ファイアウォールに SSTP の例外がある',
      ),
      step(
        '8.11',
        'network',
        'no firewall outside the server blocks SSTP',
        'サーバー外のファイアウォールが SSTP を遮断していない',
      ),
      step(
        '8.12',
        'server',
        'the event logs hold no error of RRAS or SSTP',
        'イベント ログに RRAS または SSTP のエラーがない',
      ),
    ],
  },
];
