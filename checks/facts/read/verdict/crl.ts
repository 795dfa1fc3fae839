import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate as Encoded, IssuingDistributionPoint } from '@peculiar/asn1-x509';
import { X509Crl, X509CrlReason } from '@peculiar/x509';
import { hexOf } from '../bytes.ts';
import type { Certificate } from '../certificate.ts';
import { parsedOf } from '../parsed.ts';
import { unverifiableIn } from '../signature.ts';
import { type CrlPoint, deltaPointsIn } from './crl-points.ts';
import { encodedIn } from './encoded.ts';

/** A CRL, read once. */
export type Crl = Readonly<{
  parsed: X509Crl;
  issuer: string;
  issuerId: string;
  thisUpdate: Date;
  nextUpdate?: Date;
  /** OIDs of critical extensions that are not evaluated here. */
  unknownCritical: readonly string[];
  /** The part of the certificates that it covers; absent where it covers all of its issuer's. */
  scope?: IssuingDistributionPoint;
  /** The encoded scope, hexadecimal: a delta CRL must have that of its base. */
  scopeId: string;
  number?: bigint;
  /** Of a delta CRL: the number of the CRL that it builds on. */
  base?: bigint;
  deltaPoints: readonly CrlPoint[];
}>;

/** An entry of a CRL: revoked, or, in a delta CRL, not any more. */
export type Entry = Readonly<{ since: Date; reason?: string; isRemoved: boolean }>;

const NUMBER = '2.5.29.20';
const DELTA = '2.5.29.27';
const SCOPE = '2.5.29.28';
const EVALUATED = [DELTA, SCOPE];

/** A CRL of 1 MiB has some 20,000 entries of 8 nodes; more would be small nodes that are meant to fill our memory. */
const MOST_NODES = 200_000;

/** The number in an INTEGER; its tag and its length take a byte each, as CRL numbers have at most 20 bytes. */
const numberIn = (value: ArrayBuffer | undefined): bigint | undefined =>
  value && BigInt(`0x${hexOf(new Uint8Array(value).subarray(2))}`);

/** Takes a CRL in DER or PEM apart. Throws for anything else. */
export const parseCrl = (bytes: Uint8Array<ArrayBuffer>): X509Crl => {
  const [der = bytes] = encodedIn(bytes);
  return new X509Crl(der, { berOptions: { maxNodes: MOST_NODES } });
};

/** Reads a CRL. Throws where one of its extensions makes no sense. */
export const readCrl = (parsed: X509Crl): Crl => {
  // The first look at the extensions throws where one is malformed; a second would find none at all.
  const extensions = [...parsed.extensions];
  const extensionOf = (oid: string) => extensions.find(({ type }) => type === oid)?.value;
  const [scope, number, base] = [extensionOf(SCOPE), numberIn(extensionOf(NUMBER)), numberIn(extensionOf(DELTA))];
  const { issuer, issuerName, thisUpdate, nextUpdate } = parsed;
  return {
    parsed,
    issuer,
    issuerId: hexOf(new Uint8Array(issuerName.toArrayBuffer())),
    thisUpdate,
    ...(nextUpdate && { nextUpdate }),
    unknownCritical: extensions.flatMap(({ critical, type }) => (critical && !EVALUATED.includes(type) ? [type] : [])),
    ...(scope && { scope: AsnConvert.parse(scope, IssuingDistributionPoint) }),
    scopeId: scope ? hexOf(new Uint8Array(scope)) : '',
    ...(number !== undefined && { number }),
    ...(base !== undefined && { base }),
    deltaPoints: deltaPointsIn(extensions),
  };
};

/** The part of the CRL's signature that cannot be verified here, or `undefined`. */
export const oddSignatureOf = ({ parsed }: Crl, issuer: Certificate): string | undefined =>
  unverifiableIn(parsed.signatureAlgorithm, parsedOf(issuer).publicKey.algorithm);

/** Whether the issuer's key signed the CRL. */
export const isCrlSignedBy = ({ parsed }: Crl, issuer: Certificate): Promise<boolean> =>
  // A malformed signature throws: it is no signature of this key.
  parsed.verify({ publicKey: parsedOf(issuer).publicKey }).catch(() => false);

/** Whether a serial number is below zero or not the shortest: @peculiar/x509 looks for another one in its place. */
const isOdd = (serial: Uint8Array): boolean => {
  const [first = 0, second = 0] = serial;
  return first > 0x7f || (serial.length > 1 && first === 0 && second < 0x80);
};

/** What the CRL lists of a certificate. */
export const entryOf = ({ parsed }: Crl, { der, serial }: Certificate): Entry | undefined => {
  const number = new Uint8Array(AsnConvert.parse(der, Encoded).tbsCertificate.serialNumber);
  const entry = isOdd(number) ? parsed.entries.find((it) => it.serialNumber === serial) : parsed.findRevoked(serial);
  if (!entry) return;
  const { revocationDate: since, reason } = entry;
  return {
    since,
    ...(reason !== undefined && { reason: X509CrlReason[reason] }),
    isRemoved: reason === X509CrlReason.removeFromCRL,
  };
};
