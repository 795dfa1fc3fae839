import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What an inventory says of the way to a server. */
export type SshReach = Readonly<{
  /** The only host keys that are accepted, as in a .pub file; without them, those of the user's known_hosts. */
  hostKeys?: readonly string[];
  /** Jump host: `user@host:port`. */
  via?: string;
}>;

/** Options for ssh, and what cleans up after them. */
export type Prepared = Readonly<{ options: readonly string[]; dispose(): Promise<void> }>;

/**
 * Given keys become a known_hosts file of their own, in which any name has them: the check stays strict, and nothing that
 * the user's files know counts.
 */
export const prepareReach = async ({ hostKeys, via }: SshReach, jump: readonly string[]): Promise<Prepared> => {
  const proxy = via === undefined ? [] : [`ProxyCommand=${proxyCommand(via, jump)}`];
  if (!hostKeys) return { options: proxy, dispose: async () => {} };
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'known_hosts');
  await writeFile(file, hostKeys.map((key) => `* ${key}\n`).join(''), { mode: 0o600 }).catch(async (cause: unknown) => {
    await dispose();
    throw cause;
  });
  const quoted = `"${file.replaceAll('\\', '/').replaceAll('%', '%%')}"`;
  const known = ['KnownHostsCommand=none', 'VerifyHostKeyDNS=no'];
  return {
    options: [`UserKnownHostsFile=${quoted}`, `GlobalKnownHostsFile=${quoted}`, ...known, ...proxy],
    dispose,
  };
};

/**
 * `ssh -J` leaves the jump host to the user's configuration alone, which may be less strict than we are; this does what
 * `-J` does with our options. `via` and options hold no character that a shell gives a meaning; paths are quoted.
 */
const proxyCommand = (via: string, jump: readonly string[]): string => {
  const [, user, host = '', port] = /^(?:([\w.\\-]+)@)?(\[[\da-f:.]+\]|[\w.-]+|[\da-f:]+)(?::(\d+))?$/i.exec(via) ?? [];
  const words = ['ssh', ...jump.map(quotedWord), '-W', '[%h]:%p'];
  if (port) words.push('-p', port);
  if (user) words.push('-l', quotedWord(user));
  return [...words, '--', host.replace(/^\[(.*)\]$/, '$1')].join(' ');
};

/** For the user's shell, and for ssh, which gives `%` a meaning. */
const quotedWord = (word: string): string => {
  if (/^[\w./:=,-]+$/.test(word)) return word;
  const inner = process.platform === 'win32' ? word : word.replace(/["$`\\]/g, '\\$&');
  return `"${inner.replaceAll('%', '%%')}"`;
};
