import type { Certificate } from '../certificate.ts';
import { purposesInWords } from '../words.ts';
import type { Kind } from './conditions.ts';
import { namesOtherKey } from './key-identifiers.ts';
import { limitsOf } from './name-constraints.ts';
import { type Issuers, isSelfIssued, LONGEST, type Path } from './paths.ts';
import { demandsPolicies } from './policies.ts';

/** What is wrong with a chain, and at which of its certificates; `name` is what constraints do not allow, or a store does. */
export type Flaw = Readonly<{
  kind: Exclude<Kind, 'short-key' | 'revoked' | 'other-name' | 'revocation-offline' | 'no-revocation-source'>;
  certificate: Certificate;
  name?: string;
}>;

/** What is not evaluated, and at which certificate: a condition that may or may not be met. */
export type Doubt = Readonly<{ possible: Kind; certificate: Certificate; detail: string }>;

export type Judgement = Readonly<{ flaws: readonly Flaw[]; doubts: readonly Doubt[] }>;

/** Server authentication, and any purpose. */
const SERVER_PURPOSES: readonly string[] = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/** Current Windows refuses shorter ones. Source: Microsoft security advisory 2661254. */
const REFUSED_RSA_BITS = 1024;

/** Whether a list of purposes (OIDs) is good for a TLS server. Without a list, all purposes are. */
export const serves = (oids: readonly string[] | undefined): boolean =>
  oids?.some((oid) => SERVER_PURPOSES.includes(oid)) ?? true;

const ANY_APPLICATION = '1.3.6.1.4.1.311.10.12.1';

/**
 * What Microsoft's application policies say against a TLS server where the enhanced key usage says nothing, or `undefined`.
 * That Windows heeds them before the other is told of certificates with both; what SSTP does by itself is not.
 */
export const policiesAgainst = ({ purposes, applicationPolicies: policies }: Certificate): string | undefined =>
  serves(purposes) && !serves(policies) && !policies?.includes(ANY_APPLICATION)
    ? `its application policies are for ${purposesInWords(policies ?? [])}, its enhanced key usage is for ${purposes ? purposesInWords(purposes) : 'all purposes'}, and which of them counts is not known`
    : undefined;

/** What the key usage of a server's own certificate says against it, or `undefined`. */
export const keyUsageAgainst = ({ mayEncrypt }: Certificate): string | undefined =>
  mayEncrypt === false
    ? 'its key usage has neither digital signature nor key encipherment, and whether a client takes it is not known'
    : undefined;

/** Of an issuer it is asked with its chain; of the server's own certificate with all that only it is asked. */
export const doubtOfPolicies = (certificate: Certificate): Omit<Doubt, 'certificate'> | undefined => {
  const detail = policiesAgainst(certificate);
  return detail === undefined ? undefined : { possible: 'wrong-purpose', detail };
};

/** The dates of any certificate. */
export const flawOfDates = ({ notBefore, notAfter }: Certificate, at: Date): 'expired' | 'not-yet-valid' | undefined =>
  notAfter < at ? 'expired' : notBefore > at ? 'not-yet-valid' : undefined;

/** What is said of a certificate. */
export type Noted = Omit<Flaw, 'certificate'> | Omit<Doubt, 'certificate'>;
type Said = Noted | undefined | false;

const sayOfTop = ({ isTrusted, end }: Path): Said => {
  if (end === 'too-long')
    return { possible: 'issuer-missing', detail: `the chain goes on after ${LONGEST} certificates` };
  return !isTrusted && { kind: end ?? 'untrusted-root' };
};

const sayOfNames = (issuer: Certificate, below: readonly Certificate[]): Said => {
  const limits = issuer.limitsNames ? limitsOf(issuer, below) : undefined;
  const kind = 'outside-name-constraints';
  if (limits?.kind === 'broken') return { kind, name: limits.name };
  return (
    limits?.kind === 'undecided' && { possible: kind, detail: `its name constraints are not evaluated: ${limits.why}` }
  );
};

/** Microsoft's document has it that Windows does not take such an issuer; others, that it goes by the name then. */
const sayOfIdentifiers = (issuer: Certificate, child: Certificate | undefined): Said =>
  child !== undefined &&
  namesOtherKey(child, issuer) && {
    possible: 'other-key',
    detail:
      'it signed the certificate below it, which names another key as that of its issuer: whether Windows takes it is not known',
  };

const sayOfIssuer = (
  issuer: Certificate,
  below: readonly Certificate[],
  isRoot: boolean,
  at: Date,
): readonly Said[] => {
  const between = below.slice(1).filter((it) => !isSelfIssued(it)).length;
  const dates = flawOfDates(issuer, at);
  return [
    dates && { kind: dates },
    !issuer.isAuthority && !isRoot && { kind: 'not-an-authority' },
    issuer.pathLength !== undefined && between > issuer.pathLength && { kind: 'below-path-length' },
    issuer.maySignCertificates === false && { kind: 'may-not-sign' },
    !serves(issuer.purposes) && { kind: 'wrong-purpose' },
    doubtOfPolicies(issuer),
    sayOfNames(issuer, below),
    sayOfIdentifiers(issuer, below.at(-1)),
    demandsPolicies(issuer) && { possible: 'unknown-critical', detail: 'it demands policies, which are not evaluated' },
  ];
};

const sayOfKey = ({ key: { type, bits } }: Certificate): Said =>
  type === 'RSA' &&
  bits !== undefined &&
  bits < REFUSED_RSA_BITS && { possible: 'short-key', detail: `its RSA key has ${bits} bits only` };

const sayOfDoubtful = ({ doubtfulCritical }: Certificate): Said =>
  doubtfulCritical.length > 0 && {
    possible: 'unknown-critical',
    detail: `whether Windows takes its critical extension ${doubtfulCritical.join(', ')} is not known`,
  };

const isFlaw = (noted: Flaw | Doubt): noted is Flaw => 'kind' in noted;
const isDoubt = (noted: Flaw | Doubt): noted is Doubt => 'possible' in noted;

/**
 * Judges a way up. What only the first certificate is asked (its own dates, names and purposes) is not judged here. Source:
 * sstp-protocol 5.1.
 */
export const judgePath = (path: Path, { at, distrusted, noted }: Issuers): Judgement => {
  const all = path.certificates.flatMap((certificate, place) => {
    const isTop = place === path.certificates.length - 1;
    const below = path.certificates.slice(0, place);
    const said: readonly Said[] = [
      isTop && sayOfTop(path),
      distrusted.has(certificate.sha256) && { kind: 'distrusted' },
      noted?.get(certificate.sha256),
      certificate.unknownCritical.length > 0 && { kind: 'unknown-critical' },
      sayOfDoubtful(certificate),
      sayOfKey(certificate),
      ...(place > 0 ? sayOfIssuer(certificate, below, isTop && path.isTrusted === true, at) : []),
    ];
    return said.flatMap((noted) => (noted ? [{ ...noted, certificate }] : []));
  });
  return { flaws: all.filter(isFlaw), doubts: all.filter(isDoubt) };
};
