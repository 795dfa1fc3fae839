import {
  defineFact,
  type Handshake,
  type Resolved,
  type Stage,
  type Step,
  type Trouble,
  Unknown,
} from '../../engine/define.ts';
import type { Reason } from '../../engine/model.ts';
import { type Connections, connections } from './connections.ts';

/** A stage of one connection. `at` is the address with its port, as a URL writes it. */
export type Attempt = Readonly<{ at: string; tookMs: number; trouble?: Trouble; handshake: Handshake }>;

/** How the port answered at each address, or that the dialled name does not exist. */
export type PortAnswers = Readonly<{ missing: string } | { attempts: readonly Attempt[] }>;

/** What a stage is called, and what went wrong with it. */
const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  proxy: 'the connection to the proxy',
  tcp: 'TCP',
  tls: 'TLS',
  http: 'the HTTP request',
  sstp: 'the SSTP call',
};

/** Why something is not known that lies behind a trouble. */
export const REASONS: Readonly<Record<Trouble['kind'], Reason>> = {
  refused: 'refused',
  reset: 'refused',
  closed: 'refused',
  declined: 'refused',
  alert: 'refused',
  'timed-out': 'timed-out',
  unreachable: 'unreachable',
  garbage: 'unreadable',
  'too-large': 'truncated',
};

/** What a trouble is, in a few words. */
export const IN_WORDS: Readonly<Record<Trouble['kind'], string>> = {
  refused: 'the connection is refused',
  reset: 'the connection is reset',
  closed: 'the connection is closed',
  'timed-out': 'nothing comes in time',
  unreachable: 'there is no way there from this machine',
  alert: 'the server ends TLS',
  garbage: 'what comes makes no sense',
  'too-large': 'too much comes',
  declined: 'the server declines',
};

/** A trouble as it reads in a sentence: what it is, and how it was noticed. */
export const inWords = ({ kind, detail }: Trouble): string => `${IN_WORDS[kind]} (${detail})`;

/** An address with its port. */
export const endpointOf = ({ address, port }: Handshake): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;

/** What says nothing about the server: a proxy in between, or no way out of this machine. */
const isOurs = ({ stage, trouble }: Step): boolean => stage === 'proxy' || trouble?.kind === 'unreachable';

const stepOf = ({ steps }: Handshake, stage: Stage): Step | undefined => {
  const step = steps.find((it) => it.stage === stage);
  return step?.trouble && isOurs(step) ? undefined : step;
};

/** Why a connection did not come as far as a stage. */
const shortfall = (handshake: Handshake): Unknown => {
  const { stage, trouble } = handshake.steps.find((step) => step.trouble) ?? {};
  const at = endpointOf(handshake);
  if (!stage || !trouble) return new Unknown('not-recorded', `the connection to ${at} was not taken so far`);
  return new Unknown(REASONS[trouble.kind], `${STAGE_NAMES[stage]} to ${at} failed: ${inWords(trouble)}`);
};

/** Why nothing is known of an address, where that is not the server's doing. */
export const unseenIn = ({ tried }: Connections): Unknown | undefined => {
  const unseen = tried.find(({ steps }) => steps.some((step) => step.trouble && isOurs(step)));
  return unseen && shortfall(unseen);
};

const missingIn = ({ name, missing = 'the name has no address' }: Resolved): string => `${name}: ${missing}`;

/** Why no connection came as far as was needed. */
export const nowhere = ({ name, tried: [first] }: Connections): Unknown =>
  first ? shortfall(first) : new Unknown('unreachable', missingIn(name));

/** What was met at some addresses. One wrong thing is enough to know; all being right is not while an address was unseen. */
export const settled = <T>(
  met: readonly T[],
  isWrong: (one: T) => boolean,
  unseen: Unknown | undefined,
): readonly T[] => {
  if (unseen && !met.some(isWrong)) throw unseen;
  return met;
};

/**
 * One stage of every connection. Throws Unknown where a connection ended before it, unless the stage itself failed
 * elsewhere: one failure is enough to know, one success is not.
 */
const attemptsAt = ({ name, tried }: Connections, stage: Stage): readonly Attempt[] => {
  if (tried.length === 0) throw nowhere({ name, tried });
  const attempts = tried.flatMap((handshake): readonly Attempt[] => {
    const { tookMs, trouble } = stepOf(handshake, stage) ?? {};
    if (tookMs === undefined) return [];
    return [{ at: endpointOf(handshake), tookMs, handshake, ...(trouble && { trouble }) }];
  });
  const short = tried.find((handshake) => !stepOf(handshake, stage));
  if (short && !attempts.some(({ trouble }) => trouble)) throw shortfall(short);
  return attempts;
};

/** Whether the port answers, at each address. Source: KB947031 situation 8, step 11. */
export const portAnswers = defineFact<PortAnswers>({
  id: 'reach/port-answers',
  vantage: 'network',
  async ask(_probe, facts) {
    const { name, tried } = await facts.need(connections);
    return tried.length === 0 ? { missing: missingIn(name) } : { attempts: attemptsAt({ name, tried }, 'tcp') };
  },
});

/** Whether TLS comes about, at each address. */
export const tlsAnswers = defineFact<readonly Attempt[]>({
  id: 'reach/tls-answers',
  vantage: 'network',
  ask: async (_probe, facts) => attemptsAt(await facts.need(connections), 'tls'),
});

/** The one connection on which SSTP was tried; `unasked`: other addresses at which TLS came about, too. */
export type SstpAnswer = Readonly<Attempt & { unasked: readonly string[] }>;

/** What became of the one call. Source: sstp-protocol 1.1 and 2. */
export const sstpAnswer = defineFact<SstpAnswer>({
  id: 'reach/sstp-answer',
  vantage: 'network',
  async ask(_probe, facts) {
    const { name, tried } = await facts.need(connections);
    const handshake = tried.find(({ steps }) => steps.some(({ stage }) => stage === 'http'));
    const last = handshake?.steps.at(-1);
    if (!handshake || !last) throw nowhere({ name, tried });
    if (isOurs(last)) throw shortfall(handshake);
    const unasked = tried.filter((other) => other !== handshake && other.tls).map(endpointOf);
    return { at: endpointOf(handshake), handshake, ...last, unasked };
  },
});
