import { defineFact, type Facts } from '../../engine/define.ts';
import type { Ignorance, Reading } from '../../engine/model.ts';
import { type Bound, boundCertificate, metCertificates } from './bound-certificate.ts';
import { FIPS_QUESTIONS } from './fips-mode.ts';
import { leavesModernOnly } from './read/binding.ts';
import type { Certificate } from './read/certificate.ts';
import { type Gap, keyGapOf } from './read/key-gap.ts';
import { goesWith, hasSuite, isApproved, isModern, isOff, SERVER_2016, suitesOf } from './read/suite-names.ts';
import { PROTOCOLS, type Protocol } from './read/tls-defaults.ts';
import { titleOf } from './read/words.ts';
import { type CipherSuites, cipherSuites } from './schannel.ts';
import { sentIssuers } from './sent-issuers.ts';
import { rareSignatureOf, SIGNATURE_QUESTIONS, signatureAlgorithms } from './signature-algorithms.ts';
import { windowsBuild } from './windows-build.ts';
import { withheldProtocols } from './withheld-protocols.ts';

/** Protocols for which there is no suite, or why that is not known. */
export type ProtocolSuites = Readonly<{ missing: Ignorance } | { gaps: Readonly<Partial<Record<Protocol, Gap>>> }>;

/** The certificates that clients meet, or why one of them cannot be looked at. */
const certificatesOf = (bound: Bound): readonly Certificate[] | Ignorance => {
  if (bound.kind !== 'bound') return [];
  const missing = bound.certificates.find((it) => it.missing)?.missing;
  return missing ?? metCertificates(bound);
};

const isWhole = (found: readonly Certificate[] | Ignorance): found is readonly Certificate[] => !('reason' in found);

/** `modernOnly`: a binding of SSTP leaves no others to its clients; `approvedOnly`: FIPS mode does. */
type Order = CipherSuites & Readonly<{ modernOnly: boolean; approvedOnly: boolean }>;

/** Why a protocol has no suite that a client could agree on, or `undefined`. */
const whyNone = (
  protocol: Protocol,
  { suites, by, off, modernOnly, approvedOnly }: Order,
  certificates: readonly Certificate[],
): string | undefined => {
  const own = suitesOf(protocol, suites);
  if (!own) return;
  if (own.length === 0) return `none of the ${suites.length} suites (${by}) is one of ${protocol}`;
  // What the switches do to TLS 1.3 is not known.
  const on = protocol === 'TLS 1.3' ? own : own.filter((suite) => !isOff(suite, off));
  const all = `its ${own.length} suites (${by})`;
  if (on.length === 0) return `of all ${all} the cipher, the key exchange or the hash is off`;
  const approved = approvedOnly ? on.filter(isApproved) : on;
  if (approved.length === 0) return `FIPS mode withholds ${all}`;
  const left = modernOnly ? approved.filter(isModern) : approved;
  if (left.length === 0) return `a certificate binding withholds ${all}: Disable Legacy TLS Versions`;
  const stranger = certificates.find((certificate) => !left.some((suite) => goesWith(suite, certificate)));
  return stranger && `none of ${all} goes with the ${stranger.key.type} key of ${titleOf(stranger)}`;
};

/** Suites that Windows knows by the name that is listed. */
const ownOf = ({ suites, spaced }: Order, build: number): readonly string[] =>
  suites.filter((suite) => hasSuite(build, suite) && !spaced.includes(suite));

/** What Windows does with suites that it does not have, or that have blanks beside them, is not known where it needs them. */
const gapOf = (
  protocol: Protocol,
  order: Order,
  certificates: readonly Certificate[],
  build: number,
): Gap | undefined => {
  const why = whyNone(protocol, order, certificates);
  const own = ownOf(order, build);
  if (why && own.length > 0) return { why };
  const foreign = order.suites.find((suite) => !own.includes(suite));
  if (foreign !== undefined && (why || whyNone(protocol, { ...order, suites: own }, certificates))) {
    const { length } = order.suites;
    const are = order.spaced.includes(foreign) ? 'have blanks beside them' : `are none of build ${build} of Windows`;
    return {
      why: `${length - own.length} of ${length} suites (${order.by}), such as ${foreign}, ${are}`,
      open: 'what it does with them is not known',
    };
  }
  const chosen = build < SERVER_2016 ? undefined : order.curves;
  return certificates.map((certificate) => keyGapOf(certificate, chosen)).find((gap) => gap !== undefined);
};

