import { LIMITS } from '../limits.ts';
import type { Ignorance } from '../model.ts';
import { msSince } from '../since.ts';
import { decode, encode, newNonce, type Segment, strangenessOf } from '../snap.ts';
import { type Outcome, TARGET_DEADLINE } from './run-process.ts';
import type { Answer } from './transport.ts';

/** Carries one line of so many commands to the server's cmd.exe. */
export type Carry = (line: string, nonce: string, count: number) => Promise<Outcome>;
/** Why a carried line brought no answer at all, or none any more. */
export type Blame = (outcome: Outcome) => Ignorance;

const EMPTY = new Uint8Array();

const unanswered = (command: string, startedAt: string, missing: Ignorance, segment?: Segment): Answer => ({
  command,
  stdout: segment?.stdout ?? EMPTY,
  stderr: segment?.stderr ?? EMPTY,
  exitCode: null,
  startedAt,
  tookMs: msSince(Date.parse(startedAt)),
  missing,
});

const answered = (command: string, startedAt: string, segment: Segment): Answer => ({
  command,
  stdout: segment.stdout,
  stderr: segment.stderr,
  exitCode: segment.exitCode,
  startedAt,
  tookMs: msSince(Date.parse(startedAt)),
});

const tooLarge = ({ stdout, stderr }: Segment): boolean => stdout.length + stderr.length > LIMITS.answerBytes;
const TOO_LARGE: Ignorance = {
  reason: 'truncated',
  detail: `the answer is larger than ${LIMITS.answerBytes / 1e6} MB`,
};
const OVERLONG: Ignorance = {
  reason: 'bug',
  detail: `the question is longer than ${LIMITS.lineCharacters} characters`,
};

/** How lines reach a server, and what their failure means. */
export type Way = Readonly<{
  carry: Carry;
  blame: Blame;
  /** The answers to all commands where the server runs a fixed set of questions whatever it is sent. */
  pinned?(outcome: Outcome, commands: readonly string[]): Promise<readonly Answer[] | undefined>;
}>;

type Round = Readonly<{ answers: readonly Answer[]; broke: boolean; final: boolean }>;

/** Nothing came back, and asking again would bring nothing: the connection failed, or the run is over. */
const isFinal = ({ stopped }: Outcome, begun: boolean): boolean =>
  !begun || stopped?.reason === 'cancelled' || stopped?.detail === TARGET_DEADLINE;

/** Carries as many of the commands as fit into one line; answers for those, up to and with the first that broke. */
const round = async (commands: readonly string[], { carry, blame, pinned }: Way): Promise<Round> => {
  const nonce = newNonce();
  const { line, taken } = encode(commands, nonce);
  const startedAt = new Date().toISOString();
  if (line === undefined)
    return { answers: [unanswered(commands[0] ?? '', startedAt, OVERLONG)], broke: false, final: false };
  const outcome = await carry(line, nonce, taken);
  const fixed = await pinned?.(outcome, commands);
  if (fixed) return { answers: fixed, broke: false, final: true };
  const segments = decode(outcome, nonce, taken);
  const broken = segments.findIndex((segment) => !segment?.complete);
  const strange = broken < 0 ? undefined : strangenessOf(outcome, nonce);
  const answers = commands.slice(0, broken < 0 ? taken : broken + 1).map((command, at) => {
    const segment = segments[at];
    if (at === broken) return unanswered(command, startedAt, strange ?? blame(outcome), segment);
    return segment && !tooLarge(segment)
      ? answered(command, startedAt, segment)
      : unanswered(command, startedAt, TOO_LARGE);
  });
  return {
    answers,
    broke: broken >= 0,
    final: broken >= 0 && (strange !== undefined || isFinal(outcome, segments[0] !== undefined)),
  };
};

/**
 * Puts commands to a server in as few lines as possible. When one of them hangs, floods or breaks the connection, it
 * alone is not answered: those behind it are carried again, a limited number of times.
 */
export const exchangeBatches = async (commands: readonly string[], way: Way): Promise<Answer[]> => {
  const answers: Answer[] = [];
  let breaks = 0;
  while (answers.length < commands.length) {
    const { answers: more, broke, final } = await round(commands.slice(answers.length), way);
    answers.push(...more);
    if (broke) breaks++;
    if (!final && breaks < LIMITS.connectionsPerExchange) continue;
    const last = answers.at(-1);
    const why = last?.missing ?? OVERLONG;
    answers.push(
      ...commands.slice(answers.length).map((command) => unanswered(command, new Date().toISOString(), why)),
    );
  }
  return answers;
};
