/** SSH servers on loopback, one sshd each, for as long as a bench lasts. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** `names` answer by the forced command; `open` names lead to the same servers with a shell, for peers that bring programs. */
export type Servers = Readonly<{
  names: readonly string[];
  open: readonly string[];
  config: string;
  port: number;
  stop(): Promise<void>;
}>;

/** Address of the server with this number, from 0. */
export const addressOf = (at: number): string => `127.0.0.${at + 1}`;

const SSHD = '/usr/sbin/sshd';
const READY_MS = 10_000;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (!address || typeof address === 'string') throw new Error('no free port');
  return address.port;
};

const makeKey = async (file: string): Promise<string> => {
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  return (await readFile(`${file}.pub`, 'utf8')).trim();
};

const answers = async (host: string, port: number): Promise<boolean> => {
  const socket = connect(port, host);
  try {
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

const untilReady = async (host: string, port: number, sshd: ChildProcess, log: string): Promise<void> => {
  const deadline = Date.now() + READY_MS;
  while (!(await answers(host, port))) {
    if (sshd.exitCode !== null || Date.now() > deadline)
      throw new Error(`sshd on ${host}:${port} does not answer: ${await readFile(log, 'utf8').catch(() => '')}`);
    await setTimeout(20);
  }
};

const serverConfig = (folder: string): string =>
  [
    `HostKey ${folder}/host-key`,
    'PidFile none',
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    // The folder lies below /tmp, which everyone may write.
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'PrintLastLog no',
    'PrintMotd no',
    'MaxStartups 500',
    'MaxSessions 100',
    'Subsystem sftp internal-sftp',
    // What the OpenSSH server of Windows agrees on.
    'KexAlgorithms curve25519-sha256',
    // A login shell would read the settings of whoever runs the bench.
    `SetEnv HOME=${folder}/home`,
    '',
  ].join('\n');

const clientConfig = (folder: string, port: number, hosts: readonly (readonly [string, string, string])[]): string =>
  [
    ...hosts.flatMap(([name, address, key]) => [
      `Host ${name}`,
      `  HostName ${address}`,
      `  IdentityFile ${folder}/${key}`,
    ]),
    'Host *',
    `  Port ${port}`,
    `  User ${userInfo().username}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    '  GlobalKnownHostsFile none',
    '  StrictHostKeyChecking yes',
    '  LogLevel ERROR',
    // Peers that keep connections open keep one per server; sstp-audit keeps none.
    `  ControlPath ${folder}/masters/%C`,
    '',
  ].join('\n');

/** Starts `count` servers that answer every command by `forced`. */
export const startServers = async (folder: string, count: number, forced: string): Promise<Servers> => {
  const at = (file: string): string => path.join(folder, file);
  for (const room of ['home', 'masters']) await mkdir(at(room), { recursive: true });
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true });
  const [host, key, openKey] = [await makeKey(at('host-key')), await makeKey(at('key')), await makeKey(at('open-key'))];
  const port = await freePort();
  const numbers = Array.from({ length: count }, (_, index) => String(index + 1).padStart(3, '0'));
  const [names, open] = [numbers.map((number) => `vpn${number}`), numbers.map((number) => `open${number}`)];
  const hosts = [
    ...names.map((name, index) => [name, addressOf(index), 'key'] as const),
    ...open.map((name, index) => [name, addressOf(index), 'open-key'] as const),
  ];
  await writeFile(at('authorized_keys'), `restrict,command="${forced}" ${key}\nrestrict ${openKey}\n`);
  await writeFile(at('known_hosts'), `[127.0.0.*]:${port} ${host}\n`);
  await writeFile(at('sshd_config'), serverConfig(folder));
  await writeFile(at('ssh_config'), clientConfig(folder, port, hosts));
  const daemons = names.map((_, index) =>
    spawn(
      SSHD,
      ['-D', '-f', at('sshd_config'), '-o', `ListenAddress=${addressOf(index)}:${port}`, '-E', at('sshd.log')],
      { stdio: 'ignore' },
    ),
  );
  const end = (): void => {
    for (const daemon of daemons) daemon.kill();
  };
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    const ends = daemons.filter(({ exitCode }) => exitCode === null).map((daemon) => once(daemon, 'exit'));
    end();
    await Promise.all(ends);
    process.off('exit', end);
  };
  await Promise.all(daemons.map((daemon, index) => untilReady(addressOf(index), port, daemon, at('sshd.log'))));
  return { names, open, config: at('ssh_config'), port, stop };
};
