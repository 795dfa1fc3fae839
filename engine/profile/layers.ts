import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Complaint } from '../document/places.ts';
import { type Kind, readSource, type Source, type Trouble } from '../document/source.ts';
import { suggestion } from '../document/suggest.ts';
import { parentsOf } from './content.ts';

/** A file of a profile, with what is wrong in it so far. */
export type Layer = Readonly<{ source: Source; complaints: readonly Complaint[] }>;

export type Layers = Readonly<{
  /** As they were met: the named profile first. */
  read: readonly Layer[];
  /** As they count: what is extended before what extends it, the named profile last. */
  ordered: readonly Layer[];
  /** False when something that is extended could not be read. */
  complete: boolean;
}>;

/** A profile is read by people; one of more than a mebibyte is not. */
const PROFILE: Kind = { one: 'a profile', many: 'profiles', largest: 1_048_576 };

/** Deeper than this nobody can tell any more what counts. */
const DEEPEST_EXTENDS = 8;

/**
 * Reads a profile and all that it extends. A file that is reached by two ways counts once, at its first place.
 * Instead of layers, says why the named profile itself cannot be read.
 */
export const readLayers = async (name: string, builtIns: string): Promise<Layers | string> => {
  const names = await profilesIn(builtIns);
  const read = new Map<string, Layer>();
  const ordered: Layer[] = [];
  let complete = true;
  const locate = (parent: string, folder: string): string =>
    names.includes(parent) ? path.join(builtIns, `${parent}.yaml`) : path.resolve(folder, parent);

  const add = async (file: string, above: readonly string[]): Promise<string | undefined> => {
    const way = [...above, file];
    const wrongWay = refusal(way);
    if (wrongWay || read.has(file)) return wrongWay;
    const source = await readSource(file, PROFILE);
    if ('trouble' in source) return `${source.trouble}${advice(source, file, names)}`;
    const complaints = [...source.complaints];
    const layer = { source, complaints };
    read.set(file, layer);
    for (const [at, parent] of parentsOf(source.content)) {
      const says = await add(locate(parent, source.folder), way);
      if (!says) continue;
      complaints.push({ at, says });
      complete = false;
    }
    ordered.push(layer);
    return undefined;
  };

  const says = await add(locate(name, ''), []);
  return says ?? { read: [...read.values()], ordered, complete };
};

/** The names of the profiles in a folder. */
export const profilesIn = async (folder: string | URL): Promise<readonly string[]> =>
  (await readdir(folder)).flatMap((file) => (file.endsWith('.yaml') ? [path.basename(file, '.yaml')] : [])).sort();

const refusal = (way: readonly string[]): string | undefined => {
  if (new Set(way).size < way.length) return `makes a circle: ${way.map((one) => path.basename(one)).join(' > ')}`;
  return way.length > DEEPEST_EXTENDS + 1 ? `is more than ${DEEPEST_EXTENDS} profiles deep` : undefined;
};

/** A file that is not there and is called almost or quite like a built-in profile is mostly meant to be that. */
const advice = ({ absent }: Trouble, file: string, names: readonly string[]): string => {
  if (!absent) return '';
  const name = path.basename(file, '.yaml');
  const near = names.includes(name) ? ` (did you mean ${name}, without .yaml?)` : suggestion(name, names);
  return near || ` (built in are ${names.join(', ')})`;
};
