/** Writes a profile from the evidence of servers that are known to be good. */
import { lstat, rm, writeFile } from 'node:fs/promises';
import { factsOf } from '../audit.ts';
import { recordedAt } from '../evidence/address.ts';
import { cannot } from '../file-trouble.ts';
import type { Server } from '../fleet/listed.ts';
import { closeAll, gather } from '../gather.ts';
import { Mistake } from '../mistake.ts';
import { printable } from '../printable.ts';
import { draftOf, type Witness } from '../profile/draft.ts';
import { draftText, openLines } from '../profile/draft-text.ts';
import { loadProfile, type Profile } from '../profile.ts';
import { builtInNames } from './built-ins.ts';
import { known } from './checks.ts';
import { serversOf } from './inventory.ts';
import { replaceFile } from './replace-file.ts';
import { fittingProfile } from './vantage.ts';
import { version } from './version.ts';

export type InitOptions = Readonly<{
  from: readonly string[];
  profile?: string;
  input: Readonly<Record<string, string>>;
  output?: string;
  force: boolean;
}>;

/** How far a server is held to what it shows. */
const CEILING = 'strict';

/** Throws Mistake, before anything is judged, for a file that is there, and for evidence that tells nothing. */
export const initProfile = async (options: InitOptions, stop: AbortSignal): Promise<number> => {
  const { output, force, input } = options;
  if (output !== undefined && !force) await needAbsent(output);
  const uris = options.from.map(recordedAt);
  const name = options.profile ?? (await fittingProfile(uris, undefined));
  const names = await builtInNames();
  if (!names.includes(name))
    throw new Mistake(`${name} is not a built-in profile`, `a new profile extends one of ${names.join(', ')}`);
  const [base, ceiling] = [await builtIn(name), await builtIn(CEILING)];
  const witnesses: Witness[] = [];
  for (const server of (await serversOf(uris, { tags: [] }, base.inputs)).targets)
    witnesses.push(await witnessOf(server, base, stop));
  if (stop.aborted) return 0;
  const draft = draftOf(witnesses, { base, ceiling, given: input });
  const open = openLines(draft);
  for (const line of open) process.stderr.write(`sstp-audit: ${printable(line)}\n`);
  if (draft.held.length === 0)
    throw new Mistake(`nothing passes on ${options.from.join(', ')}, so nothing can be written`, 'judge tells more');
  const text = draftText({ draft, witnesses, base: name, tool: `sstp-audit ${version}` });
  if (output === undefined) process.stdout.write(text);
  else await write(output, text, force);
  return 0;
};

const builtIn = (name: string): Promise<Profile> => loadProfile(name, known());

/** Asks the evidence of a server what the base needs to know. Its answers themselves are not kept. */
const witnessOf = async ({ target, open }: Server, base: Profile, signal: AbortSignal): Promise<Witness> => {
  const ways = await open();
  try {
    const facts = factsOf(base.entries.map(({ check }) => check));
    const { readingOf, evidence, observedAt } = await gather(ways, facts, { signal, keep: async () => {} });
    return { target, observedAt, questions: new Map(evidence.map(({ id, command }) => [id, command])), readingOf };
  } finally {
    await closeAll(ways);
  }
};

const needAbsent = async (file: string): Promise<void> => {
  if (await lstat(file).catch(() => undefined)) throw there(file);
};

const there = (file: string): Mistake =>
  new Mistake(`${file} is there already`, 'choose another path, or --force to have it replaced');

const write = async (file: string, text: string, force: boolean): Promise<void> => {
  if (force) await replaceFile(file, text);
  else await writeNew(file, text);
  process.stdout.write(`${printable(file)} is written\n`);
};

/** Never over what somebody made meanwhile. */
const writeNew = async (file: string, text: string): Promise<void> => {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw there(file);
    await rm(file, { force: true }).catch(() => {});
    cannot('written', file, 'choose another path')(cause);
  }
};
