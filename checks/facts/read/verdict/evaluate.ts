import { Unknown } from '../../../../engine/define.ts';
import type { Certificate } from '../certificate.ts';
import { buildChain } from '../chain.ts';
import { isMadeOutTo, namesOf } from '../names.ts';
import { CONDITIONS, type Concern, type Kind, type Prediction, predict, rankOf } from './conditions.ts';
import type { Download } from './download.ts';
import { type Doubt, type Flaw, flawOfDates, type Judgement, serves } from './flaws.ts';
import { type Der, readNeeded, readSent, rootFinder, type TrustedRoots } from './given.ts';
import { type FetchedIssuers, issuerFetcher } from './issuers.ts';
import { type Revocation, revocationsOf } from './revocation.ts';
import { type Weakness, weaknessesOf } from './weaknesses.ts';
import { FLAWS_IN_WORDS, revocationInWords } from './words.ts';

/** Where and when a client looks at the certificate, and what it can ask. */
export type Circumstances = Readonly<{
  /** The name or address that the client dials. */
  name: string;
  at: Date;
  trustedRoots: TrustedRoots;
  /** Without it neither issuers nor revocation are asked for. */
  download?: Download;
}>;

/** A condition for which a client refuses the certificate. `detail` is said of `certificate`, in English. */
export type Problem = Readonly<{
  kind: Kind;
  concern: Concern;
  code: string;
  certificate: Certificate;
  detail: string;
}>;

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

type Said = Omit<Problem, 'code' | 'concern'>;

const sayOfFlaw = (flaw: Flaw): Said => ({
  kind: flaw.kind,
  certificate: flaw.certificate,
  detail: FLAWS_IN_WORDS[flaw.kind](flaw),
});

const sayOfLeaf = (leaf: Certificate, { name, at }: Circumstances): readonly Said[] => {
  const dates = flawOfDates(leaf, at);
  const detail = `it is made out to ${namesOf(leaf).join(', ') || 'nobody'}, not to ${name}`;
  return [
    ...(dates ? [sayOfFlaw({ kind: dates, certificate: leaf })] : []),
    ...(serves(leaf.purposes) ? [] : [sayOfFlaw({ kind: 'wrong-purpose', certificate: leaf })]),
    ...(isMadeOutTo(leaf, name) ? [] : [{ kind: 'other-name' as const, certificate: leaf, detail }]),
  ];
};

/** What became of the addresses at which the issuer of a certificate is to be had. */
const searchFor = ({ issuerUrls }: Certificate, fetched: readonly FetchedIssuers[]) =>
  issuerUrls.map((url) => {
    const found = fetched.find((it) => it.url === url);
    const isOpen = !found || found.trouble?.isOurs === true;
    return { isOpen, said: `${url}: ${found ? (found.trouble?.why ?? 'it is of somebody else') : 'not asked'}` };
  });

/** An issuer is missing for good only where no client can find it at an address that was not asked, or not to the end. */
const sayOfMissing = (flaw: Flaw, fetched: readonly FetchedIssuers[]): Said | Doubt => {
  const { certificate } = flaw;
  const search = searchFor(certificate, fetched);
  const tried = search.length > 0 ? ` (${search.map(({ said }) => said).join('; ')})` : '';
  const detail = `its issuer ${certificate.issuer} was not sent, and cannot be fetched from here${tried}`;
  return search.some(({ isOpen }) => isOpen)
    ? { possible: 'issuer-missing', certificate, detail }
    : { kind: 'issuer-missing', certificate, detail };
};

const PROBLEM_OF = { revoked: 'revoked', offline: 'revocation-offline', 'no-source': 'no-revocation-source' } as const;

const sayOfRevocation = (revocation: Revocation): readonly Said[] => {
  const { state, certificate } = revocation;
  if (state === 'good' || state === 'unclear' || state === 'not-asked') return [];
  return [{ kind: PROBLEM_OF[state], certificate, detail: revocationInWords(revocation) }];
};

const doubtsOfRevocation = (revocation: Revocation): readonly Doubt[] =>
  revocation.state === 'unclear' || revocation.state === 'not-asked'
    ? [{ possible: 'revocation-offline', certificate: revocation.certificate, detail: revocationInWords(revocation) }]
    : [];

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

/**
 * What a Windows client makes of the certificates that a server sent, its own first. Throws Unknown where that cannot be
 * read, and where a signature cannot be verified here. Source: sstp-protocol 5.
 */
export const evaluate = async (presented: readonly Der[], circumstances: Circumstances): Promise<Verdict> => {
  const [own, ...rest] = presented;
  if (!own) throw new Unknown('absent', 'the server sent no certificate');
  const { at, trustedRoots, download } = circumstances;
  const [leaf, sent] = await Promise.all([readNeeded(own, 'the certificate of the server'), readSent(rest)]);
  const findRoots = rootFinder(trustedRoots);
  // All at once, so that they travel together; the chain then finds them answered.
  await Promise.all([leaf, ...sent.certificates].map(({ issuerId }) => findRoots(issuerId)));
  const issuers = download && issuerFetcher(download);
  const { certificates: chain, ...judged }: Judgement & { certificates: readonly Certificate[] } = await buildChain(
    leaf,
    {
      roots: [],
      others: sent.certificates,
      distrusted: new Set(),
      at,
      findRoots,
      ...(issuers && { findIssuers: issuers.find }),
    },
  );
  const fetched = issuers?.fetched() ?? [];
  if (!sent.isWhole && judged.flaws.some(({ kind }) => kind === 'issuer-missing'))
    throw new Unknown('unreadable', 'an issuer is missing, and not all certificates that the server sent can be read');
  const revocations = await revocationsOf(chain, at, download);
  const isMissing = ({ kind }: Flaw): boolean => kind === 'issuer-missing';
  const missing = judged.flaws.filter(isMissing).map((flaw) => sayOfMissing(flaw, fetched));
  return {
    chain,
    fetched,
    revocations,
    weaknesses: weaknessesOf(chain),
    ...conclude(
      [
        ...missing.filter((said) => 'kind' in said),
        ...judged.flaws.filter((flaw) => !isMissing(flaw)).map(sayOfFlaw),
        ...sayOfLeaf(leaf, circumstances),
        ...revocations.flatMap(sayOfRevocation),
      ],
      [...judged.doubts, ...missing.filter((said) => 'possible' in said), ...revocations.flatMap(doubtsOfRevocation)],
    ),
  };
};
