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

/** Deadline of a stage that is meant to pass, and of one that is not: a busy machine must not be taken for a slow peer. */
export const HASTY_MS = 1_500;
export const PATIENT_MS = 20_000;

export const probing = (endpoint: Endpoint, options: NetworkOptions = {}): Probe =>
  probeOver(network(endpoint, networkOf({ stageMs: PATIENT_MS, ...options })), endpoint);

/** One handshake with a server on loopback. */
export const handshakeWith = (
  server: Pick<Rras, 'port'>,
  until: 'tls' | 'sstp' = 'sstp',
  stageMs = PATIENT_MS,
): Promise<Handshake> => probing(endpointOf(server), { stageMs }).handshake('127.0.0.1', until);
