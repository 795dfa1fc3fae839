/** Looking at servers from outside, beside nmap with the scripts that do the most of the same work, in one run. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pem, type Rras, startRras } from '../../test/network/rras.ts';
import { authority, leaf, root } from '../../test/server/pki.ts';
import {
  builtPart,
  type Contender,
  demand,
  fromTo,
  inTurns,
  MAIN,
  median,
  PEAK,
  peakOf,
  run,
  seconds,
  table,
} from './measure.ts';

/** At most this many times nmap: what the product promises itself. */
const GOALS = { one: 0.5, fifty: 0.4, versions: 0.6 } as const;

/** What the servers send: certificates that name no list, so that nobody looks for one on the way. */
const chainOf = async () => {
  const issuing = await authority({ issuer: root });
  return [await leaf({ issuer: issuing, crl: [], ocsp: [], caIssuers: [], notAfter: '2039-12-31T00:00:00Z' }), issuing];
};

/** Servers on loopback, each on an address of its own, all on one port. */
const startMany = async (count: number): Promise<readonly Rras[]> => {
  const chain = await chainOf();
  const first = await startRras({ chain, host: '127.0.2.0' });
  const rest: Rras[] = [];
  for (let at = 1; at < count; at++)
    rest.push(await startRras({ chain, host: `127.0.${2 + (at >> 8)}.${at & 0xff}`, port: first.port }));
  return [first, ...rest];
};

type Scene = Readonly<{ folder: string; servers: readonly Rras[]; roots: string }>;
const placesOf = ({ servers }: Scene): string[] => servers.map(({ host, port }) => `${host}:${port}`);

const nmap = (scene: Scene, scripts: string, isDone: (said: string) => boolean): Contender => ({
  name: `nmap -T4 ${scripts}`,
  run: async () => {
    const log = path.join(scene.folder, 'nmap.log');
    const port = String(scene.servers[0]?.port);
    const hosts = scene.servers.map(({ host }) => host);
    const ran = await run('nmap', ['-T4', '-Pn', '-n', '-p', port, '--script', scripts, ...hosts], { log });
    await demand(ran.exitCode === 0 && isDone(await readFile(log, 'utf8')), 'nmap', ran);
    return ran.ms;
  },
});

type Kind = 'sstp' | 'versions';

/** Saying how much memory was needed takes time, too: only where it is asked for. */
const told = (peaks: number[] | undefined): readonly string[] => (peaks ? [PEAK] : []);

/** The probe alone. */
const lean = (scene: Scene, kind: Kind, peaks?: number[]): Contender => ({
  name: 'engine/probe',
  run: async () => {
    const log = path.join(scene.folder, 'look.log');
    const ran = await run(process.execPath, [...told(peaks), builtPart('look'), kind, ...placesOf(scene)], { log });
    await demand(ran.exitCode === 0, 'the probe', ran);
    peaks?.push(await peakOf(ran));
    return ran.ms;
  },
});

/** The whole product: the certificate is judged as Windows does, too. */
const whole = (scene: Scene, peaks?: number[], ...options: readonly string[]): Contender => ({
  name: ['sstp-audit probe', ...options].join(' '),
  run: async () => {
    const log = path.join(scene.folder, 'probe.log');
    const args = ['--sni', 'vpn.example.com', '--roots', scene.roots, '--json', ...options];
    const ran = await run(process.execPath, [...told(peaks), MAIN, 'probe', ...placesOf(scene), ...args], { log });
    const acks = (await readFile(log, 'utf8')).split('CALL_CONNECT_ACK').length - 1;
    await demand(acks >= scene.servers.length, 'sstp-audit probe', ran);
    peaks?.push(await peakOf(ran));
    return ran.ms;
  },
});

const print = (title: string, taken: ReadonlyMap<string, readonly number[]>, goal?: number): void => {
  const base = median([...taken.values()][0] ?? []);
  const rows = [...taken].map(([name, times], at) => {
    const middle = median(times);
    return [name, seconds(middle), fromTo(times), (middle / base).toFixed(2), at > 0 && goal ? `at most ${goal}` : ''];
  });
  console.log(`\n${title}:\n\n${table(['', 'median', 'from, to', 'times the first', 'goal'], rows)}`);
};

const everySstp = (count: number) => (said: string) => said.split('SSTP is supported').length - 1 === count;
const DISCOVER = '+sstp-discover,+ssl-cert';

/** Memory must not grow with the number of servers, but for what is known of each. */
const benchMany = async (scene: Scene): Promise<void> => {
  const rows: string[][] = [];
  for (const count of [50, scene.servers.length]) {
    const some = { ...scene, servers: scene.servers.slice(0, count) };
    for (const contender of [lean, whole]) {
      const peaks: number[] = [];
      const { name, run: work } = contender === lean ? lean(some, 'sstp', peaks) : whole(some, peaks);
      const ms = await work();
      rows.push([name, String(count), seconds(ms), `${Math.round((peaks[0] ?? 0) / 1_024)} MiB`]);
    }
  }
  console.log(`\nMany servers, once each:\n\n${table(['', 'servers', 'time', 'peak memory'], rows)}`);
};

export type ProbeBench = Readonly<{ rounds: number; many: number }>;

export const benchProbe = async ({ rounds, many }: ProbeBench): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-bench-'));
  const roots = path.join(folder, 'root.pem');
  await writeFile(roots, pem(root.der));
  const servers = await startMany(many);
  const scene = (count: number): Scene => ({ folder, roots, servers: servers.slice(0, count) });
  try {
    const [one, fifty] = [scene(1), scene(50)];
    const all = (scripts: string, isDone: (said: string) => boolean, which: Scene, kind: Kind) => [
      nmap(which, scripts, isDone),
      lean(which, kind),
      whole(which, undefined, ...(kind === 'versions' ? ['--versions'] : [])),
    ];
    print('One server', await inTurns(all(DISCOVER, everySstp(1), one, 'sstp'), rounds), GOALS.one);
    print('50 servers', await inTurns(all(DISCOVER, everySstp(50), fifty, 'sstp'), rounds), GOALS.fifty);
    const suites = all('+ssl-enum-ciphers', (said) => said.includes('TLSv1.2'), one, 'versions');
    print('Versions and suites of one server', await inTurns(suites, rounds), GOALS.versions);
    await benchMany(scene(many));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  }
};