/** Why a protocol may have no suite, where it is not known whether FIPS mode withholds some; or `undefined`. */
const fipsGapOf = (
  protocol: Protocol,
  order: Order,
  certificates: readonly Certificate[],
  build: number,
  { detail }: Ignorance,
): Gap | undefined => {
  const why = whyNone(protocol, { ...order, suites: ownOf(order, build), approvedOnly: true }, certificates);
  return why === undefined ? undefined : { why, open: `whether that is on is not known: ${detail}` };
};

/**
 * Why TLS 1.2 may be of no use with a certificate, or `undefined`: both sides name the signatures that they take, on every
 * certificate that is sent. Source: learn.microsoft.com, "TLS 1.2 handshake failure", of an issuer's.
 */
const signatureGapOf = async (
  certificates: readonly Certificate[],
  issuers: Reading<readonly Certificate[]>,
  facts: Facts,
): Promise<Gap | undefined> => {
  const sent = [...certificates, ...(issuers.known ? issuers.value : [])];
  const rare = sent.find(rareSignatureOf);
  if (!rare && !issuers.known && certificates.length > 0)
    return {
      why: 'the server sends issuers along with its certificate',
      open: `whether Windows takes how they are signed is not known: ${issuers.detail}`,
    };
  const signature = rare && rareSignatureOf(rare);
  if (!signature) return;
  const taken = await facts.read(signatureAlgorithms);
  const why = `${titleOf(rare)} is signed with ${signature}`;
  if (!taken.known) return { why, open: `whether Windows takes that is not known: ${taken.detail}` };
  return taken.value.some((name) => name.toUpperCase() === signature)
    ? undefined
    : {
        why: `${why}, which is none of the signatures that are on (${taken.value.join(', ')})`,
        open: `whether clients get TLS 1.2 with it is not known${/^(?:RSA|ECDSA).SHA512$/.test(signature) ? '; before Server 2016 Windows needs update KB2973337 for it' : ''}`,
      };
};

/**
 * Whether each protocol has a cipher suite that the certificate of SSTP goes with: Schannel agrees on nothing else, however
 * a protocol is switched. Sources: windows-facts 11.2; RFC 5246 and 8446 for what goes with what.
 */
export const protocolSuites = defineFact<ProtocolSuites>({
  id: 'tls/protocol-suites',
  vantage: 'server',
  right: 'read HKLM (any user), administrator for HTTP.sys settings',
  mayAsk: [...FIPS_QUESTIONS, ...SIGNATURE_QUESTIONS],
  async ask(_$, facts) {
    const [build, suites, bound, issuers, { somewhere }] = await Promise.all([
      facts.need(windowsBuild),
      facts.read(cipherSuites),
      facts.read(boundCertificate),
      facts.read(sentIssuers),
      facts.need(withheldProtocols),
    ]);
    if (!suites.known) return { missing: { reason: suites.reason, detail: suites.detail } };
    if (!bound.known) return { missing: { reason: bound.reason, detail: bound.detail } };
    const certificates = certificatesOf(bound.value);
    if (!isWhole(certificates)) return { missing: certificates };
    const { fips } = suites.value;
    const order = {
      ...suites.value,
      modernOnly: leavesModernOnly(Object.keys(somewhere)),
      approvedOnly: fips?.known === true && fips.value,
    };
    const signature = await signatureGapOf(certificates, issuers, facts);
    const gaps = PROTOCOLS.flatMap((protocol) => {
      const gap =
        gapOf(protocol, order, certificates, build) ??
        (fips?.known === false ? fipsGapOf(protocol, order, certificates, build, fips) : undefined) ??
        (protocol === 'TLS 1.2' ? signature : undefined);
      return gap ? [[protocol, gap] as const] : [];
    });
    return { gaps: Object.fromEntries(gaps) };
  },
});
