import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { shownAddress } from '../document/secrets.ts';
import { RECORDED } from '../evidence/address.ts';
import { holdsEvidence, type Recording, readFolder, readManifest } from '../evidence/read.ts';
import { cannot } from '../file-trouble.ts';
import type { Listed, Reach, Server } from '../fleet/listed.ts';
import type { Ways } from '../gather.ts';
import { Mistake } from '../mistake.ts';
import type { Target } from '../model.ts';
import { printable } from '../printable.ts';
import { serverKey } from '../server-name.ts';
import { local } from '../transports/local.ts';
import { replay } from '../transports/replay.ts';
import { type SshOptions, ssh } from '../transports/ssh.ts';
import type { Transport } from '../transports/transport.ts';
import { nameOf, SCHEME, type View } from './outside.ts';
import type { WinrmWays } from './winrm.ts';

type Options = SshOptions & Readonly<{ view: View; overWinrm: () => Promise<WinrmWays> }>;

const FOLDER_HINT = 'name a folder that gather or --evidence wrote';
const HINT =
  'write ssh://user@host:port or winrm://user@host for a live server, local: for this one, probe://vpn.example.com for its outside, evidence:FOLDER for recorded evidence, or -i inventory.yaml for many';
const NO_PASSWORD = 'set SSTP_AUDIT_SSH_PASSWORD instead, or name a source with --password-from';

/** A target that is given by its URI alone. */
export const listedAt = (address: string, tags: readonly string[], reach: Listed['reach'] = {}): Listed => ({
  address,
  tags,
  inputs: {},
  groups: [],
  reach,
});

const ONCE = 'name each server once, on the command line and in all inventories together';

/** Finds what is listed. Throws Mistake for an address that leads nowhere and for two targets of one name. */
export const targetsOf = async (listed: readonly Listed[], options: Options): Promise<readonly Server[]> => {
  if (listed.length === 0) throw new Mistake('no target is given', HINT);
  const targets: Server[] = [];
  const names = new Map<string, string>();
  for (const one of listed)
    for (const reachable of await targetsAt(one, options)) {
      const name = serverKey(reachable.target.name);
      const twin = names.get(name);
      if (twin !== undefined)
        throw new Mistake(
          printable(`two targets are named ${reachable.target.name}: ${twin} and ${reachable.target.address}`),
          ONCE,
        );
      names.set(name, reachable.target.address);
      targets.push(reachable);
    }
  return targets;
};

const targetsAt = async (listed: Listed, options: Options): Promise<readonly Server[]> => {
  const { address } = listed;
  if (address.startsWith(RECORDED)) return recorded(address.slice(RECORDED.length), listed);
  if (address.startsWith(SCHEME)) return [await fromOutside(listed, options)];
  if (/^(?:ssh|winrm|winrm\+http):\/\//.test(address)) return [await joined(await live(listed, options), options)];
  if (address === 'local:') return [await joined(thisMachine(listed), options)];
  throw new Mistake(`${shownAddress(address)} is not a target`, HINT);
};

/** A server of which only the outside is looked at. */
const fromOutside = async (listed: Listed, { view }: Options): Promise<Server> => {
  const { address } = listed;
  const open = await view(address);
  return reachable(listed, { name: nameOf(open().endpoint), address }, async () => ({ network: open() }));
};

/** A server that is looked at from where its clients dial, too, where that is known. */
const joined = async (server: Server, { view }: Options): Promise<Server> => {
  const { probe } = server.listed.reach;
  if (probe === undefined) return server;
  const open = await view(probe);
  return { ...server, open: async () => ({ ...(await server.open()), network: open() }) };
};

/** The Windows server that we run on, named as it names itself. */
const thisMachine = (listed: Listed): Server => {
  const transport = local();
  return reachable(listed, { name: hostname(), address: 'local:' }, async () => ({ server: transport }));
};

const reachable = (
  listed: Listed,
  { name, address }: Pick<Target, 'name' | 'address'>,
  open: Server['open'],
): Server => {
  const { tags, inputs } = listed;
  return { target: { name: listed.name ?? name, address, tags, inputs }, listed, open };
};

/** Asked for only where a server turns out to run the collector. */
const collectorQuestions = async (): Promise<readonly string[]> => {
  const { everyQuestion } = await import('./questions.ts');
  return (await everyQuestion()).map(({ command }) => command);
};

const live = async (listed: Listed, { overWinrm, ...options }: Options): Promise<Server> => {
  const { address: uri, reach } = listed;
  // In a password, / ? and # end what a URL takes for the account: it would be dialled, and its end shown.
  const shown = shownAddress(uri);
  if (shown !== uri) throw new Mistake(`${shown}: an address holds no password`, NO_PASSWORD);
  if (!URL.canParse(uri)) throw new Mistake(`${uri} is not an address`, HINT);
  const address = new URL(uri);
  const transport =
    address.protocol === 'ssh:' ? overSsh(address, reach, options) : (await overWinrm())(address, reach);
  const name = address.port ? `${address.hostname}:${address.port}` : address.hostname;
  const server = reachable(listed, { name, address: address.href }, async () => ({ server: transport }));
  return { ...server, ...(transport.ready && { ready: transport.ready }) };
};

const overSsh = (address: URL, { hostKeys, via }: Reach, options: SshOptions): Transport =>
  ssh(address, {
    ...options,
    collector: collectorQuestions,
    ...(hostKeys && { hostKeys }),
    ...(via && { via }),
  });

/** The folder itself, or every evidence folder directly below it, finished or not. Throws Mistake where there is none. */
export const foldersIn = async (folder: string): Promise<readonly string[]> => {
  if (folder === '') throw new Mistake(`${RECORDED} names no folder`, HINT);
  const entries = await readdir(folder, { withFileTypes: true }).catch(cannot('read', folder, FOLDER_HINT));
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  const folders: string[] = [];
  for (const at of (await holdsEvidence(folder)) ? [folder] : below) if (await holdsEvidence(at)) folders.push(at);
  if (folders.length === 0) throw new Mistake(`${folder} holds no evidence`, FOLDER_HINT);
  return folders.sort();
};

const recorded = async (folder: string, listed: Listed): Promise<readonly Server[]> => {
  const found: Server[] = [];
  // One after another: their bytes together may be more than memory holds.
  for (const at of await foldersIn(folder)) found.push(await recording(at, listed));
  return found;
};

const recording = async (folder: string, listed: Listed): Promise<Server> => {
  const { name, tags } = (await readManifest(folder)).target;
  const address = `${RECORDED}${folder}`;
  const all = { ...listed, name, address, tags: [...new Set([...tags, ...listed.tags])] };
  return reachable(all, { name, address }, async () => waysOf(await readFolder(folder)));
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
