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

const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);

/** What of an endpoint changes the answer. */
const dialled = (address: string, { port, serverName, proxy }: Endpoint): string =>
  [`${bracketed(address)}:${port}`, `name=${serverName}`, ...(proxy ? [`proxy=${proxy}`] : [])].join(' ');

/** The text of a question. Equal questions have equal texts; blanks inside a part are escaped as in a URL. */
export const textOf = (question: Question): string => {
  switch (question.kind) {
    case 'resolve':
      return `${PROBE} resolve ${encodeURI(question.name)}`;
    case 'handshake':
      return `${PROBE} handshake ${dialled(question.address, question.endpoint)} until=${question.until}`;
    case 'versions':
      return `${PROBE} versions ${dialled(question.address, question.endpoint)}`;
    case 'fetch': {
      const { url, request } = question;
      return `${PROBE} fetch ${encodeURI(url)}${request ? ` post=${Buffer.from(request).toString('hex')}` : ''}`;
    }
    case 'trusted-roots':
      return `${PROBE} trusted-roots ${question.subjectId}`;
  }
};
