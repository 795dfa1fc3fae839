/** The TCP connection to a server, through a proxy where there is one. */
import net, { isIP } from 'node:net';
import { type Ear, earOn } from './ear.ts';
import { headIn } from './head.ts';
import { type Journey, timed } from './journey.ts';
import { gone } from './leave.ts';
import { awaited, lasting, type Patience, seconds } from './patience.ts';
import type { Resolve } from './resolve.ts';
import type { Endpoint } from './seen.ts';
import { printable, troubleOf, type Went } from './trouble.ts';

/** An open connection. `from`: where in what was heard the server's own words begin, behind those of a proxy. */
export type Line = Readonly<{ socket: net.Socket; ear: Ear; from: number }>;

/** No connection: the journey ended before. `raw` is what a proxy said in place of consent. */
export type NoLine = Readonly<{ raw?: Uint8Array }>;

/** What a connection needs to know of its surroundings. */
export type Around = Readonly<{ patience: Patience; resolve: Resolve }>;

const connect = (host: string, port: number, patience: Patience): Promise<Went<Line>> => {
  // Half-open, so that a Call Abort can still be sent to a server that has stopped talking.
  const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
  const ear = earOn(socket);
  return awaited<Line>(
    (report) => {
      const done = (): void => report({ value: { socket, ear, from: 0 } });
      const fail = (error: NodeJS.ErrnoException): void => report({ trouble: troubleOf(error) });
      socket.once('connect', done).once('error', fail);
      return () => {
        socket.off('connect', done).off('error', fail);
        if (socket.connecting) socket.destroy();
      };
    },
    patience,
    () => `no answer within ${seconds(patience)}`,
  );
};

/** What DNS gives in place of an address where a filter blocks the name: dialled, it leads to this machine. */
const BLOCKED: readonly string[] = ['0.0.0.0', '::'];

const connectTo = async (address: string, port: number, patience: Patience): Promise<Went<Line>> =>
  BLOCKED.includes(address)
    ? { trouble: { kind: 'unreachable', detail: `${address} is no machine: DNS blocks the name here` } }
    : connect(address, port, patience);

const authority = (address: string, port: number): string =>
  isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;

/** What a proxy says to CONNECT: the length of its head when it agrees. */
const consentIn = (kept: Buffer): Went<number> | undefined => {
  const head = headIn(kept);
  if (head === undefined || 'trouble' in head) return head;
  const { status, reason } = head.value;
  if (status >= 200 && status < 300) return { value: head.end };
  return { trouble: { kind: 'declined', detail: `the proxy answered HTTP ${status} ${printable(reason)}`.trimEnd() } };
};

const toProxy = async (proxy: string, { patience, resolve }: Around): Promise<Went<Line>> => {
  const { hostname, port } = new URL(`http://${proxy}`);
  const left = lasting(patience);
  const resolved = await resolve(hostname.replace(/^\[(.*)\]$/, '$1'), patience.signal);
  if ('reason' in resolved)
    return {
      trouble: { kind: resolved.reason === 'timed-out' ? 'timed-out' : 'unreachable', detail: resolved.detail },
    };
  const [address] = resolved.addresses;
  if (address === undefined)
    return { trouble: { kind: 'unreachable', detail: `the proxy's name does not resolve: ${resolved.missing}` } };
  return connect(address, Number(port || 80), left());
};

/** The proxy makes the connection: its answer is the step tcp, and all that goes wrong before is its own trouble. */
const throughProxy = async (
  target: string,
  proxy: string,
  around: Around,
  journey: Journey,
): Promise<Line | NoLine> => {
  const left = lasting(around.patience);
  const [reached, reachedMs] = await timed(() => toProxy(proxy, around));
  if ('trouble' in reached) {
    journey.note('proxy', reachedMs, reached);
    return {};
  }
  const { socket, ear } = reached.value;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [answered, answeredMs] = await timed(() => ear.until(0, consentIn, left()));
  if ('trouble' in answered) {
    journey.note('proxy', reachedMs + answeredMs, answered);
    await gone(socket);
    return ear.kept().length > 0 ? { raw: ear.kept() } : {};
  }
  journey.note('proxy', reachedMs, reached);
  journey.note('tcp', answeredMs, answered);
  return { socket, ear, from: answered.value };
};

/** Opens a connection to an address. With a proxy, which resolves by itself, a name may stand in place of the address. */
export const dial = async (
  address: string,
  { port, proxy }: Endpoint,
  around: Around,
  journey: Journey,
): Promise<Line | NoLine> => {
  if (proxy !== undefined) return throughProxy(authority(address, port), proxy, around, journey);
  if (!isIP(address)) throw new Error(`${address} is dialled before it is resolved`);
  return (await journey.take('tcp', () => connectTo(address, port, around.patience))) ?? {};
};
