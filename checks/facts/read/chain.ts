import { Unknown } from '../../../engine/define.ts';
import { type Certificate, isSignedBy } from './certificate.ts';

/** What is wrong with a chain, and at which of its certificates. */
export type Flaw = Readonly<{
  kind:
    | 'issuer-missing'
    | 'not-signed'
    | 'too-long'
    | 'untrusted-root'
    | 'distrusted'
    | 'expired'
    | 'not-yet-valid'
    | 'not-an-authority'
    | 'below-path-length'
    | 'may-not-sign'
    | 'wrong-purpose'
    | 'unknown-critical';
  certificate: Certificate;
}>;

/** The certificate first, its root last, as far as it was found. */
export type Chain = Readonly<{ certificates: readonly Certificate[]; flaws: readonly Flaw[] }>;

/** What a chain is built of, and when it must hold. */
export type Issuers = Readonly<{
  /** Trusted roots. */
  roots: readonly Certificate[];
  others: readonly Certificate[];
  /** SHA-256 of certificates that must not be trusted. */
  distrusted: ReadonlySet<string>;
  at: Date;
}>;

/** Server authentication, and any purpose. */
export const SERVER_PURPOSES: readonly string[] = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/** Real chains have at most four or five certificates. */
const LONGEST = 8;
/** Renewed and cross-signed authorities make a handful of chains; more is meant to keep us busy. */
const MOST_CHAINS = 32;

type Path = Readonly<{ certificates: readonly Certificate[]; end?: Flaw['kind'] }>;

const isSelfIssued = ({ subjectId, issuerId }: Certificate): boolean => subjectId === issuerId;

/** Every way from a certificate up, roots first; `below` are those that led to it. A trusted root needs no signature. */
const paths = async function* (
  last: Certificate,
  below: readonly Certificate[],
  issuers: Issuers,
): AsyncGenerator<Path> {
  const certificates = [...below, last];
  if (isSelfIssued(last) && (isRoot(last, issuers) || (await isSignedBy(last, last)))) return yield { certificates };
  const named = [...issuers.roots, ...issuers.others].filter(
    (it) => it.subjectId === last.issuerId && !certificates.some((known) => isSame(known, it)),
  );
  if (named.length === 0) return yield { certificates, end: 'issuer-missing' };
  if (certificates.length === LONGEST) return yield { certificates, end: 'too-long' };
  let signers = 0;
  for (const issuer of named)
    if (await isSignedBy(last, issuer)) {
      signers++;
      yield* paths(issuer, certificates, issuers);
    }
  if (signers === 0) yield { certificates, end: 'not-signed' };
};

const isSame = (one: Certificate, other: Certificate): boolean => one.sha256 === other.sha256;
const isRoot = (certificate: Certificate, { roots }: Issuers): boolean =>
  roots.some((root) => isSame(root, certificate));

const flawsOfIssuer = (issuer: Certificate, below: number, issuers: Issuers): readonly Flaw['kind'][] => {
  const { at } = issuers;
  const found: Readonly<Partial<Record<Flaw['kind'], boolean>>> = {
    expired: issuer.notAfter < at,
    'not-yet-valid': issuer.notBefore > at,
    'not-an-authority': !issuer.isAuthority && !isRoot(issuer, issuers),
    'below-path-length': issuer.pathLength !== undefined && below > issuer.pathLength,
    'may-not-sign': issuer.maySignCertificates === false,
    'wrong-purpose': issuer.purposes?.some((oid) => SERVER_PURPOSES.includes(oid)) === false,
  };
  return (Object.keys(found) as Flaw['kind'][]).filter((kind) => found[kind]);
};

const flawsOf = ({ certificates, end }: Path, issuers: Issuers): readonly Flaw[] =>
  certificates.flatMap((certificate, at) => {
    const between = certificates.slice(1, at).filter((it) => !isSelfIssued(it)).length;
    const isTop = at === certificates.length - 1;
    const kinds: readonly (Flaw['kind'] | false)[] = [
      isTop && (end ?? (!isRoot(certificate, issuers) && 'untrusted-root')),
      issuers.distrusted.has(certificate.sha256) && 'distrusted',
      certificate.unknownCritical.length > 0 && 'unknown-critical',
      ...(at > 0 ? flawsOfIssuer(certificate, between, issuers) : []),
    ];
    return kinds.flatMap((kind) => (kind ? [{ kind, certificate }] : []));
  });

/**
 * The chain of a certificate: the one without a flaw if there is one, else the one with the fewest. What only the first
 * certificate is asked (its own dates, names and purposes) is not judged here. Throws Unknown where a signature or a name
 * constraint decides that cannot be evaluated. Source: sstp-protocol 5.1.
 */
export const buildChain = async (certificate: Certificate, issuers: Issuers): Promise<Chain> => {
  let best: Chain = { certificates: [certificate], flaws: [] };
  let count = 0;
  for await (const path of paths(certificate, [], issuers)) {
    if (++count > MOST_CHAINS)
      throw new Unknown('unreadable', `${certificate.subject} has more than ${MOST_CHAINS} chains`);
    const chain = { certificates: path.certificates, flaws: flawsOf(path, issuers) };
    if (count === 1 || chain.flaws.length < best.flaws.length) best = chain;
    if (chain.flaws.length === 0) break;
  }
  const limiting = best.flaws.length === 0 && best.certificates.find((it) => it.limitsNames);
  if (limiting) throw new Unknown('unreadable', `the name constraints of ${limiting.subject} are not evaluated`);
  return best;
};
