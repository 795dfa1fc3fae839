/** A pretended web server on loopback that hands out lists of revoked certificates, or goes wrong as its path names. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { drip, flood, type Listening, listening } from './listening.ts';

type Page = (response: ServerResponse, request: IncomingMessage, base: string) => void;

export const LIST = Buffer.from('a list of revoked certificates');
const MEBIBYTE = 1_048_576;

/** In place of whatever Node would say. */
const raw = (response: ServerResponse, ...words: readonly (string | Uint8Array)[]): void => {
  for (const word of words) response.socket?.write(word);
};

const PAGES = {
  '/good.crl': (response) => void response.end(LIST),
  '/chunked.crl': (response) => {
    response.write(LIST.subarray(0, 5));
    response.end(LIST.subarray(5));
  },
  '/exactly-1-mib.crl': (response) => void response.end(Buffer.alloc(MEBIBYTE)),
  '/empty.crl': (response) => void response.end(),
  '/404.crl': (response) => void response.writeHead(404).end('not here'),
  '/410.crl': (response) => void response.writeHead(410).end(),
  '/500.crl': (response) => void response.writeHead(500).end('broken'),
  '/redirect.crl': (response, _request, base) => void response.writeHead(302, { Location: `${base}/good.crl` }).end(),
  '/loop.crl': (response, _request, base) => void response.writeHead(301, { Location: `${base}/loop.crl` }).end(),
  '/too-large.crl': (response) => void response.end(Buffer.alloc(MEBIBYTE + 1)),
  '/endless.crl': (response) => {
    raw(response, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    if (response.socket) flood(response.socket, Buffer.from(`8000\r\n${'A'.repeat(0x8000)}\r\n`));
  },
  '/endless-head.crl': (response) => {
    raw(response, 'HTTP/1.1 200 OK\r\n');
    if (response.socket) flood(response.socket, Buffer.from('X-Padding: 0123456789\r\n'.repeat(500)));
  },
  '/slow.crl': (response) => {
    if (response.socket) drip(response.socket, Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n${LIST}`), 60);
  },
  '/silent.crl': () => {},
  '/cut.crl': (response) => {
    raw(response, 'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n', LIST.subarray(0, 9));
    response.socket?.end();
  },
  '/close.crl': (response) => void response.socket?.end(),
  '/reset.crl': (response) => void response.socket?.resetAndDestroy(),
  '/garbage.crl': (response) => raw(response, Buffer.alloc(64, 0x9c)),
  '/ocsp': (response, request) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const isRight = request.method === 'POST' && request.headers['content-type'] === 'application/ocsp-request';
      response.writeHead(isRight ? 200 : 415).end(Buffer.concat([Buffer.from('for '), ...chunks]));
    });
  },
} as const satisfies Record<string, Page>;
export type Path = keyof typeof PAGES;

export type Web = Listening & Readonly<{ base: string; asked: readonly string[] }>;

export const startWeb = async (host?: string): Promise<Web> => {
  const asked: string[] = [];
  const pages: Readonly<Record<string, Page>> = PAGES;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    pages[(request.url ?? '').replace(/\?.*/, '')]?.(response, request, base);
  });
  const heard = await listening(server, host);
  const base = `http://${heard.host}:${heard.port}`;
  return { ...heard, base, asked };
};
