import { defineFact, type TlsVersion, type Trouble, Unknown } from '../../engine/define.ts';
import { type Attempt, inWords, REASONS, tlsAnswers } from './attempts.ts';
import suites from './read/cipher-suites.json' with { type: 'json' };

/** A protocol version at one address; `suites` by their names in the IANA registry, in the server's order. */
export type OfferedVersion = Readonly<{ version: TlsVersion; suites: readonly string[]; trouble?: Trouble }>;
export type OfferedVersions = Readonly<{ at: string; versions: readonly OfferedVersion[] }>;

const NAMES = new Map(Object.entries(suites));

/** Throws Unknown for a number that has no name here: what it is worth cannot be told. */
const nameOf = (suite: number): string => {
  const number = suite.toString(16).toUpperCase().padStart(4, '0');
  const name = NAMES.get(number);
  if (!name) throw new Unknown('unreadable', `the cipher suite 0x${number} is not known here`);
  return name;
};

/** An alert, or another version, says that the server does TLS, if not with this machine: the rest can be asked. */
const SPEAKS_TLS: readonly Trouble['kind'][] = ['alert', 'declined'];

const needTls = ({ at, trouble }: Attempt): void => {
  if (trouble && !SPEAKS_TLS.includes(trouble.kind))
    throw new Unknown(REASONS[trouble.kind], `TLS to ${at} failed: ${inWords(trouble)}`);
};

/** Of a version that could not be asked to the end nothing is known. */
const needWhole = ({ at, versions }: OfferedVersions): void => {
  const short = versions.find(({ trouble }) => trouble);
  if (short?.trouble)
    throw new Unknown(REASONS[short.trouble.kind], `${short.version} at ${at}: ${inWords(short.trouble)}`);
};

/** The versions and suites that the server accepts, at each address. Source: sstp-protocol 6. */
export const offeredVersions = defineFact<readonly OfferedVersions[]>({
  id: 'reach/offered-versions',
  vantage: 'network',
  async ask(probe, facts) {
    const attempts = await facts.need(tlsAnswers);
    attempts.forEach(needTls);
    const asked = attempts.map(async ({ at, handshake }) => {
      const offers = await probe.versions(handshake.address);
      return { at, versions: offers.map((offer) => ({ ...offer, suites: offer.suites.map(nameOf) })) };
    });
    const offered = await Promise.all(asked);
    offered.forEach(needWhole);
    return offered;
  },
});
