import type { Certificate } from './certificate.ts';
import { parsedOf } from './parsed.ts';
import type { Algorithm } from './signature.ts';
import { titleOf } from './words.ts';

/** Why no client can use a protocol, even where it is on; or why that may be so, with what is not known in `open`. */
export type Gap = Readonly<{ why: string; open?: string }>;

const curveOf = (certificate: Certificate): string | undefined => {
  const { namedCurve }: Algorithm = parsedOf(certificate).publicKey.algorithm;
  return namedCurve;
};

/** Source: learn.microsoft.com, "TLS Elliptic Curves in Windows 10 version 1607 and later". */
const isOnByDefault = (curve: string): boolean => /^P-(?:256|384)$/.test(curve);
const CURVE_OFF = 'Windows has that curve off by default: whether clients take it is not known';

/** What Windows calls a curve. */
const namesOf = (curve: string): readonly string[] => [
  curve.replace('P-', 'nistp'),
  `${curve.replace('P-', 'secp')}r1`,
];

/** Why a key may be of no use, by its kind or its curve, or `undefined`. */
export const keyGapOf = (certificate: Certificate, chosen: readonly string[] | undefined): Gap | undefined => {
  const { type } = certificate.key;
  if (type !== 'RSA' && type !== 'EC')
    return {
      why: `the key of ${titleOf(certificate)} is of the kind ${type}`,
      open: 'whether Windows has a suite for it is not known',
    };
  const curve = curveOf(certificate);
  const why = `the key of ${titleOf(certificate)} is on the curve ${curve}`;
  if (curve === undefined) return;
  if (!isOnByDefault(curve)) return { why, open: CURVE_OFF };
  return chosen && !chosen.some((name) => namesOf(curve).includes(name.toLowerCase()))
    ? {
        why,
        open: `the curves that are chosen (ECC Curve Order) are ${chosen.join(', ')}: whether Windows takes the key is not known`,
      }
    : undefined;
};
