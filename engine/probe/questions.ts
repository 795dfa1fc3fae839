/** What the probe is asked, as text: the command of its evidence, by which a recorded answer is found again. */
import { isIP } from 'node:net';
import type { Endpoint } from './seen.ts';

export type Question = Readonly<
  | { kind: 'resolve'; name: string }
  | { kind: 'handshake'; address: string; until: 'tls' | 'sstp'; endpoint: Endpoint }
  | { kind: 'versions'; address: string; endpoint: Endpoint }
  | { kind: 'fetch'; url: string; request?: Uint8Array<ArrayBuffer> }
  | { kind: 'trusted-roots'; subjectId: string }
>;

/** Evidence of the probe begins with this word; no command of a server does. */
export const PROBE = 'probe';

/** As in a URL; what is no text at all, in a certificate of somebody else, becomes a replacement character. */
const escaped = (text: string): string => encodeURI(text.toWellFormed());

const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : escaped(address));

/** What of an endpoint changes the answer. */
const dialled = (address: string, { port, serverName, proxy }: Endpoint): string =>
  [`${bracketed(address)}:${port}`, `name=${escaped(serverName)}`, ...(proxy ? [`proxy=${escaped(proxy)}`] : [])].join(
    ' ',
  );

/** The text of a question. Equal questions have equal texts; blanks inside a part are escaped as in a URL. */
export const textOf = (question: Question): string => {
  switch (question.kind) {
    case 'resolve':
      return `${PROBE} resolve ${escaped(question.name)}`;
    case 'handshake':
      return `${PROBE} handshake ${dialled(question.address, question.endpoint)} until=${question.until}`;
    case 'versions':
      return `${PROBE} versions ${dialled(question.address, question.endpoint)}`;
    case 'fetch': {
      const { url, request } = question;
      return `${PROBE} fetch ${escaped(url)}${request ? ` post=${Buffer.from(request).toString('hex')}` : ''}`;
    }
    case 'trusted-roots':
      return `${PROBE} trusted-roots ${question.subjectId}`;
  }
};

const ADDRESS = String.raw`(?:\[(?<six>[^\]\s]+)\]|(?<address>[^\s:[\]]+)):(?<port>\d{1,5})`;
const DIALLED = String.raw`${ADDRESS} name=(?<serverName>\S*)(?: proxy=(?<proxy>\S+))?`;
const FORMS: Readonly<Record<Question['kind'], RegExp>> = {
  resolve: /^(?<name>\S+)$/,
  handshake: new RegExp(`^${DIALLED} until=(?<until>tls|sstp)$`),
  versions: new RegExp(`^${DIALLED}$`),
  fetch: /^(?<url>\S+?)(?: post=(?<post>(?:[0-9a-f]{2})*))?$/,
  'trusted-roots': /^(?<subjectId>(?:[0-9A-F]{2})+)$/,
};
const isKind = (word: string): word is Question['kind'] => Object.hasOwn(FORMS, word);

type Parts = Readonly<Record<string, string | undefined>>;
const part = (parts: Parts, name: string): string => decodeURI(parts[name] ?? '');

/** The text holds no name to dial: an endpoint read from it has the address in its place. */
const endpointIn = (parts: Parts): { address: string; endpoint: Endpoint } => {
  const address = parts['six'] ?? part(parts, 'address');
  const { port, proxy } = parts;
  const endpoint = { host: address, port: Number(port), serverName: part(parts, 'serverName') };
  return { address, endpoint: { ...endpoint, ...(proxy !== undefined && { proxy: part(parts, 'proxy') }) } };
};

/** Reads the text of a question; undefined when it is none. */
export const questionIn = (text: string): Question | undefined => {
  const [, kind = '', rest = ''] = /^probe (\S+) (.+)$/.exec(text) ?? [];
  if (!isKind(kind)) return;
  const parts = FORMS[kind].exec(rest)?.groups;
  if (!parts) return;
  switch (kind) {
    case 'resolve':
      return { kind, name: part(parts, 'name') };
    case 'handshake':
      return { kind, ...endpointIn(parts), until: parts['until'] === 'tls' ? 'tls' : 'sstp' };
    case 'versions':
      return { kind, ...endpointIn(parts) };
    case 'fetch': {
      const { post } = parts;
      const request = post === undefined ? undefined : new Uint8Array(Buffer.from(post, 'hex'));
      return { kind, url: part(parts, 'url'), ...(request && { request }) };
    }
    case 'trusted-roots':
      return { kind, subjectId: part(parts, 'subjectId') };
  }
};
