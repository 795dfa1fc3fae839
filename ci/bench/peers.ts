/** The other ways to put the same questions to the same servers. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Contender, demand, type Ran, run } from './measure.ts';
import { ovalOf } from './oval.ts';
import type { Question } from './recorded.ts';
import type { Servers } from './servers.ts';

/** Where a bench works, and what it asks of whom. */
export type Scene = Readonly<{
  folder: string;
  servers: Servers;
  questions: readonly Question[];
  line: string;
  atATime: number;
}>;

/** A peer that may not be installed; `prepare` writes what it needs. */
type Peer = Readonly<{ name: string; isThere(): boolean; prepare(scene: Scene): Promise<Contender['run']> }>;

const ours = path.join(import.meta.dirname, 'peers');
const isProgram = (file: string, ...args: readonly string[]): boolean => spawnSync(file, args).status === 0;

/** Ends the connections that a peer keeps open, so that each run starts without any, as an audit does. */
const hangUp = (folder: string): void => {
  const masters = path.join(folder, 'masters');
  for (const socket of readdirSync(masters)) spawnSync('ssh', ['-O', 'exit', '-S', path.join(masters, socket), 'all']);
};

const writeQuestions = async ({ folder, questions }: Scene): Promise<string> => {
  const file = path.join(folder, 'questions.json');
  const asked = questions.map(({ command, exitCode, said }) => ({ command, exitCode, said }));
  await writeFile(file, JSON.stringify({ questions: asked }));
  return file;
};

const writeNames = async (folder: string, names: readonly string[]): Promise<string> => {
  const file = path.join(folder, `names-${names[0]}`);
  await writeFile(file, `${names.join('\n')}\n`);
  return file;
};

/** One ssh process per server, each with the line that sstp-audit sends: the least that any auditor can do. */
export const xargs = async ({ folder, servers, questions, line, atATime }: Scene): Promise<Contender> => {
  const name = `xargs -P${atATime} ssh`;
  const input = await writeNames(folder, servers.names);
  const ssh = [
    'ssh',
    '-T',
    '-n',
    '-F',
    servers.config,
    '-o',
    'BatchMode=yes',
    '-o',
    'ControlPath=none',
    '@host@',
    line,
  ];
  return {
    name,
    run: async () => {
      const log = path.join(folder, 'xargs.log');
      const ran = await run('xargs', [`-P${atATime}`, '-I@host@', ...ssh], { log, input });
      // Twenty answers are mixed in one log, so that a mark may be cut in two here and there.
      const ends = (await readFile(log, 'latin1')).match(/::\d{18}:1:\d+:-?\d+::/g)?.length ?? 0;
      await demand(ran.exitCode === 0 && ends > 0.9 * servers.names.length * questions.length, name, ran);
      return ran.ms;
    },
  };
};

const ansible: Peer = {
  name: 'ansible',
  isThere: () => isProgram('/usr/bin/ansible-playbook', '--version'),
  prepare: async (scene) => {
    const { folder, servers, atATime } = scene;
    const own = path.join(folder, 'ansible');
    await mkdir(own, { recursive: true });
    const questions = await writeQuestions(scene);
    await writeFile(path.join(own, 'ansible.cfg'), '');
    const args = ['-i', await writeNames(folder, servers.names), '-e', `@${questions}`, path.join(ours, 'audit.yml')];
    const env = {
      LC_ALL: 'C.UTF-8',
      ANSIBLE_CONFIG: path.join(own, 'ansible.cfg'),
      ANSIBLE_HOME: own,
      ANSIBLE_LOCAL_TEMP: own,
      ANSIBLE_FORKS: String(atATime),
      // Servers need not wait for each other, and nothing is printed for what went well: its fastest settings.
      ANSIBLE_STRATEGY: 'free',
      ANSIBLE_DISPLAY_OK_HOSTS: 'false',
      ANSIBLE_GATHERING: 'explicit',
      ANSIBLE_SSH_ARGS: `-F ${servers.config} -o ControlMaster=auto -o ControlPersist=60s`,
      ANSIBLE_SSH_CONTROL_PATH_DIR: path.join(folder, 'masters'),
      ANSIBLE_SSH_USETTY: 'false',
    };
    return async () => {
      const log = path.join(folder, 'ansible.log');
      const ran = await run('/usr/bin/ansible-playbook', args, { log, env, cwd: own });
      const oks = (await readFile(log, 'utf8')).match(/: ok=1 .*failed=0/g)?.length;
      await demand(ran.exitCode === 0 && oks === servers.names.length, 'ansible', ran);
      hangUp(folder);
      return ran.ms;
    };
  },
};

