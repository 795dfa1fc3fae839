import { SEAL } from '../evidence/manifest.ts';
import type { Recording } from '../evidence/read.ts';
import { LIMITS } from '../limits.ts';
import type { Evidence, Ignorance } from '../model.ts';
import { PROBE } from '../probe/questions.ts';
import type { Answer, Transport } from './transport.ts';
import { unanswered } from './unanswered.ts';

/** Commands are the same question whatever their case and spacing; but a URL that the probe fetches has its case. */
export const normal = (command: string): string => {
  const known = normals.get(command);
  if (known !== undefined) return known;
  const spelled = command.startsWith(`${PROBE} `) ? command : command.trim().replace(/\s+/g, ' ').toLowerCase();
  if (normals.size < MOST && command.length <= LIMITS.lineCharacters) normals.set(command, spelled);
  return spelled;
};

/** Servers are asked the same: so many spellings are remembered. */
const MOST = 1_000;
const normals = new Map<string, string>();

/** A server is asked each question once: two answers to one were put there by somebody, and which one counts nobody can tell. */
const DOUBTFUL = { reason: 'unreadable', detail: 'the evidence holds two answers to this question' } as const;

const isSame = (one: Evidence, other: Evidence): boolean =>
  one.exitCode === other.exitCode &&
  one.missing?.reason === other.missing?.reason &&
  Buffer.compare(one.stdout, other.stdout) === 0 &&
  Buffer.compare(one.stderr, other.stderr) === 0;

/** Answers from a folder: the same questions give the same bytes, on a machine without a network. */
export const replay = ({ manifest, evidence, broken }: Recording): Transport => {
  const recorded = Map.groupBy(broken ? [] : evidence, ({ command }) => normal(command));
  const { startedAt } = manifest;
  const why: Ignorance = broken ?? { reason: 'not-recorded', detail: 'the evidence does not hold this answer' };
  let lastId = Math.max(0, ...evidence.map(({ id }) => Number(id.replace('n', ''))));
  const answerTo = (command: string): Answer => {
    const [answer, ...others] = recorded.get(normal(command)) ?? [];
    if (answer && others.every((other) => isSame(answer, other))) return answer;
    return { id: String(++lastId).padStart(3, '0'), ...unanswered(command, answer ? DOUBTFUL : why, startedAt) };
  };
  return {
    kind: 'evidence',
    recordedAt: new Date(startedAt),
    exchange: async (commands) => commands.map(answerTo),
    steps: async () => [
      { step: 'folder', said: `${manifest.transport}, ${startedAt}` },
      { step: 'seal', said: SEAL, ...(broken && { missing: why }) },
    ],
    close: async () => {},
  };
};
