import { defineFact } from '../../engine/define.ts';
import type { Ignorance } from '../../engine/model.ts';
import { type Bound, boundCertificate } from './bound-certificate.ts';
import type { Certificate } from './read/certificate.ts';
import { goesWith, isOff, suitesOf } from './read/suite-names.ts';
import { PROTOCOLS, type Protocol, tlsDefaults } from './read/tls-defaults.ts';
import { titleOf } from './read/words.ts';
import { type CipherSuites, cipherSuites } from './schannel.ts';
import { windowsBuild } from './windows-build.ts';

/** Why no client can use a protocol, even where it is on. `isForeign`: this Windows has none of the suites in its list. */
export type Gap = Readonly<{ why: string; isForeign: boolean }>;

/** Protocols for which there is no suite, or why that is not known. */
export type ProtocolSuites = Readonly<{ missing: Ignorance } | { gaps: Readonly<Partial<Record<Protocol, Gap>>> }>;

/** The certificates that clients meet, or why one of them cannot be looked at. */
const certificatesOf = (bound: Bound): readonly Certificate[] | Ignorance => {
  if (bound.kind !== 'bound') return [];
  const missing = bound.certificates.find((it) => it.missing)?.missing;
  return missing ?? bound.certificates.flatMap(({ stored }) => stored?.certificate ?? []);
};

const isWhole = (found: readonly Certificate[] | Ignorance): found is readonly Certificate[] => !('reason' in found);

/** Why a protocol has no suite that a client could agree on, or `undefined`. */
const whyNone = (
  protocol: Protocol,
  { suites, by, off }: CipherSuites,
  certificates: readonly Certificate[],
): string | undefined => {
  const own = suitesOf(protocol, suites);
  if (!own) return;
  if (own.length === 0) return `none of the ${suites.length} suites (${by}) is one of ${protocol}`;
  // What the switches do to TLS 1.3 is not known.
  const on = protocol === 'TLS 1.3' ? own : own.filter((suite) => !isOff(suite, off));
  const all = `its ${own.length} suites (${by})`;
  if (on.length === 0) return `of all ${all} the cipher, the key exchange or the hash is off`;
  const stranger = certificates.find((certificate) => !on.some((suite) => goesWith(suite, certificate)));
  return stranger && `none of ${all} goes with the ${stranger.key.type} key of ${titleOf(stranger)}`;
};

/**
 * Whether each protocol has a cipher suite that the certificate of SSTP goes with: Schannel agrees on nothing else, however
 * a protocol is switched. Sources: windows-facts 11.2; RFC 5246 and 8446 for what goes with what.
 */
export const protocolSuites = defineFact<ProtocolSuites>({
  id: 'tls/protocol-suites',
  vantage: 'server',
  right: 'read HKLM (any user), administrator for HTTP.sys settings',
  async ask(_$, facts) {
    const [build, order, bound] = await Promise.all([
      facts.need(windowsBuild),
      facts.read(cipherSuites),
      facts.read(boundCertificate),
    ]);
    if (!order.known) return { missing: { reason: order.reason, detail: order.detail } };
    if (!bound.known) return { missing: { reason: bound.reason, detail: bound.detail } };
    const certificates = certificatesOf(bound.value);
    if (!isWhole(certificates)) return { missing: certificates };
    const isForeign =
      tlsDefaults(build)?.['TLS 1.3'] === 'none' &&
      suitesOf('TLS 1.3', order.value.suites)?.length === order.value.suites.length;
    const gaps = PROTOCOLS.flatMap((protocol) => {
      const why = whyNone(protocol, order.value, certificates);
      return why ? [[protocol, { why, isForeign }] as const] : [];
    });
    return { gaps: Object.fromEntries(gaps) };
  },
});
