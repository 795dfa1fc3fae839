import { defineFact, Unknown } from '../../engine/define.ts';
import { boundCertificate, metCertificates } from './bound-certificate.ts';
import { certificatesIn, issuerStores, personalStore } from './certificate-stores.ts';
import { refuseAside } from './issuer-aside.ts';
import { lacksRoot, openAtRoot, type ServerChain } from './missing-root.ts';
import type { Certificate } from './read/certificate.ts';
import { buildChain } from './read/chain.ts';
import { isSelfIssued } from './read/verdict/paths.ts';
import { ROOT_LIST_QUESTIONS, rootProgram } from './root-program.ts';
import { inDoubt, notesIn } from './store-notes.ts';

/**
 * The chain of each certificate that SSTP clients meet, built of what the server's own stores hold; none where no such
 * certificate is on the server. In doubt is only what lacks a root, which clients may have. Source: KB947031 situation 5;
 * sstp-protocol 5.1.
 */
export const certificateChains = defineFact<readonly ServerChain[]>({
  id: 'certificate/chains',
  vantage: 'server',
  right: 'read HKLM (any user), administrator for HTTP.sys settings',
  mayAsk: ROOT_LIST_QUESTIONS,
  async ask(_$, facts) {
    const [bound, stores, personal] = await Promise.all([
      facts.need(boundCertificate),
      facts.read(issuerStores),
      facts.read(personalStore),
    ]);
    const leaves = metCertificates(bound);
    if (leaves.length === 0) return [];
    if (!stores.known) throw new Unknown(stores.reason, stores.detail);
    const { roots, others, distrusted } = stores.value;
    const issuers = {
      roots: certificatesIn(roots),
      others: certificatesIn(others),
      distrusted: new Set(certificatesIn(distrusted).map(({ sha256 }) => sha256)),
      at: facts.observedAt,
    };
    const noted = (leaf: Certificate) => inDoubt(notesIn([roots, others], [], { leaf, at: facts.observedAt }));
    const chains = await Promise.all(leaves.map((leaf) => buildChain(leaf, { ...issuers, noted: noted(leaf) })));
    if (personal.known) await Promise.all(chains.map((chain) => refuseAside(chain, personal.value, issuers)));
    // An authority that cannot be read could be the missing one. A distrusted one is not in a chain that could be read.
    const unreadable = [...roots.unreadable, ...others.unreadable];
    if (unreadable.length > 0 && chains.some(({ flaws }) => flaws.length > 0))
      throw new Unknown('unreadable', unreadable.join('; '));
    const doubt = chains.find(({ flaws }) => flaws.length === 0)?.doubts[0];
    if (doubt) throw new Unknown('unreadable', `${doubt.certificate.subject}: ${doubt.detail}`);
    const isRootOnly = (id: string): boolean =>
      [...issuers.roots, ...issuers.others].every((it) => it.subjectId !== id || isSelfIssued(it));
    const lacking = chains.some((chain) => lacksRoot(chain, isRootOnly));
    const program = lacking ? await facts.read(rootProgram) : undefined;
    return chains.map((chain) => openAtRoot(chain, isRootOnly, program?.known ? program.value : undefined));
  },
});
