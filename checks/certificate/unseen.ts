import { unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import type { ServerChain } from '../facts/missing-root.ts';

/** Issuers that were not looked at, as the server does not have them: no check of all issuers is to pass without them. */
export const unseenIn = (chains: readonly ServerChain[]): readonly Finding[] =>
  [...new Set(chains.flatMap(({ unseen }) => unseen ?? []))].map((issuer) =>
    unknown('absent', 'its certificate is not on the server, and so was not looked at', { subject: issuer }),
  );
