import { type ClientCode, code } from './client-code.ts';

/** Further codes about certificates. Belief: the causes. Source: kb947031 sections 5 and 8. */
export const CERTIFICATES: readonly ClientCode[] = [
  code(
    '0x80092012',
    'CRYPT_E_NO_REVOCATION_CHECK',
    ['the revocation could not be checked', '失効を確認できなかった'],
    [
      'the certificate or an issuer names neither a CRL nor an OCSP responder',
      '証明書またはその発行元に CRL も OCSP レスポンダーも記載されていない',
    ],
    '7',
  ),
  code(
    '0x800B010E',
    'CERT_E_REVOCATION_FAILURE',
    ['the check of the revocation did not come to an end', '失効の確認を続行できなかった'],
    [
      'as with 0x80092013: the client cannot ask whether the certificate or an issuer was revoked',
      '0x80092013 と同様。証明書またはその発行元の失効をクライアントが確認できない',
    ],
    '7',
  ),
  code(
    '0x80092010',
    'CRYPT_E_REVOKED',
    ['the certificate was revoked', '証明書が失効している'],
    ['the server certificate or one of its issuers was revoked', 'サーバー証明書またはその発行元が失効している'],
  ),
  code(
    '0x800B010A',
    'CERT_E_CHAINING',
    ['no chain to a trusted root could be built', '信頼されたルートまでの証明書チェーンを構築できない'],
    [
      'an intermediate certificate is missing on the server; a TLS client normally shows 0x800B0109 instead',
      'サーバーに中間証明書が不足している。TLS クライアントでは通常 0x800B0109 が表示される',
    ],
    '5',
  ),
  code(
    '0x800B0110',
    'CERT_E_WRONG_USAGE',
    ['the certificate is not for this purpose', '証明書の用途が正しくない'],
    [
      'the certificate that is met is not for server authentication; RRAS itself binds none like that, so something in front of it may show it',
      '提示された証明書の用途がサーバー認証ではない。RRAS はこのような証明書をバインドしないため、手前の機器が提示している可能性がある',
    ],
    '2',
  ),
  code(
    '0x800B0111',
    'TRUST_E_EXPLICIT_DISTRUST',
    ['the certificate is marked as untrusted', '証明書が信頼されていない証明書として登録されている'],
    [
      'the certificate or an issuer is among the Untrusted Certificates of the client',
      'サーバー証明書またはその発行元が、クライアントの [信頼されていない証明書] にある',
    ],
    '5',
  ),
  code(
    '0x800B0112',
    'CERT_E_UNTRUSTEDCA',
    ['an authority in the chain is not trusted', '証明書チェーンの証明機関が信頼されていない'],
    [
      'an intermediate certificate is distrusted on the client',
      'クライアントで中間証明書が信頼されていない証明書として登録されている',
    ],
  ),
  code(
    '0x80096004',
    'TRUST_E_CERT_SIGNATURE',
    ['the signature of a certificate could not be verified', '証明書の署名を検証できない'],
    [
      'an authority with the same name and another key: often a certification authority that was installed anew',
      '名前が同じでキーが異なる証明機関がある。証明機関を再構築した場合に多い',
    ],
    '5',
  ),
  code(
    '0x800B0114',
    'CERT_E_INVALID_NAME',
    ['a name is not allowed by the name constraints of an authority', '名前が証明機関の名前の制限に違反している'],
    [
      'the certificate holds a name that its issuer may not issue for',
      '発行元が発行を許可されていない名前が証明書に含まれている',
    ],
  ),
  code(
    '0x80096019',
    'TRUST_E_BASIC_CONSTRAINTS',
    ['the basic constraints of a certificate are not kept', '証明書の基本制限に違反している'],
    [
      'an issuer is not a certification authority, or there are more authorities below one than it allows',
      '発行元が証明機関ではない、または証明機関の階層がパス長の制限を超えている',
    ],
  ),
  code(
    '0x800B0105',
    'CERT_E_CRITICAL',
    ['a critical extension is unknown', '不明な重要拡張機能がある'],
    [
      'the certificate or an issuer has a critical extension that Windows does not know',
      'Windows が認識できない重要な拡張機能が証明書またはその発行元に含まれている',
    ],
  ),
  code(
    '0x80094016',
    'CERTSRV_E_WEAK_SIGNATURE_OR_KEY',
    ['a signature or a key is too weak', '署名またはキーが弱すぎる'],
    [
      'a policy of the client refuses the key or the hash of the certificate; without one, SHA-1 of a private authority normally passes',
      'クライアントのポリシーが証明書のキーまたはハッシュを拒否している。ポリシーがなければ、プライベート証明機関の SHA-1 は通常許可される',
    ],
  ),
];
