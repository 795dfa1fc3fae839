/** Who asks WinRM servers the same questions. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { builtPart, type Contender, demand, isWhole, MAIN, run } from './measure.ts';
import { NAMES, PROFILE, type Question } from './recorded.ts';

const AT_A_TIME = 32;
/** pywinrm is bound to one processor per process: more workers than processors bring it nothing. */
const WORKERS = 4;
export const OURS = 'our way in, alone';

/** Runs a program, and writes the processor time of it and its children, in seconds, and its largest process, in KiB. */
const METER = `
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=open(sys.argv[1], 'a'))
sys.exit(code)
`;
export const PYTHON = '/usr/bin/python3';

export type Scheme = 'ntlm' | 'basic';
export type Scene = Readonly<{
  folder: string;
  ports: readonly number[];
  scheme: Scheme;
  questions: readonly Question[];
  lines: readonly string[];
  env: Record<string, string>;
}>;

/** A contender whose processor time and memory are kept in `meter`. */
export type Metered = Contender & Readonly<{ meter: string; goal?: number }>;

const metered = (name: string, folder: string, work: (meter: readonly string[]) => Promise<number>): Metered => {
  const meter = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.meter`);
  return { name, meter, run: () => work(['-c', METER, meter]) };
};

const addressesOf = ({ ports, scheme }: Scene): readonly string[] =>
  ports.map((port) =>
    scheme === 'ntlm' ? `winrm+http://audit@127.0.0.1:${port}` : `winrm://audit@localhost:${port}?auth=basic`,
  );

/** What the product itself is compared by: the questions asked, and nothing done with the answers, as the peers do. */
export const asking = async (scene: Scene): Promise<Metered> => {
  const { folder, questions, env, ports } = scene;
  const [task, ca] = [path.join(folder, 'ours.json'), path.join(folder, 'ca.pem')];
  const commands = questions.map(({ command }) => command);
  await writeFile(task, JSON.stringify({ ca, addresses: addressesOf(scene), commands, atATime: AT_A_TIME }));
  return metered(OURS, folder, async (meter) => {
    const log = path.join(folder, 'asking.log');
    const ran = await run(PYTHON, [...meter, process.execPath, builtPart('winrm-ask'), task], { log, env });
    await demand((await readFile(log, 'utf8')).includes(`${ports.length} servers answered`), OURS, ran);
    return ran.ms;
  });
};

export const product = (scene: Scene): Metered => {
  const { folder, ports, env } = scene;
  return metered('sstp-audit run, with judging', folder, async (meter) => {
    const [log, json] = [path.join(folder, 'sstp-audit.log'), path.join(folder, 'report.json')];
    await rm(json, { force: true });
    const judging = ['-p', PROFILE, '--input', `publicNames=${NAMES}`, '--ca', path.join(folder, 'ca.pem')];
    const output = ['--at-a-time', String(AT_A_TIME), '-r', `json:${json}`];
    const args = [process.execPath, MAIN, 'run', ...addressesOf(scene), ...judging, ...output];
    const ran = await run(PYTHON, [...meter, ...args], { log, env });
    await demand(ran.exitCode === 0 && (await isWhole(json, ports.length)), 'sstp-audit', ran);
    return ran.ms;
  });
};

/** OpenSSL 3 has the MD4 of NTLM in its legacy provider only. */
const LEGACY = 'openssl_conf = i\n[i]\nproviders = p\n[p]\ndefault = on\nlegacy = on\n[on]\nactivate = 1\n';

type Peer = Readonly<{ name: string; batch: boolean; goal?: number }>;

export const pywinrm = async ({ name, batch, goal }: Peer, scene: Scene): Promise<Metered> => {
  const { folder, ports, scheme, lines, questions, env } = scene;
  const [task, legacy] = [path.join(folder, `task-${batch}.json`), path.join(folder, 'legacy.cnf')];
  await writeFile(legacy, LEGACY);
  const settings =
    scheme === 'ntlm'
      ? { transport: 'ntlm', username: 'VPN\\audit', message_encryption: 'always' }
      : { transport: 'basic', username: 'audit', ca_trust_path: path.join(folder, 'ca.pem') };
  const endpoints = ports.map(
    (port) => `${scheme === 'ntlm' ? 'http://127.0.0.1' : 'https://localhost'}:${port}/wsman`,
  );
  const work = batch
    ? { lines, answers: questions.length }
    : {
        lines: questions.map(({ command }) => command),
        answers: questions.filter(({ stdout }) => stdout.length).length,
      };
  await writeFile(task, JSON.stringify({ settings, endpoints, batch, workers: WORKERS, ...work }));
  const ran = metered(name, folder, async (meter) => {
    const log = path.join(folder, 'pywinrm.log');
    const script = path.join(import.meta.dirname, 'peers/winrm_all.py');
    const args = [...meter, PYTHON, '-W', 'ignore', script, task];
    const done = await run(PYTHON, args, { log, env: { ...env, OPENSSL_CONF: legacy } });
    await demand((await readFile(log, 'utf8')).includes(`${ports.length} servers answered`), name, done);
    return done.ms;
  });
  return { ...ran, ...(goal !== undefined && { goal }) };
};
