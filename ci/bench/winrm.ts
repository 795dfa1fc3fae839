/** Auditing servers over WinRM, beside pywinrm with the same questions, in one run. */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurns, median, seconds, table } from './measure.ts';
import { healthyNow, questionsOf } from './recorded.ts';
import { asking, type Metered, OURS, PYTHON, product, pywinrm, type Scene, type Scheme } from './winrm-contenders.ts';

/** At least this many times as fast as the peer: what the product promises itself. */
const GOAL = 5;

const startServers = async (count: number, scheme: Scheme, folder: string, env: Record<string, string>) => {
  const child: ChildProcess = fork(
    fileURLToPath(import.meta.resolve('./winrm-servers.ts')),
    [String(count), scheme, folder],
    {
      env: { ...process.env, ...env },
    },
  );
  const [ports] = (await once(child, 'message')) as [number[]];
  const openShells = async (): Promise<number> => {
    child.send('how many');
    const [open] = (await once(child, 'message')) as [number[]];
    return open.reduce((sum, one) => sum + one, 0);
  };
  return { ports, openShells, stop: () => child.disconnect() };
};

const print = async (scene: Scene, contenders: readonly Metered[], taken: ReadonlyMap<string, readonly number[]>) => {
  const { ports, scheme, questions, lines } = scene;
  const measured = await Promise.all(
    contenders.map(async ({ name, meter, goal }) => {
      const readings = (await readFile(meter, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
      const cpu = median(readings.map(([used = 0]) => (used * 1_000) / ports.length));
      const memory = Math.max(...readings.map(([, peak = 0]) => peak / 1_024));
      return { name, goal, cpu, memory, ms: median(taken.get(name) ?? []) };
    }),
  );
  const ours = measured.find(({ name }) => name === OURS);
  const rows = measured.map(({ name, goal, cpu, memory, ms }) => [
    name,
    seconds(ms),
    (ports.length / (ms / 1_000)).toFixed(1),
    `${cpu.toFixed(1)} ms`,
    `${Math.round(memory)} MiB`,
    (ms / (ours?.ms ?? Number.NaN)).toFixed(2),
    (cpu / (ours?.cpu ?? Number.NaN)).toFixed(2),
    goal === undefined ? '' : `at least ${goal}`,
  ]);
  const way = scheme === 'ntlm' ? 'sealed NTLM' : 'Basic over TLS';
  console.log(
    `\n${ports.length} WinRM servers, ${way}, ${questions.length} questions, ${lines.length} line(s) each:\n`,
  );
  const head = [
    '',
    'median',
    'servers/s',
    'processor/server',
    'largest process',
    'times ours',
    'processor, times ours',
    'goal',
  ];
  console.log(table(head, rows));
};

export type WinrmBench = Readonly<{ servers: number; rounds: number }>;

/** Asks the servers in turns with pywinrm, and prints medians and ratios. */
export const benchWinrm = async ({ servers: count, rounds }: WinrmBench): Promise<void> => {
  if (spawnSync(PYTHON, ['-c', 'import winrm, requests_ntlm']).status !== 0) {
    console.log('pywinrm is not installed, so there is nothing to compare with; ci/setup-debian.sh installs it');
    return;
  }
  const { questions, lines } = await questionsOf(await healthyNow(0));
  for (const scheme of ['ntlm', 'basic'] as const) {
    const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-bench-'));
    const env = { SSTP_AUDIT_PASSWORD: randomBytes(9).toString('base64') };
    const { ports, openShells, stop } = await startServers(count, scheme, folder, env);
    try {
      const scene: Scene = { folder, ports, scheme, questions, lines, env };
      const contenders = [
        await asking(scene),
        product(scene),
        await pywinrm({ name: 'pywinrm, question by question', batch: false, goal: GOAL }, scene),
        await pywinrm({ name: 'pywinrm, with our batch', batch: true }, scene),
      ];
      await print(scene, contenders, await inTurns(contenders, rounds));
      console.log(`remote shells left open: ${await openShells()}`);
    } finally {
      stop();
      await rm(folder, { recursive: true, force: true });
    }
  }
};
