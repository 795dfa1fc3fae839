import type { X509Certificate } from '@peculiar/x509';
import { Unknown } from '../../../engine/define.ts';
import type { Certificate } from './certificate.ts';
import { parsedOf } from './parsed.ts';

/** What @peculiar/x509 says of an algorithm, beyond the types that it declares. */
export type Algorithm = Readonly<{
  name?: string;
  modulusLength?: number;
  namedCurve?: string;
  hash?: { name: string };
}>;

const VERIFIABLE = /^(?:RSASSA-PKCS1-v1_5|RSA-PSS|ECDSA|P-256|P-384|P-521|SHA-(?:1|256|384|512))$/;

/** The part of a signature's algorithm that cannot be verified here, or `undefined`. */
export const unverifiableIn = (signed: Algorithm, key: Algorithm): string | undefined =>
  [signed.name, signed.hash?.name, key.name, key.namedCurve]
    .filter((name) => name !== undefined)
    .find((name) => !VERIFIABLE.test(name));

/** What was verified already: the certificates of authorities come again with every server. */
const verified = new WeakMap<Certificate, WeakMap<Certificate, Promise<boolean>>>();

/** Whether the issuer's key signed the certificate. Rejects with Unknown for an algorithm that cannot be verified here. */
export const isSignedBy = (certificate: Certificate, issuer: Certificate): Promise<boolean> => {
  const byIssuer = verified.get(certificate) ?? new WeakMap<Certificate, Promise<boolean>>();
  verified.set(certificate, byIssuer);
  const found = byIssuer.get(issuer) ?? verify(certificate, issuer);
  byIssuer.set(issuer, found);
  return found;
};

const verify = async (certificate: Certificate, issuer: Certificate): Promise<boolean> => {
  const [parsed, { publicKey }] = [parsedOf(certificate), parsedOf(issuer)];
  const odd = unverifiableIn(parsed.signatureAlgorithm, publicKey.algorithm);
  if (odd) throw new Unknown('unreadable', `the signature of ${certificate.subject} (${odd}) cannot be verified here`);
  const key = await keyOf(issuer, parsed.signatureAlgorithm);
  // A malformed signature throws: it is no signature of this key.
  return key ? parsed.verify({ publicKey: key, signatureOnly: true }).catch(() => false) : false;
};

type Key = Awaited<ReturnType<X509Certificate['publicKey']['export']>>;
const keys = new WeakMap<Certificate, Map<string, Promise<Key | undefined>>>();

/** The issuer's key for signatures of an algorithm, made ready once; none where it does not go with them. */
const keyOf = (issuer: Certificate, signed: Algorithm): Promise<Key | undefined> => {
  const ready = keys.get(issuer) ?? new Map<string, Promise<Key | undefined>>();
  keys.set(issuer, ready);
  const algorithm = { ...parsedOf(issuer).publicKey.algorithm, ...signed };
  const name = JSON.stringify(algorithm);
  const key =
    ready.get(name) ??
    parsedOf(issuer)
      .publicKey.export(algorithm, ['verify'])
      .catch(() => undefined);
  ready.set(name, key);
  return key;
};
