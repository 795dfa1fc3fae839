/** Certificate revocation lists of the authorities in pki.ts: the same bytes in every run. */
import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  CRLDistributionPoints,
  CRLNumber,
  DistributionPoint,
  DistributionPointName,
  GeneralName,
  IssuingDistributionPoint,
} from '@peculiar/asn1-x509';
import { Extension, X509CrlGenerator, X509CrlReason } from '@peculiar/x509';
import { type Authority, type Made, signerOf } from './pki.ts';

type Signer = Parameters<typeof signerOf>[0];

type CrlOptions = Readonly<{
  /** What it lists; revoked for a compromised key unless said otherwise. */
  revoked?: readonly (Made | Readonly<{ made: Made; reason: X509CrlReason }>)[];
  thisUpdate?: string;
  /** `null` = it does not say. */
  nextUpdate?: string | null;
  number?: number;
  /** Makes it a delta CRL, on top of the one with this number. */
  base?: number;
  scope?: Partial<IssuingDistributionPoint>;
  /** Where its delta CRLs are. */
  freshest?: readonly string[];
  extensions?: readonly Extension[];
  /** Signs in place of the authority. */
  signer?: Signer;
}>;

/** A name of a distribution point. */
export const pointNamed = (...urls: readonly string[]): DistributionPointName =>
  new DistributionPointName({ fullName: urls.map((url) => new GeneralName({ uniformResourceIdentifier: url })) });

/** Distribution points, as an extension of this OID; `extra` makes them unusual. */
export const pointsExtension = (
  oid: '2.5.29.31' | '2.5.29.46',
  urls: readonly string[],
  extra: Partial<DistributionPoint> = {},
): Extension =>
  new Extension(
    oid,
    false,
    AsnConvert.serialize(
      new CRLDistributionPoints([
        new DistributionPoint({ ...(urls.length > 0 && { distributionPoint: pointNamed(...urls) }), ...extra }),
      ]),
    ),
  );

const number = (oid: string, critical: boolean, value: number | undefined): readonly Extension[] =>
  value === undefined ? [] : [new Extension(oid, critical, AsnConvert.serialize(new CRLNumber(value)))];

const scopeExtension = (scope: Partial<IssuingDistributionPoint>): Extension =>
  new Extension('2.5.29.28', true, AsnConvert.serialize(new IssuingDistributionPoint(scope)));

/** A CRL of an authority in DER: valid on the day of the healthy server, and empty, unless told otherwise. */
export const crlOf = async (authority: Authority, options: CrlOptions = {}): Promise<Uint8Array<ArrayBuffer>> => {
  const { revoked = [], thisUpdate = '2026-10-30T00:00:00Z', nextUpdate = '2026-11-06T00:00:00Z' } = options;
  const entries = revoked.map((it) => ('made' in it ? it : { made: it, reason: X509CrlReason.keyCompromise }));
  const crl = await X509CrlGenerator.create({
    issuer: authority.certificate.subjectName,
    thisUpdate: new Date(thisUpdate),
    ...(nextUpdate !== null && { nextUpdate: new Date(nextUpdate) }),
    entries: entries.map(({ made, reason }) => ({
      serialNumber: made.certificate.serialNumber,
      revocationDate: new Date('2026-10-29T00:00:00Z'),
      reason,
    })),
    extensions: [
      ...number('2.5.29.20', false, options.number ?? 7),
      ...number('2.5.29.27', true, options.base),
      ...(options.scope ? [scopeExtension(options.scope)] : []),
      ...(options.freshest ? [pointsExtension('2.5.29.46', options.freshest)] : []),
      ...(options.extensions ?? []),
    ],
    ...(await signerOf(options.signer ?? authority.key)),
  });
  return new Uint8Array(crl.rawData);
};
