import { AuthorityKeyIdentifier, id_ce_authorityKeyIdentifier } from '@peculiar/asn1-x509';
import { hexOf } from './read/bytes.ts';
import type { Certificate } from './read/certificate.ts';
import type { Chain } from './read/chain.ts';
import { extensionsOf } from './read/parsed.ts';
import type { RootProgram } from './root-program.ts';

/** The identifier of the issuer's key, as the certificate has it. */
const issuerKeyOf = (certificate: Certificate): string | undefined => {
  try {
    const { keyIdentifier } =
      extensionsOf(certificate).read(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier) ?? {};
    return keyIdentifier && hexOf(new Uint8Array(keyIdentifier.buffer));
  } catch {
    return undefined;
  }
};

type Missing = Readonly<{ of: Certificate; id: string; says: string }>;

/** The root that a chain lacks, where it lacks nothing else. The issuer of the server's own certificate is no root here. */
const missingRootOf = ({ certificates: [leaf], flaws }: Chain): Missing | undefined => {
  const [flaw] = flaws;
  if (!flaw || flaws.length > 1 || flaw.certificate === leaf) return;
  const { kind, certificate: of } = flaw;
  if (kind === 'untrusted-root')
    return { of, id: of.thumbprint, says: "it is not among the server's trusted roots, and" };
  const id = kind === 'issuer-missing' ? issuerKeyOf(of) : undefined;
  return id === undefined
    ? undefined
    : { of, id, says: `its issuer ${of.issuer} is in none of the server's stores, and` };
};

export const lacksRoot = (chain: Chain): boolean => missingRootOf(chain) !== undefined;

/**
 * What a chain becomes where Windows adds its root when it first needs it: servers do not send roots, and clients have their
 * own, so that nothing may be wrong.
 */
export const openIfListed = (chain: Chain, { adds, holds }: RootProgram): Chain => {
  const missing = missingRootOf(chain);
  if (!missing || !adds || !holds?.(missing.id)) return chain;
  const detail = `${missing.says} Windows adds this root of Microsoft's list when it first needs it`;
  return { ...chain, flaws: [], doubts: [{ possible: 'issuer-missing', certificate: missing.of, detail }] };
};
