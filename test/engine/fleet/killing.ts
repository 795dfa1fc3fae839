/** A fleet run that is killed at random moments, and gone on with until it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pretendSsh } from './pretended-ssh.ts';

const MAIN = path.join(import.meta.dirname, '../../../engine/cli/main.mjs');

export type Killed = Readonly<{
  kills: number;
  runs: number;
  names: readonly string[];
  file: string;
  evidence: string;
  report: string;
}>;

/** Kills the process `kills` times with SIGKILL, then lets it end. Throws when it ends in another way than it should. */
export const killAndResume = async (
  folder: string,
  { servers, kills }: { servers: number; kills: number },
): Promise<Killed> => {
  await mkdir(folder, { recursive: true });
  const bin = await pretendSsh(folder);
  const [file, evidence, report] = ['store.db', 'evidence', 'report.json'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(evidence, { recursive: true });
  const names = Array.from({ length: servers }, (_, at) => `vpn${String(at).padStart(4, '0')}`);
  await writeFile(path.join(folder, 'servers.txt'), names.join('\n'));
  const begin = [
    '-i',
    path.join(folder, 'servers.txt'),
    '--evidence',
    evidence,
    '--input',
    'publicNames=vpn.example.com',
    '--at-a-time',
    '8',
  ];
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [MAIN, 'run', '--store', file, ...args, '-r', `json:${report}`], {
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, CI: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return { child, ended: once(child, 'exit'), said: () => said };
  };
  const started = Date.now();
  let current = start(begin);
  while (!current.said().includes('remembered in') && current.child.exitCode === null) await setTimeout(5);
  const startMs = Date.now() - started;
  let killed = 0;
  let runs = 1;
  while (killed < kills) {
    // Some moments lie in the start, most in the run.
    const moment = setTimeout(startMs * (0.5 + Math.random() * 1.5), 'kill' as const);
    const first = await Promise.race([moment, current.ended.then(() => 'ended' as const)]);
    if (first === 'ended') break;
    current.child.kill('SIGKILL');
    await current.ended;
    killed++;
    current = start(['--resume']);
    runs++;
  }
  const [code] = await current.ended;
  // 3: the pretended server keeps something from everybody.
  if (code !== 0 && code !== 3)
    throw new Error(`the last process ended with ${code} after ${killed} kills:\n${current.said()}`);
  return { kills: killed, runs, names, file, evidence, report };
};
