import { Unknown } from '../../../../engine/define.ts';
import type { Certificate } from '../certificate.ts';
import { buildChain } from '../chain.ts';
import { CONDITIONS, type Concern, type Prediction, predict, rankOf } from './conditions.ts';
import type { Download } from './download.ts';
import type { Doubt, Noted } from './flaws.ts';
import { type Der, readNeeded, readSent, rootFinder, type TrustedRoots } from './given.ts';
import { type FetchedIssuers, issuerFetcher } from './issuers.ts';
import { isSelfIssued } from './paths.ts';
import {
  doubtsOfLeaf,
  doubtsOfRevocation,
  lacksIssuer,
  type Said,
  sayOfFlaw,
  sayOfLeaf,
  sayOfMissing,
  sayOfRevocation,
} from './problems.ts';
import { type Revocation, revocationsOf } from './revocation.ts';
import { type Weakness, weaknessesOf } from './weaknesses.ts';

/** Where and when a client looks at the certificate, and what it can ask. */
export type Circumstances = Readonly<{
  /** The name or address that the client dials. */
  name: string;
  at: Date;
  trustedRoots: TrustedRoots;
  /** What only members of the server's domain are known to trust. */
  domainRoots?: readonly Certificate[];
  /** Without it neither issuers nor revocation are asked for. */
  download?: Download;
  /** The OCSP answer about the first certificate that the server sends along. */
  stapled?: Der;
}>;

/** A condition for which a client refuses the certificate. `detail` is said of `certificate`, in English. */
export type Problem = Readonly<Said & { concern: Concern; code: string }>;

/** A condition of which it cannot be said whether it is met. */
export type OpenQuestion = Readonly<Doubt & { concern: Concern }>;

/** What a Windows client makes of a certificate, as far as that can be said. */
export type Verdict = Readonly<
  {
    /** refused: a client shows `code`; accepted: all was asked, and nothing is wrong; unknown: neither can be said. */
    outcome: 'accepted' | 'refused' | 'unknown';
    /** The server's own certificate first, its root last, as far as they were found. */
    chain: readonly Certificate[];
    /** In the order in which a client reports them. */
    problems: readonly Problem[];
    open: readonly OpenQuestion[];
    weaknesses: readonly Weakness[];
    /** Of each certificate but the root, in the order of the chain. */
    revocations: readonly Revocation[];
    /** What came from the addresses of issuers that the server did not send. */
    fetched: readonly FetchedIssuers[];
  } & Prediction
>;

const conclude = (
  said: readonly Said[],
  doubts: readonly Doubt[],
): Pick<Verdict, 'outcome' | 'problems' | 'open'> & Prediction => {
  const problems = said
    .map((it) => ({ ...it, concern: CONDITIONS[it.kind].concern, code: CONDITIONS[it.kind].code }))
    .toSorted((one, other) => rankOf(one.kind) - rankOf(other.kind));
  const open = doubts.map((doubt) => ({ ...doubt, concern: CONDITIONS[doubt.possible].concern }));
  return {
    outcome: problems.length > 0 ? 'refused' : open.length > 0 ? 'unknown' : 'accepted',
    problems,
    open,
    ...predict(
      problems.map(({ kind }) => kind),
      open.map(({ possible }) => possible),
    ),
  };
};

const MEMBERS_ONLY: Noted = {
  possible: 'untrusted-root',
  detail:
    'Active Directory or Group Policy brings it to the server, as to other members of its domain, while other clients would show 0x800B0109: where all clients have it, give it with --roots',
};

/**
 * What a Windows client makes of the certificates that a server sent, its own first. Throws Unknown where that cannot be
 * read, and where a signature cannot be verified here. Source: sstp-protocol 5.
 */
export const evaluate = async (presented: readonly Der[], circumstances: Circumstances): Promise<Verdict> => {
  const [own, ...rest] = presented;
  if (!own) throw new Unknown('absent', 'the server sent no certificate');
  const { name, at, trustedRoots, download, stapled } = circumstances;
  const domainRoots = circumstances.domainRoots?.filter(isSelfIssued) ?? [];
  const [leaf, sent] = await Promise.all([readNeeded(own, 'the certificate of the server'), readSent(rest)]);
  const findRoots = rootFinder(trustedRoots);
  // All at once, so that they travel together; the chain then finds them answered.
  await Promise.all([leaf, ...sent.certificates].map(({ issuerId }) => findRoots(issuerId)));
  const issuers = download && issuerFetcher(download);
  const { certificates: chain, ...judged } = await buildChain(leaf, {
    roots: domainRoots,
    others: sent.certificates,
    distrusted: new Set(),
    noted: new Map(domainRoots.map(({ sha256 }) => [sha256, MEMBERS_ONLY])),
    at,
    findRoots,
    ...(issuers && { findIssuers: issuers.find }),
  });
  const fetched = issuers?.fetched() ?? [];
  if (!sent.isWhole && judged.flaws.some(lacksIssuer))
    throw new Unknown('unreadable', 'an issuer is missing, and not all certificates that the server sent can be read');
  const revocations = await revocationsOf(chain, at, download, stapled);
  const missing = judged.flaws.filter(lacksIssuer).map((flaw) => sayOfMissing(flaw, fetched));
  return {
    chain,
    fetched,
    revocations,
    weaknesses: weaknessesOf(chain),
    ...conclude(
      [
        ...missing.filter((said) => 'kind' in said),
        ...judged.flaws.filter((flaw) => !lacksIssuer(flaw)).map(sayOfFlaw),
        ...sayOfLeaf(leaf, name, at),
        ...revocations.flatMap(sayOfRevocation),
      ],
      [
        ...judged.doubts,
        ...doubtsOfLeaf(leaf),
        ...missing.filter((said) => 'possible' in said),
        ...revocations.flatMap(doubtsOfRevocation),
      ],
    ),
  };
};
