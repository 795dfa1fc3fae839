/** Puts questions to the live transport, and reads its answers as a fact does: from the bytes of the evidence. */
import { type NetworkOptions, network, networkOf } from '../../engine/probe/network.ts';
import { probeFor } from '../../engine/probe/probe.ts';
import type { Endpoint, Handshake, Probe } from '../../engine/probe/seen.ts';
import type { Answer, Transport } from '../../engine/transports/transport.ts';
import type { Rras } from './rras.ts';

const { signal } = new AbortController();

export const asked = async (transport: Transport, command: string): Promise<Answer> => {
  const [answer] = await transport.exchange([command], { signal });
  if (!answer) throw new Error('no answer');
  return answer;
};

/** A probe over a transport; an answer that is not whole throws its reason. */
export const probeOver = (transport: Transport, endpoint: Endpoint): Probe =>
  probeFor(endpoint, async (command) => {
    const answer = await asked(transport, command);
    if (answer.missing) throw new Error(`${answer.missing.reason}: ${answer.missing.detail}`);
    return { ...answer, id: 'n001' };
  });

export const endpointOf = ({ port }: { port: number }, more: Partial<Endpoint> = {}): Endpoint => ({
  host: 'vpn.example.com',
  port,
  serverName: 'vpn.example.com',
  ...more,
});

/** Everything that may go wrong takes this long at most; far above what loopback needs, far below what tests wait. */
export const STAGE_MS = 700;

export const probing = (endpoint: Endpoint, options: NetworkOptions = {}): Probe =>
  probeOver(network(endpoint, networkOf({ stageMs: STAGE_MS, ...options })), endpoint);

/** One handshake with a server on loopback. */
export const handshakeWith = (server: Pick<Rras, 'port'>, until: 'tls' | 'sstp' = 'sstp'): Promise<Handshake> =>
  probing(endpointOf(server)).handshake('127.0.0.1', until);
