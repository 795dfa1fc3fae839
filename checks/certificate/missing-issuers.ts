import { unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import type { ServerChain } from '../facts/missing-root.ts';

/** No check of all issuers passes without those that the server does not have. */
export const missingIssuersIn = (chains: readonly ServerChain[]): readonly Finding[] =>
  [...new Set(chains.flatMap(({ missingIssuer }) => missingIssuer ?? []))].map((issuer) =>
    unknown('absent', 'its certificate is not on the server, and so was not looked at', { subject: issuer }),
  );
