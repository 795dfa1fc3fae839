import pLimit from 'p-limit';
import { checks } from '../../checks/index.ts';
import { audit } from '../audit.ts';
import { closeAll } from '../gather.ts';
import { Mistake } from '../mistake.ts';
import type { Target } from '../model.ts';
import { REASONS } from '../model.ts';
import type { Planned } from '../profile.ts';
import { serversOf, type TargetOptions } from './inventory.ts';
import { version } from './version.ts';

type GatherOptions = TargetOptions & Readonly<{ evidence: string; atATime: number; timeout: number }>;

/** Every question of every check, so that the evidence can be judged against any profile. */
export const EVERYTHING: readonly Planned[] = checks.map((check) => ({
  check,
  expected: {},
  severity: check.severity,
}));

/** Keeps the answers of each target in a sealed folder. Exit code 3 when a target was not reached. */
export const gatherAll = async (
  uris: readonly string[],
  options: GatherOptions,
  signal: AbortSignal,
): Promise<number> => {
  const { targets } = await serversOf(uris, options);
  if (targets.some(({ target }) => target.address.startsWith('evidence:')))
    throw new Mistake('evidence is gathered already', 'give live targets, such as ssh://user@host');
  const limit = pLimit(options.atATime);
  const { evidence, timeout } = options;
  const notes = await Promise.all(
    targets.map(({ target, open }) =>
      limit(async () => {
        const ways = await open();
        const { note } = await audit(target, ways, EVERYTHING, {
          signal,
          targetMs: timeout * 1_000,
          version,
          evidence,
        });
        await closeAll(ways);
        process.stderr.write(`${sentence(target, note)}\n`);
        return note;
      }),
    ),
  );
  return notes.every(({ reached }) => reached) ? 0 : 3;
};

/** What became of a target, in one line. */
export const sentence = ({ name }: Target, note: Awaited<ReturnType<typeof audit>>['note']): string => {
  const answered = note.evidence.filter(({ complete }) => complete).length;
  if (note.reached) return `sstp-audit: ${name}: ${answered} of ${note.evidence.length} questions answered`;
  return `sstp-audit: ${name}: not reached: ${note.detail}; ${REASONS[note.reason ?? 'bug'].en}`;
};
