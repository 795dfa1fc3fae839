import { readFile } from 'node:fs/promises';
import { type Credentials, credentialsFrom } from '../credentials.ts';
import { cannot } from '../file-trouble.ts';
import { chosen } from '../fleet/inventory/select.ts';
import type { Listed, Server } from '../fleet/listed.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import { printable } from '../printable.ts';
import type { Inputs } from '../profile/inputs.ts';
import { runSshAside } from '../transports/starter.ts';
import { type OutsideOptions, viewOf } from './outside.ts';
import { listedAt, targetsOf } from './targets.ts';
import type { SignInOptions, WinrmWays } from './winrm.ts';

/** What the command line says of the servers that are meant. */
export type TargetOptions = Readonly<{
  inventory?: readonly string[];
  limit?: readonly string[];
  tags: readonly string[];
  sshConfig?: string;
  /** Servers that are asked at the same time, where any are. */
  atATime?: number;
  /** Where clients dial the one server that is named. */
  probe?: string;
}> &
  SignInOptions &
  Partial<OutsideOptions>;

export type Servers = Readonly<{
  targets: readonly Server[];
  /** Servers of a site that are asked at the same time. */
  sites: Readonly<Record<string, number>>;
}>;

/** The servers that are to be asked: of those that are named, with all that they need. Throws Mistake. */
export const serversOf = async (uris: readonly string[], options: TargetOptions, inputs?: Inputs): Promise<Servers> => {
  const servers = await namedServers(uris, options, inputs);
  return { ...servers, targets: readied(servers.targets) };
};

/** Whoever only lists them needs no password. */
const readied = (servers: readonly Server[]): readonly Server[] => {
  for (const server of servers) server.ready?.();
  return servers;
};

/**
 * The servers of the command line and of its inventories. `--tags` are the tags of the former, and choose among the latter.
 * With `inputs` of a profile, what inventories give them is judged too. Throws Mistake; what is merely odd goes to stderr.
 */
const namedServers = async (uris: readonly string[], options: TargetOptions, inputs?: Inputs): Promise<Servers> => {
  const { tags, limit, inventory: files = [] } = options;
  const reach = reachOf(uris, options);
  const inventories = [];
  for (const file of files) {
    // Loaded only by those who have one.
    const { readInventory } = await import('../fleet/inventory/read.ts');
    inventories.push(await readInventory(file, inputs));
  }
  for (const { notes } of inventories)
    for (const note of notes) process.stderr.write(`sstp-audit: ${printable(note)}\n`);
  const listed = inventories.flatMap(({ servers }) => servers);
  const all = [...uris.map((uri) => listedAt(uri, tags, reach)), ...tagged(listed, tags, uris.length > 0)];
  const targets = await waysTo(all, options);
  return {
    targets: limit ? limited(targets, limit) : targets,
    sites: Object.fromEntries(inventories.flatMap(({ sites }) => Object.entries(sites))),
  };
};

/** Finds the ways to servers that are to be asked. Throws Mistake. */
export const openServers = async (listed: readonly Listed[], options: TargetOptions): Promise<readonly Server[]> =>
  readied(await waysTo(listed, options));

const waysTo = async (listed: readonly Listed[], options: TargetOptions): Promise<readonly Server[]> => {
  const { sshConfig, atATime = Infinity } = options;
  // ssh would say it of each server.
  if (sshConfig !== undefined)
    await readFile(sshConfig).catch(cannot('read', sshConfig, 'name a file in the form of ssh_config'));
  const view = viewOf({ stageTimeout: LIMITS.stageMs / 1_000, allowPrivate: false, ...options });
  const credentials = namedCredentials(options);
  let ways: Promise<WinrmWays> | undefined;
  return targetsOf(listed, {
    view,
    // Loaded only by those who have such a server, and once: they share a guard.
    overWinrm: () => {
      ways ??= import('./winrm.ts').then(({ winrmWays }) => winrmWays(options, credentials));
      return ways;
    },
    ...(sshConfig !== undefined && { config: sshConfig }),
    ...(listed.length > atATime && { run: runSshAside() }),
    ...(credentials && { credentials }),
  });
};

/** Where the passwords of a run come from; undefined when the command line does not say. */
const namedCredentials = ({ passwordFrom }: SignInOptions): Credentials | undefined =>
  passwordFrom === undefined ? undefined : credentialsFrom(passwordFrom, process);

/** Two views are joined where they are views of one server, taken in one run. */
const reachOf = (uris: readonly string[], { probe, inventory = [] }: TargetOptions): Listed['reach'] => {
  if (probe === undefined) return {};
  const [uri = '', ...others] = uris;
  if (others.length > 0 || inventory.length > 0 || uri === '' || /^(?:evidence|probe):/.test(uri))
    throw new Mistake(
      `--probe ${probe} belongs to one live server`,
      'name it alone, such as ssh://admin@vpn01; in an inventory, each host says where its clients dial (probe:)',
    );
  return { probe };
};

/** The hosts that have one of the tags. Throws Mistake for one that no host has, unless it is for others: a slip leaves hosts out. */
const tagged = (listed: readonly Listed[], tags: readonly string[], others: boolean): readonly Listed[] => {
  if (tags.length === 0 || listed.length === 0) return listed;
  const known = new Set(listed.flatMap((one) => one.tags));
  const idle = tags.filter((tag) => !known.has(tag));
  const left = listed.filter((one) => one.tags.some((tag) => tags.includes(tag)));
  if (left.length === 0 || (idle.length > 0 && !others))
    throw new Mistake(
      `no host of the inventory has a tag of ${idle.join(', ')}`,
      'the name of a group is a tag of its hosts',
    );
  return left;
};

const limited = (targets: readonly Server[], limit: readonly string[]): readonly Server[] =>
  chosen(
    targets.map((reachable) => ({ reachable, name: reachable.target.name, groups: reachable.listed.groups })),
    limit,
  ).map(({ reachable }) => reachable);

/** Lists the servers of inventories: name, address and groups, or all that is known of each. */
export const listServers = async (options: TargetOptions & Readonly<{ json: boolean }>): Promise<number> => {
  const { targets } = await namedServers([], options);
  const lines = targets.map(({ target: { name, address }, listed: { groups } }) =>
    printable([name, address, groups.join(',')].join('\t').replaceAll('\t', '  ').trimEnd()),
  );
  const text = options.json
    ? JSON.stringify(
        targets.map(({ target, listed }) => ({ ...listed, ...target })),
        undefined,
        2,
      )
    : lines.join('\n');
  process.stdout.write(`${text}\n`);
  return 0;
};
