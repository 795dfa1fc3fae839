import { Unknown } from '../../../engine/define.ts';
import type { Certificate } from './certificate.ts';
import { type Judgement, judgePath } from './verdict/flaws.ts';
import { type Issuers, paths } from './verdict/paths.ts';

/** The certificate first, its root last, as far as it was found. */
export type Chain = Readonly<{ certificates: readonly Certificate[] } & Judgement>;

/** Renewed and cross-signed authorities make a handful of chains; more is meant to keep us busy. */
const MOST_CHAINS = 32;

const isClean = ({ flaws, doubts }: Judgement): boolean => flaws.length + doubts.length === 0;

/** How bad a chain is. Belief: Windows prefers what leads to a trusted root; after that, the fewest flaws count. */
const badness = ({ flaws, doubts }: Judgement): readonly number[] => [
  flaws.some(({ kind }) => ['issuer-missing', 'other-key', 'not-signed', 'untrusted-root'].includes(kind)) ? 1 : 0,
  flaws.length,
  doubts.length,
];

const isBetter = (one: Chain, other: Chain): boolean => {
  const [mine, its] = [badness(one), badness(other)];
  const at = mine.findIndex((number, place) => number !== its[place]);
  return at >= 0 && (mine[at] ?? 0) < (its[at] ?? 0);
};

/**
 * The chain of a certificate: the one without a flaw if there is one, else the best. What only the first certificate is
 * asked (its own dates, names and purposes) is not judged here. Throws Unknown where a signature decides that cannot be
 * verified. Source: sstp-protocol 5.1.
 */
export const buildChain = async (certificate: Certificate, issuers: Issuers): Promise<Chain> => {
  let best: Chain | undefined;
  let count = 0;
  for await (const path of paths(certificate, [], issuers)) {
    if (++count > MOST_CHAINS)
      throw new Unknown('unreadable', `${certificate.subject} has more than ${MOST_CHAINS} chains`);
    const chain: Chain = { certificates: path.certificates, ...judgePath(path, issuers) };
    if (!best || isBetter(chain, best)) best = chain;
    if (isClean(chain)) break;
  }
  if (!best) throw new Unknown('bug', `${certificate.subject} has no chain, not even of itself`);
  return best;
};
