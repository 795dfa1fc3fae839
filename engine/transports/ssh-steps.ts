/** The steps up to the sign-in, in what `ssh -v` says of them. Its words are English, and the same since OpenSSH 7 (belief). */
import type { Ignorance } from '../model.ts';
import type { Step } from './transport.ts';

/** Where ssh was sent, as `ssh -G` tells it. */
export type Place = Readonly<{ host: string; port: string }>;

type Sign = Readonly<{
  step: Step['step'];
  /** Says that the step was taken. */
  done: RegExp;
  /** What there is to tell of it, whether or not it was taken; the last of several counts. */
  told: readonly RegExp[];
}>;

const PROXY = /^debug1: Executing proxy command: /m;

const DIRECT: readonly Sign[] = [
  {
    step: 'name',
    done: /^debug1: Connecting to \S+ \[/m,
    told: [/^debug1: Connecting to \S+ \[([^\]]*)\] port \d+\./gm],
  },
  {
    step: 'tcp',
    done: /^debug1: Connection established\./m,
    told: [/^debug1: Connecting to .* (port \d+)\.\s*$/gm],
  },
];

/** Something else reaches the server for ssh: a jump host, or a program of the user. */
const PROXIED: readonly Sign[] = [
  { step: 'tcp', done: /^debug1: Authenticating to /m, told: [/^debug1: Executing (proxy command): /gm] },
];

const TALK: readonly Sign[] = [
  {
    step: 'ssh',
    done: /^debug1: kex: host key algorithm: /m,
    told: [/^debug1: Remote protocol version [\d.]+, remote software version (.*)$/gm],
  },
  {
    step: 'host-key',
    done: /^debug1: Host '.*' is known and matches the /m,
    told: [/^debug1: Server host key: (.*)$/gm],
  },
  {
    step: 'sign-in',
    done: /^(?:Authenticated to .* using "|debug1: Authentication succeeded \()/m,
    told: [
      /^debug1: Authenticating to \S+ as '(.*)'\s*$/gm,
      /^(?:debug1: Authentications that can continue: |Authenticated to .* using "|debug1: Authentication succeeded \()([\w,-]+)/gm,
    ],
  },
];

const LONGEST = 200;

const lastIn = (said: string, pattern: RegExp): string => [...said.matchAll(pattern)].at(-1)?.[1]?.trim() ?? '';

/**
 * The steps that were taken; the last of them may have failed, for the reason given. A jump host talks before the server
 * does, in the same words: so of its way only what follows the server's own greeting counts.
 */
export const sshSteps = (stderr: Buffer, why: Ignorance, place: Place | undefined): readonly Step[] => {
  const said = stderr.toString('latin1');
  const own = place ? ownWords(said, place) : said;
  const steps: Step[] = [];
  for (const { step, done, told } of [...(place ? PROXIED : DIRECT), ...TALK]) {
    const words = told.map((pattern) => lastIn(said, pattern)).filter((word) => word !== '');
    const taken = done.test(own);
    steps.push({ step, said: words.join(', ').slice(0, LONGEST), ...(!taken && { missing: why }) });
    if (!taken) break;
  }
  return steps;
};

/** Whether ssh went by way of another program. */
export const isProxied = (stderr: Buffer): boolean => PROXY.test(stderr.toString('latin1'));

const ownWords = (said: string, { host, port }: Place): string => {
  const at = said.indexOf(`debug1: Authenticating to ${host}:${port} as `);
  return at < 0 ? '' : said.slice(at);
};

/** Host and port in the answer of `ssh -G`. */
export const placeIn = (stdout: Buffer): Place => {
  const said = stdout.toString('utf8');
  return { host: lastIn(said, /^hostname (.*)$/gm), port: lastIn(said, /^port (.*)$/gm) };
};
