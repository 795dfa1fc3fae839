/** Auditing servers over SSH, beside the plain ssh client and beside other auditors, in one run. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  builtPart,
  type Contender,
  demand,
  fromTo,
  inTurns,
  isWhole,
  MAIN,
  median,
  run,
  seconds,
  table,
} from './measure.ts';
import { peersOf, type Scene, xargs } from './peers.ts';
import { healthyNow, NAMES, PROFILE, questionsOf, writeAnswers } from './recorded.ts';
import { addressOf, startServers } from './servers.ts';
import type { Task } from './ssh-ask.ts';

const AT_A_TIME = 20;

/** At most (plain) or at least (others) this many times: what the product promises itself, by number of servers. */
const GOALS: Readonly<Record<number, number>> = { 20: 1.5, 100: 1.25 };
/** What our way in alone reaches of the servers that plain ssh asks in the same time. */
const WAY_GOAL = 0.8;
const WAY = 'our way in, alone';
const AUDITORS_GOAL = { ansible: 5, testinfra: 5, 'oscap-ssh': 2.5 } as const;

const product = ({ folder, servers, atATime }: Scene): Contender => ({
  name: 'sstp-audit run',
  run: async () => {
    const [log, json] = [path.join(folder, 'sstp-audit.log'), path.join(folder, 'report.json')];
    await rm(json, { force: true });
    const targets = servers.names.map((name) => `ssh://${name}`);
    const judging = ['-p', PROFILE, '--input', `publicNames=${NAMES}`, '--ssh-config', servers.config];
    const args = ['run', ...targets, ...judging, '--at-a-time', String(atATime), '-r', 'cli', `json:${json}`];
    const ran = await run(process.execPath, [MAIN, ...args], { log });
    await demand(ran.exitCode === 0 && (await isWhole(json, servers.names.length)), 'sstp-audit', ran);
    return ran.ms;
  },
});

const way = ({ folder, servers, questions, atATime }: Scene): Contender => ({
  name: WAY,
  run: async () => {
    const [log, file] = [path.join(folder, 'ask.log'), path.join(folder, 'task.json')];
    const commands = questions.map(({ command }) => command);
    const task: Task = { config: servers.config, names: servers.names, commands, atATime };
    await writeFile(file, JSON.stringify(task));
    const ran = await run(process.execPath, [builtPart('ssh-ask'), file], { log });
    await demand(ran.exitCode === 0, WAY, ran);
    return ran.ms;
  },
});

const goalOf = (name: string, servers: number): string => {
  const goal = Object.entries(AUDITORS_GOAL).find(([peer]) => peer === name)?.[1];
  if (goal !== undefined) return `at least ${goal}`;
  return name.startsWith('xargs') && GOALS[servers] ? `sstp-audit at most ${GOALS[servers]} of it` : '';
};

const print = (scene: Scene, taken: ReadonlyMap<string, readonly number[]>): void => {
  const count = scene.servers.names.length;
  const own = median(taken.get('sstp-audit run') ?? []);
  const rows = [...taken].map(([name, times]) => {
    const middle = median(times);
    const ratio = name.startsWith('xargs') ? `1 / ${(own / middle).toFixed(2)}` : (middle / own).toFixed(2);
    return [name, seconds(middle), fromTo(times), ratio, goalOf(name, count)];
  });
  console.log(`\n${count} servers, ${scene.questions.length} questions each, ${scene.atATime} at a time:\n`);
  console.log(table(['', 'median', 'from, to', 'times sstp-audit', 'goal'], rows));
  const [plain = Number.NaN, alone = Number.NaN] = [...taken.values()].slice(0, 2).map(median);
  console.log(`\n${WAY}: ${(plain / alone).toFixed(2)} of plain ssh (goal: at least ${WAY_GOAL})`);
};

export type SshBench = Readonly<{ servers: readonly number[]; rounds: number; peers: boolean }>;

/** Audits each number of servers in turns with the others, and prints medians and ratios. */
export const benchSsh = async ({ servers: counts, rounds, peers }: SshBench): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-bench-'));
  const { questions, lines } = await questionsOf(await healthyNow(0));
  if (lines.length > 1) console.log(`the questions need ${lines.length} lines; xargs sends the first one only`);
  const answers = path.join(folder, 'answers');
  await mkdir(answers);
  const commands = questions.map(({ command }) => command);
  for (let at = 0; at < Math.max(...counts); at++)
    await writeAnswers(path.join(answers, addressOf(at)), await healthyNow(at), commands);
  const forced = `exec perl ${path.join(import.meta.dirname, 'server.pl')} ${answers}`;
  const running = await startServers(folder, Math.max(...counts), forced);
  try {
    for (const count of counts) {
      const [names, open] = [running.names.slice(0, count), running.open.slice(0, count)];
      const servers = { ...running, names, open };
      const scene: Scene = { folder, servers, questions, line: lines[0] ?? '', atATime: AT_A_TIME };
      const contenders = [await xargs(scene), way(scene), product(scene), ...(peers ? await peersOf(scene) : [])];
      print(scene, await inTurns(contenders, rounds));
    }
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
