/** The OpenSSH client of this machine, and what it is told whatever the user's own files say. */
import { withoutPasswords } from '../credentials.ts';
import { LIMITS } from '../limits.ts';
import type { RunSsh } from './run-ssh.ts';

/** Strict always: nothing here can be weakened by an option of ours. Source: transports 3.2. */
export const STRICT = [
  'StrictHostKeyChecking=yes',
  `ConnectTimeout=${LIMITS.connectSeconds}`,
  'ServerAliveInterval=15',
  'ServerAliveCountMax=2',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'RequestTTY=no',
  'RemoteCommand=none',
  'SessionType=default',
  'PermitLocalCommand=no',
  'ControlMaster=no',
  'ControlPath=none',
  // An audit changes nothing, the known_hosts of its user neither: ssh would add the keys that a server has besides.
  'UpdateHostKeys=no',
  // Of a client that is quiet nobody learns that it was a sign-in that was refused.
  'LogLevel=INFO',
] as const;

/** Since which version (8.5 is 805) a client knows an option; an older one ends at it. Source: release notes of OpenSSH. */
const SINCE: Readonly<Record<string, number>> = {
  RemoteCommand: 706,
  KnownHostsCommand: 805,
  SessionType: 807,
};

/** The arguments for options, without those that a client of this version does not know, and whose user cannot have set either. */
export const flagsFor = (version: number, options: readonly string[]): readonly string[] =>
  options.filter((option) => version >= (SINCE[option.replace(/=.*$/s, '')] ?? 0)).flatMap((option) => ['-o', option]);

/** How ssh is run where it asks no server. */
export const AT_HOME = { nonce: '', count: 0, commandMs: LIMITS.connectSeconds * 1_000 } as const;

const versions = new WeakMap<RunSsh, Promise<number>>();

/** The version of the client, as above; that of the newest where it does not say. It is asked once. */
export const versionOf = (run: RunSsh): Promise<number> => {
  const known = versions.get(run) ?? ask(run);
  versions.set(run, known);
  return known;
};

const ask = async (run: RunSsh): Promise<number> => {
  const env = withoutPasswords(process.env);
  const { stderr } = await run(['-V'], { ...AT_HOME, env, signal: new AbortController().signal });
  const [, major, minor] = /^OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/m.exec(stderr.toString('latin1')) ?? [];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major) * 100 + Number(minor);
};
