/** A pretended TLS server on loopback that answers the first words of TLS only, as old servers and odd ones do. */
import net, { type Socket } from 'node:net';
import { VERSION_CODES } from '../../engine/probe/hello.ts';
import type { TlsVersion } from '../../engine/probe/seen.ts';
import { type Listening, listening } from './listening.ts';
import { alert, serverHello } from './says.ts';

/** What a client offered. */
export type Offer = Readonly<{ version: number; suites: readonly number[]; serverName: string | undefined }>;

const vectorAt = (bytes: Buffer, at: number, size: 1 | 2): [content: Buffer, next: number] => {
  const start = at + size;
  const end = start + bytes.readUIntBE(at, size);
  return [bytes.subarray(start, end), end];
};

/** What of the extensions of a hello matters here. */
const extensionsIn = (bytes: Buffer): Partial<Offer> => {
  let found: Partial<Offer> = {};
  for (let at = 0; at < bytes.length; ) {
    const type = bytes.readUInt16BE(at);
    const [content, next] = vectorAt(bytes, at + 2, 2);
    if (type === 0) found = { ...found, serverName: content.toString('latin1', 5) };
    if (type === 43) found = { ...found, version: content.readUInt16BE(1) };
    at = next;
  }
  return found;
};

/** Reads a ClientHello; throws where its lengths do not add up. */
export const offerIn = (record: Buffer): Offer => {
  const body = record.subarray(9);
  const [, afterSession] = vectorAt(body, 34, 1);
  const [suites, afterSuites] = vectorAt(body, afterSession, 2);
  const [, afterCompression] = vectorAt(body, afterSuites, 1);
  const [extensions, end] =
    afterCompression < body.length ? vectorAt(body, afterCompression, 2) : [Buffer.alloc(0), afterCompression];
  const lengths = [record.readUInt16BE(3) - 4, record.readUIntBE(6, 3), end];
  if (lengths.some((length) => length !== body.length)) throw new Error('the lengths of the hello do not add up');
  return {
    version: body.readUInt16BE(0),
    suites: Array.from({ length: suites.length / 2 }, (_, at) => suites.readUInt16BE(2 * at)),
    serverName: undefined,
    ...extensionsIn(extensions),
  };
};

/** How a server says no. */
export const REFUSALS = {
  'alert-70': (socket) => void socket.end(alert(70)),
  'alert-40': (socket) => void socket.end(alert(40)),
  'alert-80': (socket) => void socket.end(alert(80)),
  'alert-112': (socket) => void socket.end(alert(112)),
  close: (socket) => void socket.end(),
  reset: (socket) => void socket.resetAndDestroy(),
  silent: () => {},
  garbage: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
} as const satisfies Record<string, (socket: Socket) => void>;
export type Refusal = keyof typeof REFUSALS;

export type Picky = Listening & Readonly<{ offers: readonly Offer[]; most(): number }>;

type PickyOptions = Readonly<{
  accepts: Partial<Readonly<Record<TlsVersion, readonly number[]>>>;
  /** By version; alert 70 where none is given. */
  refuses?: Partial<Readonly<Record<TlsVersion, Refusal>>>;
  /** Hangs up on everyone after so many connections. */
  tiresAfter?: number;
  /** Picks for an unknown version the best one that it knows, as TLS wants it. */
  steps?: boolean;
}>;

/** `most` is the largest number of connections that were open together. */
export const startPicky = async (options: PickyOptions): Promise<Picky> => {
  const { accepts, refuses = {}, tiresAfter = Number.POSITIVE_INFINITY, steps = false } = options;
  const offers: Offer[] = [];
  let most = 0;
  const nameOf = (code: number) =>
    (Object.keys(VERSION_CODES) as TlsVersion[]).find((name) => VERSION_CODES[name] === code) ?? 'TLS 1.3';
  const server = net.createServer((socket) => {
    most = Math.max(most, heard.open());
    socket.once('data', (hello) => {
      const offer = offerIn(hello);
      offers.push(offer);
      if (offers.length > tiresAfter) return void socket.end();
      const version = nameOf(offer.version);
      const lower = (['TLS 1.2', 'TLS 1.1', 'TLS 1.0'] as const).find((name) => name < version && accepts[name]);
      const chosen = accepts[version] ? version : steps ? lower : undefined;
      const suite = chosen && accepts[chosen]?.find((known) => offer.suites.includes(known));
      // A moment, so that connections meet.
      setTimeout(() => {
        if (chosen && suite !== undefined) socket.write(serverHello(VERSION_CODES[chosen], suite));
        else REFUSALS[refuses[version] ?? 'alert-70'](socket);
      }, 3);
    });
  });
  const heard = await listening(server);
  return { ...heard, offers, most: () => most };
};
