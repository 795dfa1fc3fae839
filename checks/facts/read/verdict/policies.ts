import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { PolicyConstraints } from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.ts';
import { parsedOf } from '../parsed.ts';

const POLICY_CONSTRAINTS = '2.5.29.36';

/** Whether an authority demands policies of those below it, which are not evaluated here; true where that cannot be read. */
export const demandsPolicies = (authority: Certificate): boolean => {
  const value = parsedOf(authority).extensions.find(({ type }) => type === POLICY_CONSTRAINTS)?.value;
  if (!value) return false;
  try {
    return AsnConvert.parse(value, PolicyConstraints).requireExplicitPolicy !== undefined;
  } catch {
    return true;
  }
};
