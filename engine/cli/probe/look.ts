/** One look at a server from outside: what was seen, and what the checks say of it. */
import { certificateVerdicts } from '../../../checks/facts/certificate-verdicts.ts';
import { connections, dialledAddresses } from '../../../checks/facts/connections.ts';
import { offeredVersions } from '../../../checks/facts/offered-versions.ts';
import certificateName from '../../../checks/reach/certificate-name.ts';
import certificateTrust from '../../../checks/reach/certificate-trust.ts';
import revocation from '../../../checks/reach/revocation.ts';
import sstp from '../../../checks/reach/sstp.ts';
import tcp from '../../../checks/reach/tcp.ts';
import tls from '../../../checks/reach/tls.ts';
import type { Check, Fact, Values } from '../../define.ts';
import { closeAll, gather, type Ways } from '../../gather.ts';
import { judge } from '../../judge.ts';
import type { Reading, Result } from '../../model.ts';
import type { Endpoint } from '../../probe/seen.ts';
import { msSince } from '../../since.ts';
import { nameOf } from '../outside.ts';

type Known<F extends Fact<unknown>> = Reading<Values<{ one: F }>['one']>;

export type Look = Readonly<{
  /** `host`, or `host:port` where the port is not 443. */
  name: string;
  endpoint: Endpoint;
  startedAt: Date;
  tookMs: number;
  /** How long the name took. */
  nameMs: number;
  addresses: Known<typeof dialledAddresses>;
  connections: Known<typeof connections>;
  verdicts: Known<typeof certificateVerdicts>;
  /** Only where they were asked for. */
  versions?: Known<typeof offeredVersions>;
  results: readonly Result[];
}>;

/** The stages that a client goes through, in its order. */
const CHECKS: readonly Check[] = [tcp, tls, certificateTrust, certificateName, revocation, sstp];

/** What a client needs of the last of them. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [sstp.id]: { requiredHashes: [], forbiddenHashes: [] },
};

const SEEN: readonly Fact<unknown>[] = [dialledAddresses, connections, certificateVerdicts];

type Options = Readonly<{ versions: boolean; signal: AbortSignal }>;

/** Looks, and closes the way. Never throws for what the world does. */
export const lookAt = async (network: NonNullable<Ways['network']>, { versions, signal }: Options): Promise<Look> => {
  const startedAt = new Date();
  const needed = CHECKS.flatMap(({ needs }) => Object.values(needs));
  const facts = new Set([...SEEN, ...needed, ...(versions ? [offeredVersions] : [])]);
  const { readingOf, evidence } = await gather({ network }, facts, { signal, keep: async () => {} });
  await closeAll({ network });
  const name = nameOf(network.endpoint);
  return {
    name,
    endpoint: network.endpoint,
    startedAt,
    tookMs: msSince(startedAt.getTime()),
    nameMs: evidence.find(({ command }) => command.startsWith('probe resolve '))?.tookMs ?? 0,
    addresses: readingOf(dialledAddresses),
    connections: readingOf(connections),
    verdicts: readingOf(certificateVerdicts),
    ...(versions && { versions: readingOf(offeredVersions) }),
    results: CHECKS.map((check) =>
      judge({ check, expected: EXPECTED[check.id] ?? {}, severity: check.severity }, readingOf, name),
    ),
  };
};
