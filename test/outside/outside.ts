/** A pretended network: what the probe would see of a server from outside. Break one thing in it, then ask. */
import type { Ignorance } from '../../engine/model.ts';
import { writeFetched, writeHeard, writeResolved, writeRoots, writeVersions } from '../../engine/probe/answers.ts';
import type { Endpoint, Fetched, Stage, Step, Trouble, VersionOffer } from '../../engine/probe/seen.ts';
import type { Answer, Transport } from '../../engine/transports/transport.ts';
import type { Made } from '../server/pki.ts';

type Broken = Readonly<{ stage: Stage; trouble: Trouble }>;

type Gave = Readonly<{ body: Uint8Array<ArrayBuffer> }> | Pick<Extract<Fetched, { trouble: unknown }>, 'trouble'>;

export type Outside = {
  endpoint: Endpoint;
  /** Empty, with why in `missing`, where the name does not exist. */
  addresses: string[];
  missing?: string;
  /** Where a connection ends; by address, or `*` for every address. */
  broken: Map<string, Broken>;
  /** What TLS shows, the server's own certificate first; by address, or `*`. */
  served: Map<string, readonly Made[]>;
  /** OCSP answers that come along with it; by address, or `*`. */
  stapled: Map<string, Uint8Array<ArrayBuffer>>;
  protocol: string;
  /** What answers the SSTP request, and then the call. */
  head: string;
  packet: Uint8Array;
  versions: readonly VersionOffer[];
  urls: Map<string, Gave>;
  roots: readonly Made[];
  /** They are none of the public ones. */
  hasOwnRoots?: true;
  /** Answers that are not whole: what begins with one of these texts. */
  unanswered: Map<string, Ignorance>;
};

/** A connection to every address, or to one, ends here. */
export const breakAt = (outside: Outside, stage: Stage, trouble: Trouble, address = '*'): void => {
  outside.broken.set(address, { stage, trouble });
};

export const trouble = (kind: Trouble['kind'], detail: string = kind, alert?: number): Trouble => ({
  kind,
  detail,
  ...(alert !== undefined && { alert }),
});

const STAGES: readonly Stage[] = ['tcp', 'tls', 'http', 'sstp'];

const stepsOf = (until: string, broken: Broken | undefined): readonly Step[] => {
  if (broken?.stage === 'proxy') return [{ ...broken, tookMs: 1 }];
  const wanted = STAGES.slice(0, until === 'tls' ? 2 : 4);
  const end = broken ? wanted.indexOf(broken.stage) : -1;
  return wanted
    .slice(0, end < 0 ? undefined : end + 1)
    .map((stage, at) => ({ stage, tookMs: 4 + at, ...(at === end && broken && { trouble: broken.trouble }) }));
};

const handshake = (outside: Outside, address: string, until: string): Uint8Array => {
  const steps = stepsOf(until, outside.broken.get(address) ?? outside.broken.get('*'));
  const went = (stage: Stage): boolean => steps.some((step) => step.stage === stage && !step.trouble);
  const served = outside.served.get(address) ?? outside.served.get('*') ?? [];
  const stapled = outside.stapled.get(address) ?? outside.stapled.get('*');
  const tried = steps.some(({ stage }) => stage === 'http');
  const called = steps.some(({ stage }) => stage === 'sstp');
  const inside = [...(tried ? Buffer.from(outside.head) : []), ...(called ? outside.packet : [])];
  return writeHeard({
    address,
    port: outside.endpoint.port,
    steps,
    ...(went('tls') && {
      tls: {
        protocol: outside.protocol,
        cipher: 'ECDHE-RSA-AES256-GCM-SHA384',
        certificates: served.map(({ der }) => new Uint8Array(der)),
        ...(stapled && { stapled }),
      },
    }),
    abortSent: called,
    received: inside.length > 0 ? { inside: Uint8Array.from(inside) } : {},
  });
};

const subjectIdOf = ({ certificate }: Made): string =>
  Buffer.from(certificate.subjectName.toArrayBuffer()).toString('hex').toUpperCase();

const answerTo = (outside: Outside, command: string): Uint8Array => {
  const [, verb, first = '', rest = ''] = /^probe (\S+) (\S+)(.*)$/.exec(command) ?? [];
  switch (verb) {
    case 'resolve': {
      const { addresses, missing } = outside;
      return writeResolved({ name: first, addresses, ...(missing !== undefined && { missing }) });
    }
    case 'handshake': {
      const address = first.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
      return handshake(outside, address, /until=(\w+)/.exec(rest)?.[1] ?? '');
    }
    case 'versions':
      return writeVersions(outside.versions);
    case 'fetch': {
      const url = decodeURI(first);
      const known = outside.urls.get(url) ?? { trouble: trouble('refused', `nothing answers at ${url}`) };
      return writeFetched({ url, ...known });
    }
    case 'trusted-roots':
      return writeRoots(
        outside.roots
          .filter((root) => subjectIdOf(root) === first)
          .map(({ der }) => ({ der: new Uint8Array(der), ...(outside.hasOwnRoots && { isOwn: true }) })),
      );
    default:
      throw new TypeError(`no such question: ${command}`);
  }
};

/** The way to it. With `recordedAt` it poses as saved evidence. It keeps what was asked. */
export const networkTo = (
  outside: Outside,
  recordedAt?: Date,
): { transport: Transport; endpoint: Endpoint; asked: string[] } => {
  const asked: string[] = [];
  const startedAt = (recordedAt ?? new Date()).toISOString();
  const answer = (command: string): Answer => {
    asked.push(command);
    const missing = [...outside.unanswered].find(([text]) => command.startsWith(text))?.[1];
    const common = { command, stderr: new Uint8Array(), startedAt, tookMs: 1 };
    return missing
      ? { ...common, stdout: new Uint8Array(), exitCode: null, missing }
      : { ...common, stdout: answerTo(outside, command), exitCode: 0 };
  };
  const transport: Transport = {
    kind: recordedAt ? 'evidence' : 'network',
    ...(recordedAt && { recordedAt }),
    exchange: async (commands) => commands.map(answer),
    close: async () => {},
  };
  return { transport, endpoint: outside.endpoint, asked };
};
