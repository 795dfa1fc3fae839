/**
 * Looks at servers from outside with the probe alone, as lean as it gets: `look.ts sstp|versions HOST:PORT...`.
 * Prints one line for each, and ends with 0 when every server acknowledged the call, or offered a version.
 */
import pLimit from 'p-limit';
import { LIMITS } from '../../engine/limits.ts';
import { network, networkOf } from '../../engine/probe/network.ts';
import { probeFor } from '../../engine/probe/probe.ts';
import type { Endpoint } from '../../engine/probe/seen.ts';

const { signal } = new AbortController();
const shared = networkOf();
const limit = pLimit(LIMITS.probesAtATime);

const probeOf = (endpoint: Endpoint) => {
  const transport = network(endpoint, shared);
  return probeFor(endpoint, async (command) => {
    const [answer] = await transport.exchange([command], { signal });
    if (!answer || answer.missing) throw new Error(answer?.missing?.detail ?? 'no answer');
    return { ...answer, id: 'n001' };
  });
};

const LOOKS: Readonly<
  Record<string, (host: string, port: number) => Promise<readonly [line: string, isGood: boolean]>>
> = {
  sstp: async (host, port) => {
    const { sstp, tls } = await probeOf({ host, port, serverName: 'vpn.example.com' }).handshake(host, 'sstp');
    return [`${host} ${sstp?.message} ${tls?.certificates.length} certificates`, sstp?.message === 'CALL_CONNECT_ACK'];
  },
  versions: async (host, port) => {
    const offers = await probeOf({ host, port, serverName: 'vpn.example.com' }).versions(host);
    const said = offers
      .map(({ version, suites, trouble }) => `${version}: ${trouble?.kind ?? suites.length}`)
      .join(', ');
    return [
      `${host} ${said}`,
      offers.every(({ trouble }) => !trouble) && offers.some(({ suites }) => suites.length > 0),
    ];
  },
};

const [kind = '', ...places] = process.argv.slice(2);
const look = LOOKS[kind];
if (!look) throw new Error(`there is no way of looking that is named ${kind}`);
const seen = await Promise.all(
  places.map((place) =>
    limit(() => {
      const [host = '', port = ''] = place.split(':');
      return look(host, Number(port));
    }),
  ),
);
for (const [line] of seen) console.log(line);
process.exitCode = seen.every(([, isGood]) => isGood) ? 0 : 1;
