import type { Language } from '../model.ts';

/** Japanese titles of the built-in profiles, by what their files say. */
const JAPANESE: ReadonlyMap<string, string> = new Map([
  ['KB947031, every step that can be taken on the server', 'KB947031 の手順のうち、サーバー上で確認できるすべての項目'],
  ['RRAS servers that accept SSTP, and keep accepting it', 'SSTP を受け付け、今後も受け付け続ける RRAS サーバー'],
  ['RRAS servers behind a load balancer at which TLS ends', '負荷分散装置で TLS を終端する RRAS サーバー'],
  [
    'SSTP servers as their clients meet them, from outside and without credentials',
    'クライアントから見た SSTP サーバー (資格情報を使用せず、外部から確認)',
  ],
  [
    'RRAS servers that accept SSTP, asked on the server and from outside',
    'SSTP を受け付ける RRAS サーバー (サーバー上と外部の両方から確認)',
  ],
  [
    'RRAS servers that accept SSTP and nothing that is merely tolerated today',
    'SSTP を受け付け、現在は許容されているだけの設定を含まない RRAS サーバー',
  ],
  ['What a client needs to connect, and nothing more', 'クライアントの接続に必要な最小限の項目'],
  [
    'Machines that dial an SSTP server, and trust its certificate',
    'SSTP サーバーに接続し、その証明書を信頼するコンピューター',
  ],
]);

/** The title of a profile in a language; one of somebody's own stays as it is. */
export const titleIn = (title: string, language: Language): string =>
  (language === 'ja' && JAPANESE.get(title)) || title;
