import { inapplicable } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import type { Bound } from '../facts/bound-certificate.ts';
import type { StoredCertificate } from '../facts/certificate-stores.ts';

export { dayOf, titleOf } from '../facts/read/words.ts';

/** The certificates that SSTP clients meet and that are on the server. */
export const storedOf = (bound: Bound): readonly StoredCertificate[] =>
  bound.kind === 'bound' ? bound.certificates.flatMap(({ stored }) => stored ?? []) : [];

/** Why no question about the bound certificate makes sense, or `undefined` where there is one on the server. */
export const setAside = (bound: Bound): readonly Finding[] | undefined => {
  switch (bound.kind) {
    case 'offloaded':
      return [inapplicable('TLS ends at a load balancer, which holds the certificate')];
    case 'unbound':
      return [inapplicable(`no certificate is bound to ${bound.endpoints.join(' or ')}`)];
    case 'bound':
      return storedOf(bound).length > 0
        ? undefined
        : bound.certificates.map(({ hash }) =>
            inapplicable(`the bound certificate ${hash} is not in LocalMachine\\My, so nothing is known about it`),
          );
  }
};
