import { defineFact, Unknown } from '../../engine/define.ts';
import { readKey } from './read/ask.ts';
import type { Certificate } from './read/certificate.ts';
import { parsedOf } from './read/parsed.ts';
import type { Algorithm } from './read/signature.ts';

const LIST = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Cryptography\Configuration\Local\SSL\00010003`;

/** What is asked for a certificate with a rare signature. */
export const SIGNATURE_QUESTIONS = [`reg.exe query ${LIST}`];

/** How Schannel names ways to sign. */
const WAYS: Readonly<Record<string, string>> = { 'RSASSA-PKCS1-v1_5': 'RSA', 'RSA-PSS': 'RSAE-PSS', ECDSA: 'ECDSA' };
/** Those that every Windows with TLS 1.2 takes. Source: the hello that Microsoft shows in "TLS 1.2 handshake failure". */
const COMMON = /^(?:RSA|ECDSA)\/SHA(?:1|256|384)$/;

/** What Schannel calls the signature on a certificate, such as `RSA/SHA512`; `undefined` for one that every Windows takes. */
export const rareSignatureOf = (certificate: Certificate): string | undefined => {
  const { name = '' }: Algorithm = parsedOf(certificate).signatureAlgorithm;
  const signature = WAYS[name] ? `${WAYS[name]}/${certificate.signatureHash.replace('-', '')}` : name;
  return COMMON.test(signature) ? undefined : signature;
};

/**
 * The signatures that Schannel takes with TLS 1.2. Up to Server 2012 R2 it has SHA-512 with an update only (KB2973337). Source of
 * the place: TS_DetectSHA512-TLS.ps1, by which Microsoft's support finds server certificates with which TLS fails.
 */
export const signatureAlgorithms = defineFact<readonly string[]>({
  id: 'tls/signature-algorithms',
  vantage: 'server',
  right: 'read HKLM (any user)',
  async ask($) {
    const names = (await readKey($, LIST))?.list('Functions');
    if (!names?.length)
      throw new Unknown('absent', `${LIST} holds no Functions: the signatures that Windows takes are not known`);
    return names;
  },
});
