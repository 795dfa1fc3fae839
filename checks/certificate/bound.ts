import { inapplicable, unknown } from '../../engine/define.ts';
import type { Finding } from '../../engine/model.ts';
import type { Bound } from '../facts/bound-certificate.ts';
import type { StoredCertificate } from '../facts/certificate-stores.ts';

export { dayOf, titleOf } from '../facts/read/words.ts';

/** Why no question about a bound certificate makes sense. */
export const setAside = (bound: Exclude<Bound, { kind: 'bound' }>): readonly Finding[] => {
  switch (bound.kind) {
    case 'offloaded':
      return [inapplicable('TLS ends at a load balancer, which holds the certificate')];
    case 'unbound':
      return [inapplicable(`no certificate is bound to ${bound.endpoints.join(' or ')}`)];
  }
};

/**
 * What a check finds in the certificates that SSTP clients meet, as far as they are on the server. Of each that is not,
 * nothing is known: no check is to pass that did not look at all of them.
 */
export const judgeBound = (
  bound: Bound,
  judge: (stored: readonly StoredCertificate[]) => readonly Finding[],
): readonly Finding[] => {
  if (bound.kind !== 'bound') return setAside(bound);
  const stored = bound.certificates.flatMap((it) => it.stored ?? []);
  const unseen = bound.certificates.flatMap(({ hash, missing }) =>
    missing ? [unknown(missing.reason, missing.detail, { subject: hash })] : [],
  );
  return [...(stored.length > 0 ? judge(stored) : []), ...unseen];
};
