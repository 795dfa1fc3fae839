import type { Certificate } from './read/certificate.ts';
import type { Chain } from './read/chain.ts';
import { issuerKeyOf } from './read/verdict/key-identifiers.ts';
import { isSelfIssued } from './read/verdict/paths.ts';
import { isUnsigned } from './read/verdict/problems.ts';
import type { RootProgram } from './root-program.ts';

type Missing = Readonly<{ of: Certificate; id?: string; says: string; unlisted: string }>;

/** Whether all that the server has of an encoded name are roots: of a renewed root it may have the former one only. */
type IsRootOnly = (subjectId: string) => boolean;

const NOT_KNOWN = 'whether clients trust it is not known here (client/trusted-root, reach/certificate-trust)';

/**
 * What a chain lacks above the issuers that the server has, where it lacks nothing else. The issuer of the server's own
 * certificate is not meant: whatever it is, the server was given no part of the chain (KB954755 wants intermediates there).
 */
const missingRootOf = ({ certificates: [leaf], flaws }: Chain, isRootOnly: IsRootOnly): Missing | undefined => {
  const [flaw] = flaws;
  if (!flaw || flaws.length > 1) return;
  const { kind, certificate: of } = flaw;
  if (kind === 'untrusted-root') {
    const says = "it is self-signed and not among the server's trusted roots";
    return { of, id: of.thumbprint, says, unlisted: `; ${NOT_KNOWN}` };
  }
  if (of === leaf) return;
  const id = issuerKeyOf(of);
  const named = { of, ...(id !== undefined && { id }) };
  if (isUnsigned(flaw) && !isSelfIssued(of) && isRootOnly(of.issuerId)) {
    const says = `no root ${of.issuer} in the server's stores has the key that signed it`;
    return { ...named, says, unlisted: `; servers do not send roots, and ${NOT_KNOWN}` };
  }
  if (kind !== 'issuer-missing') return;
  return {
    ...named,
    says: `its issuer ${of.issuer} is in none of the server's stores`,
    unlisted: `. If that is a root, servers do not send it, and ${NOT_KNOWN}; if it is none, the server cannot send it`,
  };
};

export const lacksRoot = (chain: Chain, isRootOnly: IsRootOnly): boolean =>
  missingRootOf(chain, isRootOnly) !== undefined;

/** `missingIssuer`: what the server does not have, and what is no root of Microsoft's list as far as is known. */
export type ServerChain = Readonly<Chain & { missingIssuer?: string }>;

const issuerAbove = ({ certificates }: Chain): Pick<ServerChain, 'missingIssuer'> => {
  const top = certificates.at(-1);
  return top && !isSelfIssued(top) ? { missingIssuer: top.issuer } : {};
};

/**
 * What a chain becomes that lacks a root only: servers do not send roots, and clients have their own, so that nothing may be
 * wrong. Belief: Windows may not send the intermediates either where it cannot complete the chain from any of its stores.
 */
export const openAtRoot = (chain: Chain, isRootOnly: IsRootOnly, program: RootProgram | undefined): ServerChain => {
  const missing = missingRootOf(chain, isRootOnly);
  if (!missing) return { ...chain, ...issuerAbove(chain) };
  const { of, id, says, unlisted } = missing;
  const isListed = id !== undefined && program?.adds === true && program.holds?.(id) === true;
  const detail = isListed
    ? `${says}, and Windows adds this root of Microsoft's list when it first needs it`
    : `${says}${unlisted}`;
  const doubts = [{ possible: 'issuer-missing', certificate: of, detail }] as const;
  return { ...chain, flaws: [], doubts, ...(!isListed && issuerAbove(chain)) };
};
