import { accepted, refused, unknown } from './variants-chain.ts';
import { ocsp } from './variants-ocsp.ts';
import { revocation } from './variants-revocation.ts';
import { together } from './variants-together.ts';

/** Every variant. */
export const variants = [...accepted, ...refused, ...unknown, ...revocation, ...ocsp, ...together];
