/** What Windows says in words. Current clients show the words alone, without a code. */

/** A code, and what only its message holds, in English and, where it is known, in Japanese. Belief: the Japanese. */
export const MESSAGES: readonly (readonly [code: string, ...parts: readonly string[]])[] = [
  ['0x800704C9', 'refused the network connection', 'リモート コンピューターによりネットワーク接続が拒否'],
  ['809', 'because the remote server is not responding', 'リモート サーバーが応答しないため'],
  ['0x80070040', 'network name is no longer available', '指定されたネットワーク名は利用できません'],
  ['0x800B0101', 'certificate is not within its validity period', '必要な証明書の有効期間が過ぎています'],
  ['0x800B0109', 'terminated in a root certificate which is not trusted', '信頼していないルート証明書で強制終了'],
  ['0x800B010F', 'CN name does not match the passed value', 'CN 名が渡された値と一致しません'],
  ['0x80092013', 'because the revocation server was offline', '失効サーバーがオフラインのため'],
  ['0x80092012', 'unable to check revocation for the certificate', '失効の関数は証明書の失効を確認できません'],
  ['0x80092010', 'the certificate is revoked', '証明書は失効しています'],
  ['0x800B0110', 'certificate is not valid for the requested usage'],
  ['0x80072746', 'forcibly closed by the remote host', 'リモート ホストに強制的に切断'],
  ['0x80090326', 'message received was unexpected or badly formatted'],
  ['0x80070057', 'the parameter is incorrect', 'パラメーターが間違っています'],
  ['868', 'name of the remote access server did not resolve', 'リモート アクセス サーバーの名前が解決'],
  ['800', 'attempted VPN tunnels failed'],
  ['812', 'policy configured on your RAS/VPN server'],
  ['691', 'user name and password combination you provided is not recognized'],
  ['13801', 'IKE authentication credentials are unacceptable', 'IKE 認証資格情報は受け付けられません'],
];

/** Blanks and capitals do not matter: messages are broken into lines, and Japanese is written with blanks and without. */
const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

/** The code whose message a text holds. */
export const codeOfMessage = (text: string): string | undefined => {
  const said = plain(text);
  return MESSAGES.find(([, ...parts]) => parts.some((part) => said.includes(plain(part))))?.[0];
};
