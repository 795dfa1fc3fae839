import type { Language } from '../../../../engine/model.ts';

/** What a client can hold against a certificate, in the words of an administrator. */
export type Kind =
  | 'not-signed'
  | 'revoked'
  | 'issuer-missing'
  | 'other-key'
  | 'untrusted-root'
  | 'distrusted'
  | 'restricted'
  | 'wrong-purpose'
  | 'may-not-sign'
  | 'expired'
  | 'not-yet-valid'
  | 'outside-name-constraints'
  | 'not-an-authority'
  | 'below-path-length'
  | 'unknown-critical'
  | 'short-key'
  | 'other-name'
  | 'revocation-offline'
  | 'no-revocation-source';

/** Which question a condition answers: whom the client trusts, whom it dialled, or whether anything was revoked. */
export type Concern = 'trust' | 'name' | 'revocation';

export type Condition = Readonly<{
  concern: Concern;
  /** What a client shows for it. */
  code: string;
  /** How sure it is that it shows this code, where the condition is the only one. */
  confidence: Confidence;
  says: Readonly<Record<Language, string>>;
}>;

export type Confidence = 'high' | 'medium' | 'low';

const condition = (
  concern: Concern,
  code: string,
  en: string,
  ja: string,
  confidence: Confidence = 'high',
): Condition => ({ concern, code, confidence, says: { en, ja } });

/**
 * Every condition, in the order in which a client reports them: the first that is met gives the code. Source: sstp-protocol
 * 5.4, 10. Belief: a distrusted authority counts right after an untrusted root (TRUST_E_EXPLICIT_DISTRUST, as .NET has it);
 * one that its store restricts shows CERT_E_WRONG_USAGE; a key that is too short shows CERTSRV_E_WEAK_SIGNATURE_OR_KEY.
 * Without a source of revocation, Windows itself gives CRYPT_E_NO_REVOCATION_CHECK (the readme of BuildChain, a sample of
 * Microsoft's, and users of curl.exe): that SSTP shows it is a belief, too.
 */
export const CONDITIONS: Readonly<Record<Kind, Condition>> = {
  'not-signed': condition('trust', '0x80096004', 'the signature is not valid', '署名が正しくない'),
  revoked: condition('revocation', '0x80092010', 'the certificate was revoked', '証明書が失効している'),
  'issuer-missing': condition(
    'trust',
    '0x800B0109',
    'an issuer is missing: the server does not send it, or it is a private root, which is given with --roots',
    '発行元の証明書が見つからない (サーバーが送信していないか、プライベート ルート。後者は --roots で指定)',
  ),
  'other-key': condition(
    'trust',
    '0x800B0109',
    'the issuer is known with another key only: its certificate that was made anew is missing',
    '発行元の証明書は見つかったがキーが異なる (新しいキーで更新された発行元の証明書が見つからない)',
  ),
  'untrusted-root': condition(
    'trust',
    '0x800B0109',
    'the root is not trusted; a private one is given with --roots',
    'ルート証明書が信頼されていない (プライベート ルートは --roots で指定)',
  ),
  distrusted: condition(
    'trust',
    '0x800B0111',
    'the certificate is distrusted',
    '信頼されていない証明書として登録されている',
    'low',
  ),
  restricted: condition(
    'trust',
    '0x800B0110',
    'the store of the machine restricts the authority to other purposes',
    'コンピューターのストアで証明機関の目的が制限されている',
    'low',
  ),
  'wrong-purpose': condition(
    'trust',
    '0x800B0110',
    'the certificate is not for server authentication',
    '証明書の用途がサーバー認証ではない',
  ),
  'may-not-sign': condition(
    'trust',
    '0x800B0110',
    'the issuer may not sign certificates',
    '発行元のキー使用法で証明書への署名が許可されていない',
  ),
  expired: condition('trust', '0x800B0101', 'the certificate has expired', '証明書の有効期限が切れている'),
  'not-yet-valid': condition(
    'trust',
    '0x800B0101',
    'the certificate is not valid yet',
    '証明書の有効期間がまだ始まっていない',
  ),
  'outside-name-constraints': condition(
    'trust',
    '0x800B0114',
    'a name lies outside the name constraints of an issuer',
    '名前が発行元の名前の制限に違反している',
  ),
  'not-an-authority': condition(
    'trust',
    '0x80096019',
    'the issuer is not a certification authority',
    '発行元が証明機関ではない',
  ),
  'below-path-length': condition(
    'trust',
    '0x80096019',
    'there are more authorities below an issuer than it allows',
    '発行元の下にある証明機関の数がパス長の制限を超えている',
  ),
  'unknown-critical': condition(
    'trust',
    '0x800B0105',
    'a critical extension is not known',
    '不明な重要拡張機能が含まれている',
  ),
  'short-key': condition('trust', '0x80094016', 'a key is too short', 'キーが短すぎる', 'low'),
  'other-name': condition(
    'name',
    '0x800B010F',
    'the dialled name is not in the certificate',
    '接続先の名前が証明書に含まれていない',
  ),
  'revocation-offline': condition(
    'revocation',
    '0x80092013',
    'the revocation cannot be checked',
    '証明書の失効を確認できない',
  ),
  'no-revocation-source': condition(
    'revocation',
    '0x80092012',
    'the certificate does not say where to ask for its revocation',
    '証明書に失効の確認先が含まれていない',
    'medium',
  ),
};

const ORDER = Object.keys(CONDITIONS);
/** The base policy's code for a missing issuer, and that of clients that go by its name. Source: sstp-protocol 5.4. */
const BESIDES: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  'issuer-missing': ['0x800B010A'],
  'other-key': ['0x800B010A', '0x80096004'],
};

/** Conditions of which it is not proven which one is reported first. Source: sstp-protocol 5.4. */
const UNPROVEN: readonly (readonly [readonly Kind[], readonly Kind[]])[] = [
  [
    ['wrong-purpose', 'may-not-sign'],
    ['expired', 'not-yet-valid'],
  ],
  [['other-name'], ['revocation-offline', 'no-revocation-source']],
  [['revoked'], ['untrusted-root', 'issuer-missing', 'other-key']],
];

/** Before which other conditions a condition is reported; the smallest first. */
export const rankOf = (kind: Kind): number => ORDER.indexOf(kind);

const isUnproven = (first: Kind, other: Kind): boolean =>
  UNPROVEN.some((sides) => sides.some((side, at) => side.includes(first) && sides[1 - at]?.includes(other)));

export type Prediction = Readonly<{
  /** What a client shows; absent where it has nothing to show. */
  code?: string;
  confidence?: Confidence;
  /** What it may show in place of that. */
  alternatives: readonly string[];
}>;

/** The code that a client shows for conditions that are met, and for those that could be (`possible`). */
export const predict = (met: readonly Kind[], possible: readonly Kind[]): Prediction => {
  const [first] = met.toSorted((one, other) => rankOf(one) - rankOf(other));
  if (first === undefined) return { alternatives: [] };
  const { code, confidence } = CONDITIONS[first];
  const others = [
    ...met.filter((kind) => isUnproven(first, kind)),
    ...possible.filter((kind) => isUnproven(first, kind) || rankOf(kind) < rankOf(first)),
  ];
  const codes = [
    ...others.map((kind) => CONDITIONS[kind].code),
    ...[first, ...others].flatMap((kind) => BESIDES[kind] ?? []),
  ];
  const alternatives = [...new Set(codes)].filter((other) => other !== code);
  return { code, confidence: confidence === 'high' && alternatives.length > 0 ? 'medium' : confidence, alternatives };
};
