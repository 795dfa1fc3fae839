/** Windows servers of wine behind a real OpenSSH server, for tests that need a real cmd.exe, reg.exe and sc.exe. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from '../server/state.ts';
import { refuseTheImpossible, startMachine } from './machine.ts';
import { missingPackages, preparedCache } from './prefix.ts';
import { type Environment, together } from './run.ts';
import { startSshd } from './sshd.ts';

export type StandIns = Readonly<{
  /** Path of an ssh_config with a `Host` entry per server: `ssh -F config name command`. */
  sshConfig: string;
  /** How many commands were sent to the server so far, each over a session of its own. */
  connections(name: string): Promise<number>;
  /** The environment of what runs on the server itself; `WINEPREFIX` is the folder that holds its drives. */
  environmentOf(name: string): Environment;
  /** Ends every process and removes every file, save the cache. Happens as well when the test process dies. */
  stop(): Promise<void>;
}>;

/** Why the stand-ins cannot start here, or `undefined`. */
export const whyNot = (): string | undefined => {
  const missing = missingPackages();
  return missing.length ? `not installed: ${missing.join(', ')} (ci/setup-debian.sh installs them)` : undefined;
};

const warnOfChance = (): void => {
  if (spawnSync('/usr/bin/setarch', ['--addr-no-randomize', 'true']).status === 0) return;
  process.emitWarning('setarch -R is forbidden here: one Windows program in some 6,000 will not start (see wine.sh)');
};

/** Has a folder, and what runs for it, ended as soon as told, or as this process is gone. Keeps no process alive. */
const guard = (folder: string): (() => Promise<void>) => {
  const child = spawn(join(import.meta.dirname, 'guard.sh'), [folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${folder} could not be cleaned up: guard.sh ended with ${code}`));
    });
  });
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return () => {
    child.ref();
    child.stdin.end();
    return ended;
  };
};

/** Starts the servers, by name. A description that wine cannot play is refused, never played in part. */
export const startStandIns = async (servers: Readonly<Record<string, Server>>): Promise<StandIns> => {
  const strange = Object.keys(servers).find((name) => !/^[a-z0-9][a-z0-9.-]*$/i.test(name));
  if (strange !== undefined) throw new Error(`${JSON.stringify(strange)} cannot be the name of a host`);
  for (const server of Object.values(servers)) refuseTheImpossible(server);
  warnOfChance();
  const folder = await mkdtemp(join(tmpdir(), 'sstp-audit-stand-ins-'));
  const stop = guard(folder);
  try {
    const cache = await preparedCache(folder);
    const start = async ([name, server]: [string, Server]) =>
      [name, await startMachine(server, cache, join(folder, name))] as const;
    const machines = new Map(await together(Object.entries(servers).map(start)));
    return {
      sshConfig: await startSshd(folder, machines),
      connections: async (name) => (await stat(join(folder, name, 'calls'))).size,
      environmentOf: (name) => {
        const env = machines.get(name);
        if (!env) throw new Error(`no server is named ${name}`);
        return env;
      },
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
};
