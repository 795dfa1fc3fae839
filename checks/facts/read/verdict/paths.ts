import type { Certificate } from '../certificate.ts';
import { isSignedBy } from '../signature.ts';
import type { Noted } from './flaws.ts';
import { namesOtherKey } from './key-identifiers.ts';

/** What a chain is built of, and when it must hold. */
export type Issuers = Readonly<{
  /** Trusted roots at hand. */
  roots: readonly Certificate[];
  others: readonly Certificate[];
  /** SHA-256 of certificates that must not be trusted. */
  distrusted: ReadonlySet<string>;
  /** What is said of authorities because of what stores note beside them, by their SHA-256. */
  noted?: ReadonlyMap<string, Noted>;
  at: Date;
  /** Trusted roots of an encoded subject, where not all of them are at hand. */
  findRoots?(subjectId: string): Promise<readonly Certificate[]>;
  /** Issuers from elsewhere; asked for where no certificate at hand has the key that signed. */
  findIssuers?(certificate: Certificate): Promise<readonly Certificate[]>;
}>;

/** A way from a certificate up, itself first. Without `end` it arrives at a certificate that issued itself. */
export type Path = Readonly<
  { certificates: readonly Certificate[] } & (
    | { end?: undefined; isTrusted: boolean }
    | { end: 'issuer-missing' | 'other-key' | 'not-signed' | 'too-long'; isTrusted?: undefined }
  )
>;

/** Real chains have at most four or five certificates. */
export const LONGEST = 8;

export const isSelfIssued = ({ subjectId, issuerId }: Certificate): boolean => subjectId === issuerId;

const isSame = (one: Certificate, other: Certificate): boolean => one.sha256 === other.sha256;

const rootsNamed = async ({ roots, findRoots }: Issuers, subjectId: string): Promise<readonly Certificate[]> => [
  ...roots.filter((root) => root.subjectId === subjectId),
  ...((await findRoots?.(subjectId)) ?? []),
];

/** Those of the candidates whose key signed the certificate. */
const signersAmong = async (
  candidates: readonly Certificate[],
  certificate: Certificate,
): Promise<readonly Certificate[]> => {
  const signed = await Promise.all(candidates.map((issuer) => isSignedBy(certificate, issuer)));
  return candidates.filter((_, at) => signed[at]);
};

/** Why a way ends for which no issuer signed, though certificates of its name may be known. */
const endAt = (last: Certificate, named: readonly Certificate[]): 'issuer-missing' | 'other-key' | 'not-signed' => {
  if (isSelfIssued(last)) return 'not-signed';
  if (named.length === 0) return 'issuer-missing';
  return named.every((authority) => namesOtherKey(last, authority)) ? 'other-key' : 'not-signed';
};

/** Every way from a certificate up, roots first; `below` are those that led to it. A trusted root needs no signature. */
export const paths = async function* (
  last: Certificate,
  below: readonly Certificate[],
  issuers: Issuers,
): AsyncGenerator<Path> {
  const certificates = [...below, last];
  const roots = await rootsNamed(issuers, last.issuerId);
  const isTrusted = isSelfIssued(last) && roots.some((root) => isSame(root, last));
  if (isTrusted || (isSelfIssued(last) && (await isSignedBy(last, last)))) return yield { certificates, isTrusted };
  const fitting = (list: readonly Certificate[] = []) => {
    const named = list.filter(
      (it) => it.subjectId === last.issuerId && !certificates.some((known) => isSame(known, it)),
    );
    // Several stores may have copies of one certificate.
    return [...new Map(named.map((it) => [it.sha256, it])).values()];
  };
  if (certificates.length === LONGEST) return yield { certificates, end: 'too-long' };
  const atHand = fitting([...roots, ...issuers.others]);
  const known = await signersAmong(atHand, last);
  const elsewhere = known.length > 0 ? [] : fitting(await issuers.findIssuers?.(last));
  const signers = [...known, ...(await signersAmong(elsewhere, last))];
  for (const issuer of signers) yield* paths(issuer, certificates, issuers);
  if (signers.length === 0) yield { certificates, end: endAt(last, [...atHand, ...elsewhere]) };
};
