import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CRLDistributionPoints, type DistributionPoint } from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.ts';
import type { Extension } from '../extensions.ts';
import { extensionsOf } from '../parsed.ts';

/** Where a CRL is published; `isPart`: it lists some reasons only, or somebody else publishes it. */
export type CrlPoint = Readonly<{ url: string; isPart: boolean }>;

const POINTS = '2.5.29.31';
/** A point that only a directory finds, by its name. */
const NO_URL = 'a name in a directory';
/** Where delta CRLs are published, in a certificate and in a CRL. */
const FRESHEST = '2.5.29.46';

const pointsIn = (value: ArrayBuffer | undefined): readonly CrlPoint[] =>
  [...(value ? AsnConvert.parse(value, CRLDistributionPoints) : [])].flatMap(
    ({ distributionPoint, reasons, cRLIssuer }: DistributionPoint) => {
      const urls = (distributionPoint?.fullName ?? []).flatMap((name) => name.uniformResourceIdentifier ?? []);
      const isPart = reasons !== undefined || cRLIssuer !== undefined;
      return urls.length > 0 ? urls.map((url) => ({ url, isPart })) : [{ url: NO_URL, isPart: true }];
    },
  );

type Extensions = readonly Pick<Extension, 'type' | 'value'>[];

/** The points of the delta CRLs, from the extensions of a CRL or of a certificate. */
export const deltaPointsIn = (extensions: Extensions): readonly CrlPoint[] =>
  pointsIn(extensions.find(({ type }) => type === FRESHEST)?.value);

/** The points that a certificate names, for whole CRLs and for delta CRLs. */
export const crlPointsOf = (
  certificate: Certificate,
): Readonly<{ whole: readonly CrlPoint[]; delta: readonly CrlPoint[] }> => {
  const { all } = extensionsOf(certificate);
  return {
    whole: pointsIn(all.find(({ type }) => type === POINTS)?.value),
    delta: deltaPointsIn(all),
  };
};
