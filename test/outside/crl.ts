/** Revocation lists of the pretended authorities. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509CrlGenerator } from '@peculiar/x509';
import { type Authority, type Made, privateKeyOf } from '../server/pki.ts';

type Options = { revoked?: readonly Made[]; thisUpdate?: string; nextUpdate?: string };

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** The list of an authority, as DER. */
export const crlOf = async (issuer: Authority, options: Options = {}): Promise<Uint8Array<ArrayBuffer>> => {
  const { revoked = [], thisUpdate = '2026-10-30T00:00:00Z', nextUpdate = '2026-11-30T00:00:00Z' } = options;
  const crl = await X509CrlGenerator.create({
    issuer: issuer.subject,
    thisUpdate: new Date(thisUpdate),
    nextUpdate: new Date(nextUpdate),
    signingAlgorithm: RSA,
    signingKey: await webcrypto.subtle.importKey('pkcs8', new Uint8Array(privateKeyOf(issuer.key)), RSA, false, [
      'sign',
    ]),
    entries: revoked.map(({ certificate }) => ({
      serialNumber: certificate.serialNumber,
      revocationDate: new Date('2026-10-01T00:00:00Z'),
    })),
  });
  return new Uint8Array(crl.rawData);
};
