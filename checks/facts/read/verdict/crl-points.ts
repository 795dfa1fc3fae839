import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  CRLDistributionPoints,
  type DistributionPoint,
  type GeneralName,
  id_ce_cRLDistributionPoints,
  id_ce_freshestCRL,
} from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.ts';
import type { Extensions } from '../extensions.ts';
import { extensionsOf } from '../parsed.ts';

/** Where a CRL is published; `isPart`: it lists some reasons only, or somebody else publishes it. */
export type CrlPoint = Readonly<{ url: string; isPart: boolean }>;

/** A point that only a directory finds, by its name. */
const NO_URL = 'a name in a directory';

const pointsIn = (points: CRLDistributionPoints | undefined): readonly CrlPoint[] =>
  [...(points ?? [])].flatMap(({ distributionPoint, reasons, cRLIssuer }: DistributionPoint) => {
    const urls = (distributionPoint?.fullName ?? []).flatMap((name) => name.uniformResourceIdentifier ?? []);
    const isPart = reasons !== undefined || cRLIssuer !== undefined;
    return urls.length > 0 ? urls.map((url) => ({ url, isPart })) : [{ url: NO_URL, isPart: true }];
  });

/** The points of the delta CRLs that a CRL names in its extensions. */
export const deltaPointsIn = (
  extensions: readonly Readonly<{ type: string; value: ArrayBuffer }>[],
): readonly CrlPoint[] => {
  const value = extensions.find(({ type }) => type === id_ce_freshestCRL)?.value;
  return pointsIn(value && AsnConvert.parse(value, CRLDistributionPoints));
};

/** Without what only these say, a certificate can be read all the same. */
const deltaPointsOf = (read: Extensions['read']): readonly CrlPoint[] => {
  try {
    return pointsIn(read(id_ce_freshestCRL, CRLDistributionPoints));
  } catch {
    return [{ url: 'an extension that cannot be read', isPart: true }];
  }
};

/** The points that a certificate names, for whole CRLs and for delta CRLs. */
export const crlPointsOf = (
  certificate: Certificate,
): Readonly<{ whole: readonly CrlPoint[]; delta: readonly CrlPoint[] }> => {
  const { read } = extensionsOf(certificate);
  return { whole: pointsIn(read(id_ce_cRLDistributionPoints, CRLDistributionPoints)), delta: deltaPointsOf(read) };
};

/** The names of the points for whole CRLs: that of a CRL for a part of them must be among these. */
export const namesOfPoints = (certificate: Certificate): readonly GeneralName[] =>
  [...(extensionsOf(certificate).read(id_ce_cRLDistributionPoints, CRLDistributionPoints) ?? [])]
    .filter(({ reasons, cRLIssuer }) => reasons === undefined && cRLIssuer === undefined)
    .flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? []);
