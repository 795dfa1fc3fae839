import { RECORDED } from '../evidence/address.ts';
import { Mistake } from '../mistake.ts';
import { REASONS, type TargetNote } from '../model.ts';
import { printable } from '../printable.ts';
import type { Planned } from '../profile.ts';
import { knownChecks } from './checks.ts';
import { type AskOptions, askFleet, needRoom, tellLoss } from './fleet.ts';
import { serversOf, type TargetOptions } from './inventory.ts';

type GatherOptions = TargetOptions & AskOptions & Readonly<{ evidence: string }>;

/** Every question of every check, so that the evidence can be judged against any profile. */
export const everything = (): readonly Planned[] =>
  knownChecks().map((check) => ({ check, expected: {}, severity: check.severity }));

/** Keeps the answers of each target in a sealed folder. Exit code 3 when a target was not reached. */
export const gatherAll = async (
  uris: readonly string[],
  options: GatherOptions,
  stop: AbortSignal,
): Promise<number> => {
  const { targets: servers, sites } = await serversOf(uris, options);
  if (servers.some(({ target }) => target.address.startsWith(RECORDED)))
    throw new Mistake('evidence is gathered already', 'give live targets, such as ssh://user@host');
  await needRoom(options.evidence, servers);
  const planned = everything();
  let unreached = 0;
  const lost = await askFleet(
    {
      servers,
      sites,
      plansFor: () => planned,
      waivers: [],
      keep: async (_server, { note }) => {
        if (!note.reached) unreached++;
      },
      tell: ({ note }) => sentence(note),
    },
    options,
    stop,
  );
  if (lost) tellLoss(lost);
  return unreached === 0 ? 0 : 3;
};

/** What became of a target, in one line. */
export const sentence = (note: TargetNote): string => {
  const { name, reached, evidence, detail = '', reason = 'bug' } = note;
  const answered = evidence.filter(({ complete }) => complete).length;
  if (reached) return `${printable(name)}: ${answered} of ${evidence.length} questions answered`;
  return `${printable(name)}: not reached: ${printable(detail)}; ${REASONS[reason].en}`;
};
