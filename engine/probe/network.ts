/** The way to a server from outside: answers the questions of the probe over the network. */
import pLimit from 'p-limit';
import { LIMITS } from '../limits.ts';
import type { Ignorance } from '../model.ts';
import { msSince } from '../since.ts';
import type { Answer, Transport } from '../transports/transport.ts';
import { readHandshake, writeFetched, writeHeard, writeResolved, writeRoots, writeVersions } from './answers.ts';
import type { Around } from './dial.ts';
import { cached, type Fetch } from './fetch-cache.ts';
import { type Question, questionIn } from './questions.ts';
import { type Resolve, type ResolverOptions, resolver } from './resolve.ts';
import type { Roots } from './roots.ts';
import type { Endpoint } from './seen.ts';
import { type InTurn, turns } from './turns.ts';

export type NetworkOptions = Readonly<{
  /** Deadline of each stage of a connection, and of a name. */
  stageMs?: number;
  /** Deadline of a fetch. It is not the operator's: a list that comes later than that is of no use to clients. */
  fetchMs?: number;
  /** The roots that count as trusted; this machine's own where none are given. */
  roots?: Roots;
  /** Whether lists and certificates may be fetched from private addresses and from this machine. */
  allowPrivate?: boolean;
}> &
  Partial<Omit<ResolverOptions, 'ms'>>;

/** What all targets of one run share. */
export type Network = Readonly<{
  stageMs: number;
  resolve: Resolve;
  fetch: Fetch;
  roots(): Promise<Roots>;
  inTurn: InTurn;
}>;

/** Made once for a run: what was fetched for one target is not fetched again for the next. */
export const networkOf = ({
  stageMs: wanted,
  fetchMs = LIMITS.fetchMs,
  roots,
  allowPrivate = false,
  ...names
}: NetworkOptions = {}): Network => {
  const stageMs = Math.min(wanted ?? LIMITS.stageMs, LIMITS.longestStageMs);
  const resolve = resolver({ ms: stageMs, ...names });
  let own: Promise<Roots> | undefined;
  return {
    stageMs,
    resolve,
    inTurn: turns(),
    fetch: cached(async (url, request, signal) => {
      // Loaded when something is fetched: a handshake alone starts faster without it.
      const { fetchOnce } = await import('./fetch.ts');
      return fetchOnce(url, request, { resolve, allowPrivate }, { ms: fetchMs, signal });
    }),
    roots: async () => {
      own ??= roots ? Promise.resolve(roots) : import('./roots.ts').then(({ machineRoots }) => machineRoots());
      return own;
    },
  };
};

/** What is known of a question; `note` says more for the reader of evidence. */
type Said = Readonly<{ bytes: Uint8Array; note?: string; missing?: Ignorance }>;

/** A transport to one endpoint. It shakes hands up to SSTP once and never again, since each call takes a port of the server. */
export const network = (endpoint: Endpoint, shared: Network = networkOf()): Transport => {
  const limit = pLimit(LIMITS.questionsAtATime);
  let called = false;
  let fetches = 0;
  const refusalOf = (question: Question): Ignorance | undefined => {
    if (question.kind === 'fetch' && ++fetches > LIMITS.fetchesPerTarget)
      return {
        reason: 'truncated',
        detail: `more than ${LIMITS.fetchesPerTarget} URLs are not fetched for one target`,
      };
    if (isCall(question) && called)
      return { reason: 'bug', detail: `a second SSTP call to ${endpoint.host} is not made` };
    return undefined;
  };
  // A connection that ends before HTTP took no port: the next address may be called in its place.
  const call = async (question: Call, signal: AbortSignal): Promise<Said> => {
    called = true;
    // Names may share a server, which holds a port for each call: many at once could leave none to its users, and to us.
    const said = await shared.inTurn(`${question.address} ${question.endpoint.port}`, async () =>
      signal.aborted ? unsaid(stopped(signal)) : sayTo(question, shared, signal),
    );
    if (said.missing) return said;
    called = readHandshake(said.bytes).steps.some(({ stage }) => stage === 'http');
    return said;
  };
  const say = async (command: string, signal: AbortSignal): Promise<Said> => {
    const question = questionIn(command);
    if (!question) return unsaid({ reason: 'bug', detail: 'the probe does not understand this question' });
    if (signal.aborted) return unsaid(stopped(signal));
    const refusal = refusalOf(question);
    if (refusal) return unsaid(refusal);
    return isCall(question) ? call(question, signal) : sayTo(question, shared, signal);
  };
  return {
    kind: 'network',
    exchange: (commands, { signal }) =>
      Promise.all(commands.map((command) => limit(() => answerTo(command, signal, () => say(command, signal))))),
    close: async () => {},
  };
};

type Call = Extract<Question, { kind: 'handshake' }>;
const isCall = (question: Question): question is Call => question.kind === 'handshake' && question.until === 'sstp';

const NOTHING = new Uint8Array();
const unsaid = (missing: Ignorance): Said => ({ bytes: NOTHING, missing });

const stopped = ({ reason }: AbortSignal): Ignorance =>
  reason?.name === 'TimeoutError'
    ? { reason: 'timed-out', detail: 'the deadline of the target passed' }
    : { reason: 'cancelled', detail: 'the run was stopped' };

const sayTo = async (
  question: Question,
  { stageMs, resolve, fetch, roots }: Network,
  signal: AbortSignal,
): Promise<Said> => {
  const around: Around = { patience: { ms: stageMs, signal }, resolve };
  switch (question.kind) {
    case 'resolve': {
      const resolved = await resolve(question.name, signal);
      return 'reason' in resolved ? unsaid(resolved) : { bytes: writeResolved(resolved) };
    }
    case 'handshake': {
      // Loaded with TLS when a hand is shaken: judging what was recorded, and asking servers themselves, starts faster without.
      const { shakeHands } = await import('./handshake.ts');
      return { bytes: writeHeard(await shakeHands(question, around)) };
    }
    case 'versions': {
      const { sweep } = await import('./versions.ts');
      return { bytes: writeVersions(await sweep(question, around)) };
    }
    case 'fetch':
      return { bytes: writeFetched(await fetch(question.url, question.request, signal)) };
    case 'trusted-roots': {
      const trusted = await roots();
      const named = await trusted.named(Buffer.from(question.subjectId, 'hex'));
      return { bytes: writeRoots(named), note: `${trusted.source}\n` };
    }
  }
};

/** What was begun when the run was stopped is kept, but is not whole. */
const answerTo = async (command: string, signal: AbortSignal, say: () => Promise<Said>): Promise<Answer> => {
  const startedAt = new Date();
  const said = await say().catch(
    // An exception here is a defect of ours; thrown, it would take the other answers with it.
    (error: unknown): Said => unsaid({ reason: 'bug', detail: `the probe failed: ${error}` }),
  );
  const missing = signal.aborted ? stopped(signal) : said.missing;
  return {
    command,
    stdout: said.bytes,
    stderr: Buffer.from(said.note ?? ''),
    exitCode: missing ? null : 0,
    startedAt: startedAt.toISOString(),
    tookMs: msSince(startedAt.getTime()),
    ...(missing && { missing }),
  };
};
