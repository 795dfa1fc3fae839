import { accepted, refused, unknown } from './variants-chain.ts';
import { revocation } from './variants-revocation.ts';
import { together } from './variants-together.ts';

/** Every variant. */
export const variants = [...accepted, ...refused, ...unknown, ...revocation, ...together];
