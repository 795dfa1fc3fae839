import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { MANIFEST } from '../evidence/manifest.ts';
import { type Recording, readFolder } from '../evidence/read.ts';
import type { Ways } from '../gather.ts';
import { Mistake } from '../mistake.ts';
import type { Target } from '../model.ts';
import { local } from '../transports/local.ts';
import { replay } from '../transports/replay.ts';
import { type SshOptions, ssh } from '../transports/ssh.ts';

/** A target and the ways to it, which are opened when its turn comes. */
export type Reachable = Readonly<{ target: Target; open(): Promise<Ways> }>;

type Options = Readonly<{ tags: readonly string[] } & SshOptions>;

const HINT =
  'write ssh://user@host:port for a live server, local: for this one, or evidence:FOLDER for recorded evidence';

/** Reads target URIs. Throws Mistake for a URI that leads nowhere and for two targets of one name. */
export const targetsOf = async (uris: readonly string[], options: Options): Promise<readonly Reachable[]> => {
  if (uris.length === 0) throw new Mistake('no target is given', HINT);
  const targets = (await Promise.all(uris.map((uri) => targetsAt(uri, options)))).flat();
  const names = targets.map(({ target }) => target.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Mistake(`two targets are named ${twice}`, 'name each server once');
  return targets;
};

const targetsAt = async (uri: string, options: Options): Promise<readonly Reachable[]> => {
  if (uri.startsWith('evidence:')) return recorded(uri.slice('evidence:'.length), options);
  if (uri.startsWith('ssh://')) return [live(uri, options)];
  if (uri === 'local:') return [thisMachine(options)];
  throw new Mistake(`${uri.replace(/:[^:@/]*@/, ':…@')} is not a target`, HINT);
};

/** The Windows server that we run on, named as it names itself. */
const thisMachine = ({ tags }: Options): Reachable => {
  const transport = local();
  return {
    target: { name: hostname(), address: 'local:', tags, inputs: {} },
    open: async () => ({ server: transport }),
  };
};

/** Asked for only where a server turns out to run the collector. */
const collectorQuestions = async (): Promise<readonly string[]> => {
  const { everyQuestion } = await import('./questions.ts');
  return (await everyQuestion()).map(({ command }) => command);
};

const live = (uri: string, { tags, ...options }: Options): Reachable => {
  if (!URL.canParse(uri)) throw new Mistake(`${uri.replace(/:[^:@/]*@/, ':…@')} is not an address`, HINT);
  const address = new URL(uri);
  const transport = ssh(address, { ...options, collector: collectorQuestions });
  const name = address.port ? `${address.hostname}:${address.port}` : address.hostname;
  return { target: { name, address: address.href, tags, inputs: {} }, open: async () => ({ server: transport }) };
};

/** The folder itself, or every evidence folder directly below it. */
const recorded = async (folder: string, { tags }: Options): Promise<readonly Reachable[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    throw new Mistake(`${folder} cannot be read: ${cause.message}`, HINT, { cause });
  });
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  const folders = existsSync(path.join(folder, MANIFEST))
    ? [folder]
    : below.filter((at) => existsSync(path.join(at, MANIFEST)));
  if (folders.length === 0)
    throw new Mistake(`${folder} holds no evidence`, 'name a folder that gather or --evidence wrote');
  return Promise.all(folders.sort().map((at) => recording(at, tags)));
};

const recording = async (folder: string, tags: readonly string[]): Promise<Reachable> => {
  const { manifest } = await readFolder(folder);
  const { name, tags: recordedTags } = manifest.target;
  const target = { name, address: `evidence:${folder}`, tags: [...new Set([...recordedTags, ...tags])], inputs: {} };
  return { target, open: async () => waysOf(await readFolder(folder)) };
};

/** A recording answers what was asked on the server, from outside, or both. */
const waysOf = (recording: Recording): Ways => {
  const transport = replay(recording);
  const { vantage, endpoint } = recording.manifest;
  return {
    ...(vantage !== 'network' && { server: transport }),
    ...(endpoint && { network: { transport, endpoint } }),
  };
};