/** More workers than this cost more to start than they save on a small machine. */
const TESTINFRA_WORKERS = 4;

const testinfra: Peer = {
  name: 'testinfra',
  isThere: () => isProgram('/usr/bin/python3', '-c', 'import testinfra, xdist'),
  prepare: async (scene) => {
    const { folder, servers } = scene;
    const env = { LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1', QUESTIONS: await writeQuestions(scene) };
    const hosts = servers.names.map((name) => `ssh://${name}`).join(',');
    const options = ['-q', '-p', 'no:cacheprovider', '-n', String(TESTINFRA_WORKERS), '--rootdir', folder];
    const args = [...options, '--ssh-config', servers.config, '--hosts', hosts, path.join(ours, 'audit_test.py')];
    return async () => {
      const log = path.join(folder, 'testinfra.log');
      const ran = await run('/usr/bin/python3', ['-m', 'pytest', ...args], { log, env, cwd: folder });
      const passed = (await readFile(log, 'utf8')).includes(`${servers.names.length} passed`);
      await demand(ran.exitCode === 0 && passed, 'testinfra', ran);
      hangUp(folder);
      return ran.ms;
    };
  },
};

const oscap: Peer = {
  name: 'oscap-ssh',
  isThere: () => isProgram('oscap-ssh', '--help') && isProgram('oscap', '--version'),
  prepare: async ({ folder, servers, questions, atATime }) => {
    const own = path.join(folder, 'oscap');
    const [answers, content] = [path.join(own, 'answers'), path.join(own, 'oval.xml')];
    await mkdir(answers, { recursive: true });
    for (const [at, { stdout }] of questions.entries()) await writeFile(path.join(answers, `${at}.txt`), stdout);
    await writeFile(content, ovalOf(questions, answers));
    const input = await writeNames(folder, servers.open);
    const results = path.join(own, '@host@.xml');
    const command = ['oscap-ssh', '@host@', String(servers.port), 'oval', 'eval', '--results', results, content];
    return async () => {
      for (const name of servers.open) await rm(path.join(own, `${name}.xml`), { force: true });
      const log = path.join(folder, 'oscap.log');
      const env = { SSH_ADDITIONAL_OPTIONS: `-F ${servers.config}` };
      const ran = await run('xargs', [`-P${atATime}`, '-I@host@', ...command], { log, input, env, cwd: own });
      await demand(await allTrue(log, servers.names.length * questions.length), 'oscap-ssh', ran);
      return ran.ms;
    };
  },
};

const allTrue = async (log: Ran['log'], count: number): Promise<boolean> =>
  (await readFile(log, 'utf8')).match(/^Definition .*: true$/gm)?.length === count;

const PEERS: readonly Peer[] = [ansible, testinfra, oscap];

/** The peers that are installed, ready to run; says which are not. */
export const peersOf = async (scene: Scene): Promise<Contender[]> => {
  const contenders: Contender[] = [];
  for (const { name, isThere, prepare } of PEERS) {
    if (isThere()) contenders.push({ name, run: await prepare(scene) });
    else console.log(`${name} is not installed and is passed over; ci/bench/setup-debian.sh installs it`);
  }
  return contenders;
};
