import { defineFact, type Fact, type Facts, type Probe, Unknown } from '../../engine/define.ts';
import { settled } from './attempts.ts';
import type { Certificate } from './read/certificate.ts';
import type { Concern, Kind } from './read/verdict/conditions.ts';
import { pastProxy } from './read/verdict/download.ts';
import type { Verdict } from './read/verdict/evaluate.ts';
import { titleOf } from './read/words.ts';
import { type Served, servedCertificates } from './served-certificates.ts';

/**
 * A certificate that clients meet, and what a Windows client makes of it; `hasOwnRoot`: by a root that the machine which asked
 * trusts by itself.
 */
export type Judged = Readonly<Served & { verdict: Verdict; hasOwnRoot?: true }>;

type Verdicts = Readonly<{ judged: readonly Judged[]; unseen?: Unknown }>;

/** What is asked where a certificate names it, and answered by whoever it names. */
const MAY_ASK = ['probe trusted-roots SUBJECT', 'probe fetch URL', 'probe fetch URL post=OCSP-REQUEST'];

/** What a client that trusts other roots than those at hand may see otherwise. */
const ABOUT_ROOTS: readonly Kind[] = ['issuer-missing', 'other-key', 'untrusted-root'];

const dependsOnRoots = ({ problems }: Verdict): boolean => problems.some(({ kind }) => ABOUT_ROOTS.includes(kind));

/** What the server's domain has its members trust; nothing where the server itself was not asked. */
const trustedInDomain = async (facts: Facts): Promise<readonly Certificate[]> => {
  const { certificatesIn, issuerStores } = await import('./certificate-stores.ts');
  const stores = await facts.read(issuerStores);
  return stores.known ? certificatesIn(stores.value.enterprise) : [];
};

/** The roots as DER, and which of them were the own ones of this machine. */
const noting = (find: Probe['trustedRoots']) => {
  const own = new Set<string>();
  return {
    trustedRoots: async (subjectId: string) => {
      const roots = await find(subjectId);
      for (const { der, isOwn } of roots) if (isOwn) own.add(der.join());
      return roots.map(({ der }) => der);
    },
    isOwn: ({ chain }: Verdict): boolean => own.has(chain.at(-1)?.der.join() ?? ''),
  };
};

/**
 * What a Windows client that dials the name makes of each certificate, by this machine's trusted roots or those that were
 * given, with issuers and revocation lists fetched from here. Source: sstp-protocol 5.
 */
export const certificateVerdicts = defineFact<Verdicts>({
  id: 'reach/certificate-verdicts',
  vantage: 'network',
  mayAsk: MAY_ASK,
  async ask({ endpoint, trustedRoots, fetch }, facts) {
    const { served, unseen } = await facts.need(servedCertificates);
    // Loaded when there is something to judge, as the reader of certificates is.
    const { evaluate } = await import('./read/verdict/evaluate.ts');
    const download = endpoint.proxy === undefined ? fetch : pastProxy(fetch);
    const roots = noting(trustedRoots);
    const circumstances = {
      name: endpoint.serverName,
      at: facts.observedAt,
      trustedRoots: roots.trustedRoots,
      download,
    };
    const judged = await Promise.all(
      served.map(async (one): Promise<Judged> => {
        const { sent, stapled } = one;
        const own = { ...circumstances, ...(stapled && { stapled }) };
        const verdict = await evaluate(sent, own);
        if (roots.isOwn(verdict)) return { ...one, verdict, hasOwnRoot: true };
        if (endpoint.rootsGiven || !dependsOnRoots(verdict)) return { ...one, verdict };
        const domainRoots = await trustedInDomain(facts);
        return { ...one, verdict: domainRoots.length > 0 ? await evaluate(sent, { ...own, domainRoots }) : verdict };
      }),
    );
    return { judged, ...(unseen && { unseen }) };
  },
});

/** What could not be fetched from here a client may well get; the rest is not understood. */
const FETCHED: readonly Kind[] = ['issuer-missing', 'revocation-offline'];

/** Why something is not known of certificates in one respect, or `undefined` where all is. */
export const openIn = (judged: readonly Judged[], concern: Concern): Unknown | undefined => {
  const open = judged.flatMap(({ verdict }) => verdict.open).find((question) => question.concern === concern);
  if (!open) return;
  const reason = FETCHED.includes(open.possible) ? 'unreachable' : 'unreadable';
  return new Unknown(reason, `${titleOf(open.certificate)}: ${open.detail}`);
};

/** The verdicts with regard to one concern. Throws Unknown where nothing is wrong and not everything is known. */
const verdictsOn = (concern: Concern): Fact<readonly Judged[]> =>
  defineFact<readonly Judged[]>({
    id: `reach/certificate-${concern}`,
    vantage: 'network',
    mayAsk: MAY_ASK,
    async ask(_probe, facts) {
      const { judged, unseen } = await facts.need(certificateVerdicts);
      const isWrong = ({ verdict }: Judged): boolean => verdict.problems.some((problem) => problem.concern === concern);
      return settled(judged, isWrong, unseen ?? openIn(judged, concern));
    },
  });

export const certificateTrust = verdictsOn('trust');
export const certificateName = verdictsOn('name');
export const certificateRevocation = verdictsOn('revocation');
