/** A fleet run that is killed at random moments, and gone on with until it ends. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MAIN } from '../../program.ts';
import { pretendSsh } from './pretended-ssh.ts';

/** Each third kill comes while the program starts, the others when one to five servers more have begun to answer. */
const [START_EACH, MOST_ANSWERING] = [3, 5];
/** More than end from one kill to the next: the last kill must come before the last server. */
const SERVERS_PER_KILL = 8;
/** Servers answer after at most that long; and at most so long after one did, the process is killed. */
const [ANSWER_MS, LATER_MS] = [100, 60];

export type Killed = Readonly<{
  /** Kills by what the process was at. */
  kills: Readonly<{ starting: number; asking: number; reporting: number }>;
  /** Servers whose evidence a kill cut off: it was moved aside, and they were asked again. */
  interrupted: number;
  names: readonly string[];
  file: string;
  evidence: string;
  report: string;
}>;

/**
 * Kills the process with SIGKILL so many times, at random moments of its start and while it asks, and once more while it writes
 * the report; then lets it end. Throws when the run ends before, or in another way than it should.
 */
export const killAndResume = async (folder: string, times: number): Promise<Killed> => {
  const fleet = await fleetIn(folder, times * SERVERS_PER_KILL);
  const { list, names, file, evidence, report, pipe } = fleet;
  const kills = { starting: 0, asking: 0, reporting: 1 };
  let current = startOn(fleet, ['-i', list, '--evidence', evidence, '--input', 'publicNames=vpn.example.com'], report);
  await current.answers(1);
  const startMs = current.age();
  for (let kill = 1; kill <= times; kill++) {
    // The first start takes longest: by then a later one could have asked all servers.
    if (kill % START_EACH === 0)
      await Promise.race([setTimeout(Math.random() * startMs), current.answers(MOST_ANSWERING)]);
    else {
      await current.answers(1 + Math.floor(Math.random() * MOST_ANSWERING));
      await setTimeout(Math.random() * LATER_MS);
    }
    kills[await current.kill()] += 1;
    current = startOn(fleet, ['--resume'], kill < times ? report : pipe);
  }
  const reading = await beginningOf(pipe, current.ended);
  await current.kill();
  await reading.close();
  await startOn(fleet, ['--resume'], report).end();
  return { kills, interrupted: asideIn(evidence), names, file, evidence, report };
};

type Fleet = Pick<Killed, 'names' | 'file' | 'evidence' | 'report'> &
  Readonly<{
    list: string;
    /** Where the pretended ssh is. */
    bin: string;
    pipe: string;
  }>;

const fleetIn = async (folder: string, servers: number): Promise<Fleet> => {
  const at = (name: string): string => path.join(folder, name);
  const [list, file, evidence, report, pipe] = [at('list'), at('store.db'), at('evidence'), at('report'), at('pipe')];
  const names = Array.from({ length: servers }, (_, number) => `vpn${String(number).padStart(4, '0')}`);
  const bin = await pretendSsh(folder, ANSWER_MS);
  await mkdir(path.join(evidence, ASIDE), { recursive: true });
  await writeFile(list, names.join('\n'));
  await promisify(execFile)('mkfifo', [pipe]);
  return { names, list, file, evidence, report, pipe, bin };
};

/** Waits until something is written to a pipe: who reads no more keeps the rest from being written. Gives up at an end. */
const beginningOf = async (pipe: string, ended: Promise<unknown>): Promise<FileHandle> => {
  // To open one end only would wait for the other one.
  const both = await open(pipe, 'r+');
  let isThere = false;
  void ended.then(async () => {
    if (!isThere) await both.write('nothing');
  });
  await both.read(Buffer.alloc(1));
  isThere = true;
  return both;
};

const ASIDE = 'interrupted';
const asideIn = (evidence: string): number => readdirSync(path.join(evidence, ASIDE)).length;

type Process = Readonly<{
  ended: Promise<unknown>;
  /** Milliseconds since it was started. */
  age(): number;
  /** Waits until so many servers have begun to answer it. Throws when it ends before. */
  answers(servers: number): Promise<void>;
  /** Kills it; tells what it was at, unless it wrote the report. Throws when it has ended. */
  kill(): Promise<'starting' | 'asking'>;
  /** Waits for its end. Throws when that is not what it should be. */
  end(): Promise<void>;
}>;

const startOn = ({ bin, file, evidence }: Fleet, args: readonly string[], report: string): Process => {
  /** A server that answers gets a folder; what is set aside had one before. */
  const folders = (): number => readdirSync(evidence).length + asideIn(evidence);
  const [started, before] = [performance.now(), folders()];
  const how = ['--store', file, '--at-a-time', '8', '-r', `json:${report}`];
  const child = spawn(process.execPath, [MAIN, 'run', ...how, ...args], {
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, CI: 'true' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  const needEnd = async (wanted: number | null): Promise<void> => {
    const [code] = await ended;
    if (code !== wanted) throw new Error(`a process ended with ${code}, not ${wanted ?? 'by a kill'}:\n${said}`);
  };
  return {
    ended,
    age: () => performance.now() - started,
    answers: async (servers) => {
      for (; folders() - before < servers; await setTimeout(5)) if (child.exitCode !== null) await needEnd(null);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await needEnd(null);
      return folders() > before ? 'asking' : 'starting';
    },
    end: () => needEnd(0),
  };
};
