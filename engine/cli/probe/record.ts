/** A look as JSON tells it. Times in milliseconds, moments in ISO 8601, UTC. */
import type { Judged } from '../../../checks/facts/certificate-verdicts.ts';
import type { Reading } from '../../model.ts';
import type { Look } from './look.ts';
import { shownIn } from './shown.ts';

const known = <T, U>(
  reading: Reading<T>,
  tell: (value: T) => U,
): U | { unknown: { reason: string; detail: string } } =>
  reading.known ? tell(reading.value) : { unknown: { reason: reading.reason, detail: reading.detail } };

const certificateOf = ({ certificate, endpoints, verdict }: Judged) => ({
  endpoints,
  subject: certificate.subject,
  issuer: certificate.issuer,
  names: [...certificate.dnsNames, ...certificate.addresses],
  notBefore: certificate.notBefore,
  notAfter: certificate.notAfter,
  sha256: certificate.sha256,
  sha1: certificate.thumbprint,
  chain: verdict.chain.map(({ subject, sha256 }) => ({ subject, sha256 })),
  outcome: verdict.outcome,
  code: verdict.code,
  alternatives: verdict.alternatives,
  problems: verdict.problems.map(({ kind, concern, code, certificate: { subject }, detail }) => ({
    ...{ kind, concern, code, subject, detail },
  })),
  open: verdict.open.map(({ concern, certificate: { subject }, detail }) => ({ concern, subject, detail })),
  weaknesses: verdict.weaknesses.map(({ certificate: { subject }, detail }) => ({ subject, detail })),
});

/** What JSON holds of one look. Fields are only ever added. */
export const recordOf = (look: Look) => ({
  target: look.name,
  endpoint: look.endpoint,
  startedAt: look.startedAt,
  tookMs: look.tookMs,
  addresses: known(look.addresses, ({ addresses, missing }) => ({ addresses, missing })),
  connections: known(look.connections, ({ tried }) =>
    tried.map(({ tls, ...rest }) => ({
      ...rest,
      ...(tls && { tls: { protocol: tls.protocol, cipher: tls.cipher, group: tls.group } }),
    })),
  ),
  certificates: known(look.verdicts, ({ judged }) => judged.map(certificateOf)),
  ...(look.versions && { versions: known(look.versions, (versions) => versions) }),
  shown: shownIn(look).map(({ at, prediction }) => ({ at, ...prediction })),
  results: look.results.map(({ check, status, findings, reason, detail }) => ({
    ...{ check, status, findings, reason, detail },
  })),
});
