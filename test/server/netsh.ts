/** The words of `netsh.exe http show sslcert`: labels are localised, values are not. */
import type { Tongue } from './words.ts';

/** One line: its label in English, and its value. */
export type Row = readonly [label: string, value: string];

const FRENCH: Readonly<Record<string, string>> = {
  'IP:port': 'Adresse IP:port                      : ',
  'Hostname:port': "Nom d'hôte:port               : ",
  'Certificate Hash': 'Hachage du certificat             : ',
  'Application ID': "ID de l'application               : ",
  'Certificate Store Name': 'Nom du magasin de certificats :       : ',
  'Verify Client Certificate Revocation': 'Vérifier la révocation des certificats clients : ',
  'Verify Revocation Using Cached Client Certificate Only':
    'Vérifier la révocation au moyen du certificat client mis en cache uniquement : ',
  'Usage Check': "Vérification de l'utilisation                  : ",
  'Revocation Freshness Time': "Heure d'actualisation de la révocation    : ",
  'URL Retrieval Timeout': "Délai d'attente de la récupération d'URL        : ",
  'Ctl Identifier': 'Identificateur CTL               : ',
  'Ctl Store Name': 'Nom du magasin CTL               : ',
  'DS Mapper Usage': 'Utilisation du mappeur DS              : ',
  'Negotiate Client Certificate': 'Négocier le certificat client : ',
  'Reject Connections': 'Refuser les connexions : ',
  'Disable HTTP2': 'Désactiver HTTP2 :',
  'Disable QUIC': 'Désactiver QUIC :',
  'Disable TLS1.2': 'Désactiver TLS1.2               : ',
  'Disable TLS1.3': 'Désactiver TLS1.3 :',
  'Disable OCSP Stapling': "Désactiver l'association OCSP :",
  'Enable Token Binding': 'Activer la liaison de jeton         : ',
  'Log Extended Events': 'Consigner les événements étendus          : ',
  'Disable Legacy TLS Versions': 'Désactiver les versions existantes de TLS : ',
  'Enable Session Ticket': 'Activer le ticket de session : ',
};

/** Belief: no Japanese answer is known. */
const JAPANESE: Readonly<Record<string, string>> = {
  'IP:port': 'IP:ポート                    : ',
  'Hostname:port': 'ホスト名:ポート              : ',
  'Certificate Hash': '証明書ハッシュ               : ',
  'Application ID': 'アプリケーション ID          : ',
  'Certificate Store Name': '証明書ストア名               : ',
  'Verify Client Certificate Revocation': 'クライアント証明書の失効の検証 : ',
  'Verify Revocation Using Cached Client Certificate Only':
    'キャッシュされたクライアント証明書のみを使用した失効の検証 : ',
  'Usage Check': '使用法の確認                 : ',
  'Revocation Freshness Time': '失効の更新時間               : ',
  'URL Retrieval Timeout': 'URL 取得タイムアウト         : ',
  'Ctl Identifier': 'CTL 識別子                   : ',
  'Ctl Store Name': 'CTL ストア名                 : ',
  'DS Mapper Usage': 'DS マッパーの使用法          : ',
  'Negotiate Client Certificate': 'クライアント証明書のネゴシエート : ',
  'Reject Connections': '接続の拒否                   : ',
};

/** The first two labels are recorded. */
const GERMAN: Readonly<Record<string, string>> = {
  'IP:port': 'IP:Port                      : ',
  'Certificate Hash': 'Zertifikathash               : ',
  'Application ID': 'Anwendungs-ID                : ',
  'Certificate Store Name': 'Zertifikatspeichername       : ',
};

const LABELS: Readonly<Partial<Record<Tongue, Readonly<Record<string, string>>>>> = {
  fr: FRENCH,
  ja: JAPANESE,
  de: GERMAN,
};
const TITLES: Readonly<Partial<Record<Tongue, string>>> = {
  fr: 'Liaisons de certificat SSL :\n----------------------------',
  ja: 'SSL 証明書のバインド:\n-------------------------',
  de: 'SSL-Zertifikatbindungen:\n-------------------------',
};
const ENGLISH_TITLE = 'SSL Certificate bindings:\n-------------------------';

/** The whole answer: title, and one block for each binding. */
export const sslcertText = (language: Tongue, bindings: readonly (readonly Row[])[]): string => {
  const line = ([label, value]: Row): string =>
    `    ${LABELS[language]?.[label] ?? `${label.padEnd(28)} : `}${value}\n`;
  const blocks = bindings.map((rows) => `${rows.map(line).join('')}\n`);
  return `\n${TITLES[language] ?? ENGLISH_TITLE}\n\n${blocks.join('')}\n`;
};
