/** What kept evidence proves: that it is as it was sealed, and that it is what a report was judged from. */
import path from 'node:path';
import { Mistake } from '../mistake.ts';
import type { EvidenceNote, TargetNote } from '../model.ts';
import { normal } from '../transports/replay.ts';
import { RECORDED } from './address.ts';
import { type Manifest, sha256 } from './manifest.ts';
import { isManifestChanged, type Recording, readFolder } from './read.ts';
import { folderName } from './write.ts';

/** How a folder stands to its seal. `detail` says what is wrong. */
export type Standing = Readonly<{ folder: string; server: string }> &
  (
    | Readonly<{ end: 'as-sealed'; recording: Recording; seal: string }>
    | Readonly<{ end: 'not-as-sealed' | 'unfinished' | 'unreadable'; detail: string }>
  );

/** Reads a folder as `judge` does. One whose manifest cannot be used is called like its folder. */
export const standingOf = async (folder: string): Promise<Standing> => {
  try {
    return standingIn(folder, await readFolder(folder));
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const end = isManifestChanged(folder) ? 'not-as-sealed' : 'unreadable';
    return { folder, server: path.basename(path.resolve(folder)), end, detail: error.message };
  }
};

const standingIn = (folder: string, recording: Recording): Standing => {
  const { manifest, seal, broken, changed } = recording;
  const about = { folder, server: manifest.target.name };
  if (seal && !broken) return { ...about, end: 'as-sealed', recording, seal: sha256(seal) };
  if (changed !== undefined) return { ...about, end: 'not-as-sealed', detail: changed };
  return { ...about, end: seal ? 'unreadable' : 'unfinished', detail: broken?.detail ?? '' };
};

/** Whether a folder is called as that of a server is: all that is known of some that cannot be read. */
export const isFolderOf = (folder: string, server: string): boolean =>
  path.basename(path.resolve(folder)) === folderName(server);

const NOTHING = sha256(new Uint8Array());

/** Whether anything came back for a question. What did not may never have been sent, and needs no evidence. */
export const isAnswered = ({ complete, sha256: sum }: EvidenceNote): boolean => complete || sum !== NOTHING;

/** How answers differ from those of a report, and how many of them the report does not rest on. */
export type Compared = Readonly<{ differences: readonly string[]; unused: number }>;

/**
 * Holds answers to what a report says of them. Who judged kept evidence may have asked less of it than it holds, and more;
 * who asked a server kept every answer.
 */
export const comparedWith = (note: TargetNote, { manifest, evidence }: Recording): Compared => {
  const wasKept = note.address.startsWith(RECORDED);
  const reported = Map.groupBy(note.evidence, ({ id }) => id);
  const asked = new Set(note.evidence.map(({ command }) => normal(command)));
  const held = evidence.map(({ stdout, missing, ...rest }) => ({
    ...rest,
    complete: !missing,
    sha256: sha256(stdout),
  }));
  const ids = new Set(held.map(({ id }) => id));
  const missed = note.evidence.filter((one) => !ids.has(one.id) && (isAnswered(one) || !wasKept));
  const others = held.filter(({ id }) => !reported.has(id));
  const unknown = others.filter(({ command }) => !wasKept || asked.has(normal(command)));
  return {
    differences: [
      ...timeDifference(note, manifest),
      ...held.flatMap((one) => (reported.get(one.id) ?? []).flatMap((said) => answerDifference(one, said))),
      ...missed.map(({ id, command }) => `${id} is not in the evidence: ${command}`),
      ...unknown.map(({ id, command }) => `${id} is not in the report: ${command}`),
    ],
    unused: others.length - unknown.length,
  };
};

/** Evidence is judged as of the time at which it was gathered. */
const timeDifference = (note: TargetNote, { startedAt }: Manifest): readonly string[] =>
  Date.parse(startedAt) === Date.parse(note.startedAt)
    ? []
    : [`it was gathered at ${startedAt}, and the report says ${note.startedAt}`];

/** What a verdict rests on. */
const ASPECTS = {
  command: 'command',
  sha256: 'answer',
  exitCode: 'exit code',
  complete: 'completeness',
  startedAt: 'time',
} as const;
type Answer = Pick<EvidenceNote, 'id' | keyof typeof ASPECTS>;

const answerDifference = (held: Answer, said: Answer): readonly string[] => {
  const aspects = (Object.keys(ASPECTS) as (keyof typeof ASPECTS)[]).filter((one) => held[one] !== said[one]);
  return aspects.length === 0
    ? []
    : [`${held.id} is not as reported: ${aspects.map((one) => ASPECTS[one]).join(', ')}`];
};
