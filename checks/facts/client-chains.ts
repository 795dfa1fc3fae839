import { defineFact, type Probe, Unknown } from '../../engine/define.ts';
import type { Reading } from '../../engine/model.ts';
import { settled } from './attempts.ts';
import { certificatesIn, type IssuerStores, issuerStores, personalStore, type Store } from './certificate-stores.ts';
import { refuseAside } from './issuer-aside.ts';
import { type Certificate, readCertificate } from './read/certificate.ts';
import { buildChain, type Chain } from './read/chain.ts';
import { type FetchedIssuers, issuerFetcher } from './read/verdict/issuers.ts';
import { type Issuers, isSelfIssued } from './read/verdict/paths.ts';
import { lacksIssuer, sayOfMissing } from './read/verdict/problems.ts';
import { titleOf } from './read/words.ts';
import { type RootProgram, rootProgram } from './root-program.ts';
import { type Served, servedCertificates } from './served-certificates.ts';
import { notEnterprise, notesIn } from './store-notes.ts';

/** The chain that a machine builds, with its own stores, of a certificate that it meets, and what was fetched for it. */
export type ClientChain = Readonly<Served & { chain: Chain; fetched: readonly FetchedIssuers[] }>;

type Flaw = Chain['flaws'][number];

/** What keeps a chain from ending at a root that the machine trusts. Other flaws are the same on every machine. */
const ABOUT_TRUST: readonly Flaw['kind'][] = [
  'issuer-missing',
  'other-key',
  'not-signed',
  'untrusted-root',
  'distrusted',
  'restricted',
];

/** The flaws that concern this machine only. */
export const distrustIn = ({ chain }: ClientChain): readonly Flaw[] =>
  chain.flaws.filter(({ kind }) => ABOUT_TRUST.includes(kind));

const readAll = async (ders: readonly Uint8Array[]): Promise<readonly Certificate[]> =>
  (await Promise.allSettled(ders.map(readCertificate))).flatMap((read) =>
    read.status === 'fulfilled' ? [read.value] : [],
  );

type Elsewhere = Pick<Probe, 'trustedRoots' | 'fetch'>;

/**
 * A root that the machine does not have may be known here: it is then told apart from a missing issuer. Other certificates
 * that are trusted here would complete a chain that the machine cannot complete. Belief: what can be fetched from here, the
 * machine can fetch, too.
 */
const chainOf = async (
  served: Served,
  stores: IssuerStores,
  personal: Reading<Store>,
  { trustedRoots, fetch }: Elsewhere,
  at: Date,
): Promise<ClientChain> => {
  const { roots, others, distrusted } = stores;
  const fetcher = issuerFetcher(fetch);
  const sent = await readAll(served.sent.slice(1));
  const issuers: Issuers = {
    roots: certificatesIn(roots),
    others: [...sent, ...certificatesIn(others)],
    distrusted: new Set(certificatesIn(distrusted).map(({ sha256 }) => sha256)),
    // Whether a root is trusted only the store tells, whoever sends it.
    noted: new Map([
      ...notEnterprise(stores),
      ...notesIn(
        [roots, others],
        sent.filter((it) => !isSelfIssued(it)),
        { leaf: served.certificate, at },
      ),
    ]),
    at,
    findIssuers: async (certificate) => [
      ...(await readAll((await trustedRoots(certificate.issuerId)).map(({ der }) => der))).filter(isSelfIssued),
      ...(await fetcher.find(certificate)),
    ],
  };
  const chain = await buildChain(served.certificate, issuers);
  if (personal.known) await refuseAside(chain, personal.value, issuers);
  return { ...served, chain, fetched: fetcher.fetched() };
};

/** Why it is not known whether the machine will trust a root: Windows adds public ones when it first needs them. */
const doubtAboutRoot = ({ kind, certificate }: Flaw, { adds, holds }: RootProgram): Unknown | undefined => {
  if (!adds || ['distrusted', 'restricted', 'other-key', 'not-signed'].includes(kind)) return;
  const asked = `it is not in the stores of this machine, and Windows adds public roots when it first needs them`;
  if (kind === 'issuer-missing')
    return new Unknown('absent', `${certificate.issuer}: ${asked}; give the root with --roots to have it compared`);
  if (!holds) return new Unknown('absent', `${certificate.subject}: ${asked}; the list of them is not on this machine`);
  return holds(certificate.thumbprint)
    ? new Unknown('absent', `${certificate.subject}: ${asked}; this one is on its list`)
    : undefined;
};

/** Whether the machine may fetch an issuer that cannot be fetched from here is not known, either. */
const doubtAboutIssuer = (flaw: Flaw, { fetched }: ClientChain): Unknown | undefined => {
  const said = lacksIssuer(flaw) ? sayOfMissing(flaw, fetched) : flaw;
  return 'possible' in said ? new Unknown('unreachable', `${titleOf(said.certificate)}: ${said.detail}`) : undefined;
};

const openIn = (open: Chain['doubts'][number] | undefined): Unknown | undefined =>
  open && new Unknown('unreadable', `${titleOf(open.certificate)}: ${open.detail}`);

/** The chains that the machine that dials builds of the certificates met from outside. Source: KB947031 situation 5. */
export const clientChains = defineFact<readonly ClientChain[]>({
  id: 'client/chains',
  vantage: 'network',
  mayAsk: ['probe trusted-roots SUBJECT', 'probe fetch URL'],
  async ask(probe, facts) {
    const [{ served, unseen }, stores, personal, program] = await Promise.all([
      facts.need(servedCertificates),
      facts.need(issuerStores),
      facts.read(personalStore),
      facts.need(rootProgram),
    ]);
    const chains = await Promise.all(served.map((one) => chainOf(one, stores, personal, probe, facts.observedAt)));
    const flaws = chains.flatMap(distrustIn);
    const unreadable = [...stores.roots.unreadable, ...stores.others.unreadable];
    if (flaws.length > 0 && unreadable.length > 0) throw new Unknown('unreadable', unreadable.join('; '));
    const [open] = chains
      .flatMap(({ chain }) => chain.doubts)
      .filter(({ possible }) => ABOUT_TRUST.some((kind) => kind === possible));
    const doubts = (chain: ClientChain): readonly (Unknown | undefined)[] =>
      distrustIn(chain).map((flaw) => doubtAboutRoot(flaw, program) ?? doubtAboutIssuer(flaw, chain));
    const doubt = chains.flatMap(doubts).find((it) => it !== undefined);
    return settled(chains, (chain) => doubts(chain).includes(undefined), unseen ?? doubt ?? openIn(open));
  },
});
