import { Unknown } from '../../engine/define.ts';
import { certificatesIn, type Store } from './certificate-stores.ts';
import type { Certificate } from './read/certificate.ts';
import { buildChain, type Chain } from './read/chain.ts';
import type { Issuers } from './read/verdict/paths.ts';
import { lacksIssuer } from './read/verdict/problems.ts';

/**
 * Whether issuers in LocalMachine\My would make the chain whole: a file of certificates that was imported there whole leaves
 * its issuers there. That Windows looks for issuers in that store, too, and sends them to clients, no document tells.
 */
const isWholeWith = async (personal: Store, leaf: Certificate | undefined, issuers: Issuers): Promise<boolean> => {
  const others = [...issuers.others, ...certificatesIn(personal)];
  return leaf !== undefined && (await buildChain(leaf, { ...issuers, others })).flaws.length === 0;
};

/** Throws Unknown where an issuer is missing that stands in the wrong store. */
export const refuseAside = async (
  { certificates: [leaf], flaws }: Chain,
  personal: Store,
  issuers: Issuers,
): Promise<void> => {
  const missing = flaws.find(lacksIssuer);
  if (missing && (await isWholeWith(personal, leaf, issuers)))
    throw new Unknown(
      'absent',
      `the issuer ${missing.certificate.issuer} is in LocalMachine\\My only, and whether Windows takes it from there is not known: move it to Intermediate Certification Authorities`,
    );
};
