/** A real OpenSSH server on loopback that hands every command to the cmd.exe of one of the machines. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Environment, run } from './run.ts';

const SSHD = '/usr/sbin/sshd';
const HOST = '127.0.0.1';
/** What a pinned account is held to, whatever its client sends. */
const PINNED = String.raw`C:\ProgramData\SstpAudit\collect.cmd -`;
/** Another program may take the free port before sshd does. */
const TRIES = 5;
const READY_MS = 10_000;

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const makeKey = (log: string, file: string) => run(log, {}, 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file);
const publicKey = async (file: string): Promise<string> => (await readFile(`${file}.pub`, 'utf8')).trim();

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .on('error', reject)
      .listen(0, HOST, () => {
        const address = server.address();
        server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()));
      });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, HOST)
      .on('error', () => resolve(false))
      .on('data', () => {
        resolve(true);
        socket.destroy();
      });
  });

/** Starts sshd, which the guard ends; gives its port. */
const listen = async (folder: string, config: string, tries = TRIES): Promise<number> => {
  const port = await freePort();
  const log = join(folder, 'sshd.log');
  const sshd = spawn(SSHD, ['-D', '-f', config, '-p', String(port), '-E', log], { stdio: 'ignore', detached: true });
  sshd.unref();
  const deadline = Date.now() + READY_MS;
  while (sshd.exitCode === null && Date.now() < deadline) {
    if (await answers(port)) return port;
    await setTimeout(20);
  }
  if (tries > 1 && sshd.exitCode !== null) return listen(folder, config, tries - 1);
  throw new Error(`sshd does not listen: ${await readFile(log, 'utf8').catch(() => 'it said nothing')}`);
};

/** What serve.sh reads: single quotes keep everything as it is, for no value holds one. */
const shellWords = (env: Environment): string =>
  text(...Object.entries(env).map(([name, value]) => `${name}='${value}'`));

/**
 * Starts sshd for the machines in the folders `folder/<name>`; gives the path of an ssh_config for its clients. `<name>`
 * is a server that takes commands, `<name>.pinned` the same server by an account that is pinned to the collector.
 */
export const startSshd = async (folder: string, machines: ReadonlyMap<string, Environment>): Promise<string> => {
  const [log, hostKey, keys] = [join(folder, 'log'), join(folder, 'host-key'), join(folder, 'authorized_keys')];
  const [serverConfig, clientConfig] = [join(folder, 'sshd_config'), join(folder, 'ssh_config')];
  const [serve, known] = [join(import.meta.dirname, 'serve.sh'), join(folder, 'known_hosts')];
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
  await makeKey(log, hostKey);
  const entries: string[] = [];
  for (const [name, env] of machines) {
    const own = join(folder, name);
    await makeKey(log, join(own, 'key'));
    await makeKey(log, join(own, 'key.pinned'));
    await writeFile(join(own, 'calls'), '');
    await writeFile(join(own, 'environment'), shellWords(env));
    entries.push(
      `restrict,command="'${serve}' '${own}'" ${await publicKey(join(own, 'key'))}`,
      `restrict,command="'${serve}' '${own}' '${PINNED}'" ${await publicKey(join(own, 'key.pinned'))}`,
    );
  }
  await writeFile(keys, text(...entries));
  await writeFile(
    serverConfig,
    text(
      `ListenAddress ${HOST}`,
      `HostKey ${hostKey}`,
      `PidFile ${join(folder, 'sshd.pid')}`,
      `AuthorizedKeysFile ${keys}`,
      // The folder lies below /tmp, which everyone may write.
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin forced-commands-only',
      // The login shell would read the settings of whoever runs the tests.
      `SetEnv HOME=${folder}`,
      // What the OpenSSH server of Windows agrees on.
      'KexAlgorithms curve25519-sha256',
      'MaxStartups 200',
    ),
  );
  const port = await listen(folder, serverConfig);
  await writeFile(known, text(`[${HOST}]:${port} ${await publicKey(hostKey)}`));
  const host = (name: string, key: string) => [
    `Host ${name}`,
    `  HostName ${HOST}`,
    `  Port ${port}`,
    `  User ${userInfo().username}`,
    `  IdentityFile ${key}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${known}`,
    '  GlobalKnownHostsFile none',
    '  StrictHostKeyChecking yes',
  ];
  const hosts = [...machines.keys()].flatMap((name) => [
    ...host(name, join(folder, name, 'key')),
    ...host(`${name}.pinned`, join(folder, name, 'key.pinned')),
  ]);
  await writeFile(clientConfig, text(...hosts));
  return clientConfig;
};
