import { ARTICLE } from './client-codes/article.ts';
import { CERTIFICATES } from './client-codes/certificates.ts';
import type { ClientCode } from './client-codes/client-code.ts';
import { CONNECTION } from './client-codes/connection.ts';
import { EAP } from './client-codes/eap.ts';
import { NETWORK } from './client-codes/network.ts';
import { OTHER_TUNNELS } from './client-codes/other-tunnels.ts';
import { SIGN_IN } from './client-codes/sign-in.ts';

export type { ClientCode };

/** Every code that is known here, those of KB947031 first. */
export const CLIENT_CODES: readonly ClientCode[] = [
  ...ARTICLE,
  ...CERTIFICATES,
  ...NETWORK,
  ...CONNECTION,
  ...SIGN_IN,
  ...EAP,
  ...OTHER_TUNNELS,
];
