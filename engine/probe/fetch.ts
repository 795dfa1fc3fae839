/** Lists, certificates and OCSP answers over plain http, from addresses that a hostile certificate may not abuse. */
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import net, { type Socket } from 'node:net';
import { LIMITS } from '../limits.ts';
import { classOf } from './addresses.ts';
import { awaited, lasting, type Patience, seconds } from './patience.ts';
import type { Resolve } from './resolve.ts';
import type { Fetched, Trouble } from './seen.ts';
import { printable, troubleOf, type Went } from './trouble.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Outcome = Readonly<{ body: Bytes } | Extract<Fetched, { trouble: unknown }>['trouble']>;

export type FetchOptions = Readonly<{
  resolve: Resolve;
  /** Private and loopback addresses may be asked. */
  allowPrivate: boolean;
}>;

/** Gets an http URL, or posts an OCSP request to it. No redirect is followed. */
export const fetchOnce = async (
  url: string,
  request: Bytes | undefined,
  options: FetchOptions,
  patience: Patience,
): Promise<Fetched> => {
  const outcome = await outcomeOf(url, request, options, patience);
  return 'body' in outcome ? { url, body: outcome.body } : { url, trouble: outcome };
};

const outcomeOf = async (
  url: string,
  request: Bytes | undefined,
  options: FetchOptions,
  patience: Patience,
): Promise<Outcome> => {
  if (!URL.canParse(url)) return { kind: 'forbidden', detail: 'this is no URL' };
  const where = new URL(url);
  if (where.protocol !== 'http:') return { kind: 'forbidden', detail: 'only http is fetched' };
  if (where.username || where.password) return { kind: 'forbidden', detail: 'the URL holds a user name or a password' };
  const left = lasting(patience);
  const addresses = await addressesOf(where.hostname.replace(/^\[(.*)\]$/, '$1'), options, patience);
  if ('kind' in addresses) return addresses;
  const line = await lineTo(addresses, Number(where.port || 80), left);
  return 'trouble' in line ? line.trouble : exchange(where, line.value, request, left());
};

/** The addresses that may be asked. They are the ones that are then dialled: a name that changes its mind gains nothing. */
const addressesOf = async (
  host: string,
  { resolve, allowPrivate }: FetchOptions,
  { signal }: Patience,
): Promise<readonly string[] | Exclude<Outcome, { body: Bytes }>> => {
  const resolved = await resolve(host, signal);
  // That DNS does not answer here says nothing of the host; that it knows of none does.
  if ('reason' in resolved) return { kind: 'unreachable', detail: resolved.detail };
  const { addresses, missing } = resolved;
  if (addresses.length === 0) return { kind: 'not-found', detail: `${host}: ${missing ?? 'no address'}` };
  const kinds = addresses.map(classOf);
  const allowed = addresses.filter((_, at) => kinds[at] === 'public' || (kinds[at] === 'private' && allowPrivate));
  const hint = kinds.includes('private') ? ' (--allow-private asks it; clients outside cannot)' : '';
  const detail = `${host} is at ${addresses.join(', ')}, which is not a public address${hint}`;
  return allowed.length > 0 ? allowed : { kind: 'forbidden', detail };
};

/** So many addresses Windows tries, each once. Source: learn.microsoft.com, WINHTTP_OPTION_CONNECT_RETRIES. */
const MOST_ADDRESSES = 5;

const connect = (host: string, port: number, patience: Patience): Promise<Went<Socket>> =>
  awaited<Socket>(
    (report) => {
      const socket = net.connect({ host, port });
      // Heard for as long as the socket lives: nobody else may yet when it breaks.
      socket.on('error', (error) => report({ trouble: troubleOf(error) }));
      socket.once('connect', () => report({ value: socket }));
      return () => void (socket.connecting && socket.destroy());
    },
    patience,
    () => `no whole answer within ${seconds(patience)}`,
  );

/** A connection to the first address that takes it. One that is silent leaves the others their share of the time. */
const lineTo = async (addresses: readonly string[], port: number, left: () => Patience): Promise<Went<Socket>> => {
  const [first = '', ...others] = addresses.slice(0, MOST_ADDRESSES);
  const patience = left();
  const line = await connect(first, port, { ...patience, ms: patience.ms / (1 + others.length) });
  if ('value' in line || others.length === 0) return line;
  const other = await lineTo(others, port, left);
  // That this machine has no way to an address of IPv6 hides nothing that is known of the others.
  return 'trouble' in other && other.trouble.kind === 'unreachable' ? line : other;
};

const requestFor = ({ pathname, search, host }: URL, socket: Socket, posted: Bytes | undefined): RequestOptions => ({
  // A connection of its own that ends with the answer.
  createConnection: () => socket,
  path: `${pathname}${search}`,
  method: posted ? 'POST' : 'GET',
  headers: {
    Host: host,
    Accept: '*/*',
    'User-Agent': 'sstp-audit',
    ...(posted && { 'Content-Type': 'application/ocsp-request', 'Content-Length': posted.length }),
  },
  maxHeaderSize: 16_384,
});

const TOO_LARGE = { kind: 'too-large', detail: `the body is larger than ${LIMITS.fetchedBytes} bytes` } as const;

const CUT = { kind: 'closed', detail: 'the connection ended before the answer did' } as const;

const exchange = async (
  where: URL,
  socket: Socket,
  posted: Bytes | undefined,
  patience: Patience,
): Promise<Outcome> => {
  const request = http.request(requestFor(where, socket, posted));
  const went = await awaited<Outcome>(
    (report) => {
      const fail = (error: NodeJS.ErrnoException): void => report({ value: troubleIn(error) });
      request.on('error', fail);
      request.on('close', () => report({ value: CUT }));
      request.on('response', (response) => {
        response.on('error', fail);
        read(response, (value) => report({ value }));
      });
      request.end(posted);
      return () => void request.destroy();
    },
    patience,
    () => `no whole answer within ${seconds(patience)}`,
  );
  return 'value' in went ? went.value : went.trouble;
};

const troubleIn = (error: NodeJS.ErrnoException): Trouble => {
  if (error.code === 'HPE_HEADER_OVERFLOW') return { kind: 'too-large', detail: 'the head of the answer is too long' };
  if (error.code?.startsWith('HPE_')) return { kind: 'garbage', detail: `this is not HTTP: ${error.code}` };
  // Node's words for a connection that ends too early, however it ends.
  if (error.message === 'socket hang up' || error.message === 'aborted') return CUT;
  return troubleOf(error);
};

const read = (response: IncomingMessage, report: (outcome: Outcome) => void): void => {
  const { statusCode = 0, statusMessage = '', headers } = response;
  const chunks: Buffer[] = [];
  let size = Number(headers['content-length'] ?? 0) > LIMITS.fetchedBytes ? Number.POSITIVE_INFINITY : 0;
  if (statusCode !== 200) report(refusal(statusCode, statusMessage));
  else if (size > LIMITS.fetchedBytes) report(TOO_LARGE);
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LIMITS.fetchedBytes) report(TOO_LARGE);
    else chunks.push(chunk);
  });
  response.on('end', () => report({ body: new Uint8Array(Buffer.concat(chunks)) }));
};

const refusal = (status: number, words: string): Exclude<Outcome, { body: Bytes }> => {
  const detail = `HTTP ${status} ${printable(words)}`.trimEnd();
  if (status === 404 || status === 410) return { kind: 'not-found', detail };
  return { kind: 'declined', detail: status >= 300 && status < 400 ? `${detail}: redirects are not followed` : detail };
};
