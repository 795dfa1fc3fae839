/** Inventories of every format: servers, or every mistake at its place in one go. */
import { mistakesOf, type Placed } from '../../document/mistakes.ts';
import type { Text } from '../../document/source.ts';
import { Mistake } from '../../mistake.ts';
import type { Inputs } from '../../profile/inputs.ts';
import { FLEET } from '../limits.ts';
import type { Listed } from '../listed.ts';
import type { Drafts } from './draft.ts';
import { parseInventory } from './formats.ts';
import { inputComplaints, listedOf, meaningComplaints } from './resolve.ts';
import { readWhole } from './whole.ts';

export type Inventory = Readonly<{
  servers: readonly Listed[];
  /** Servers of a site that are asked at the same time. */
  sites: Readonly<Record<string, number>>;
  /** What the operator should know although nothing is wrong: one line each. */
  notes: readonly string[];
}>;

const HINT =
  'an inventory is YAML of our form, a list of names, CSV with a header, or what ansible-inventory --list prints; - reads it from standard input';

/**
 * Reads an inventory; `-` is standard input. With `inputs` of a profile, what the inventory gives them is judged too.
 * Throws Mistake with every mistake, each as `file:line:column path message`, the line, and a caret.
 */
export const readInventory = async (file: string, inputs?: Inputs): Promise<Inventory> => {
  const text = await readWhole(file, FLEET.listingBytes);
  if ('trouble' in text) throw new Mistake(text.trouble, HINT);
  const { drafts, placed } = parseInventory(text, inputs ?? {});
  const { notes } = await sound(drafts, { text, placed, ...(inputs && { inputs }) });
  const servers = listedOf(drafts, text.folder);
  if (servers.length === 0) throw new Mistake(`${text.file} lists no host`, HINT);
  return { servers, sites: drafts.sites, notes: notes.map((note) => `${text.file}: ${note}`) };
};

type About = Readonly<{ text: Text; placed: () => Placed; inputs?: Inputs }>;

/** Throws Mistake unless nothing is wrong. What leans on the form is looked at when the form is right. */
const sound = async (
  drafts: Drafts,
  { text, placed, inputs }: About,
): Promise<Readonly<{ notes: readonly string[] }>> => {
  const given = inputs ? inputComplaints(drafts.statements, inputs) : { complaints: [], notes: [] };
  const meaning = drafts.complaints.length > 0 ? [] : await meaningComplaints(drafts, text.folder);
  const complaints = [...drafts.complaints, ...given.complaints, ...meaning];
  if (complaints.length > 0) throw new Mistake(mistakesOf(placed(), complaints).join('\n'), HINT);
  return { notes: [...drafts.notes, ...given.notes] };
};
