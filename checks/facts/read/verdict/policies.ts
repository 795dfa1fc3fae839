import { id_ce_policyConstraints, PolicyConstraints } from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.ts';
import { extensionsOf } from '../parsed.ts';

/** Whether an authority demands policies of those below it, which are not evaluated here; true where that cannot be read. */
export const demandsPolicies = (authority: Certificate): boolean => {
  try {
    const constraints = extensionsOf(authority).read(id_ce_policyConstraints, PolicyConstraints);
    return constraints?.requireExplicitPolicy !== undefined;
  } catch {
    return true;
  }
};
