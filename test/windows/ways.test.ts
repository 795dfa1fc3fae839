/** One server, every way in: each way gives the same report. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { everyQuestion } from '../../engine/cli/questions.ts';
import { collectorScript } from '../../engine/collector.ts';
import type { Report, Result } from '../../engine/model.ts';
import { type Filter, filterBlock } from '../server/filters.ts';
import {
  ADAPTER,
  ADAPTER_INTERFACE,
  FIREWALL_RULES,
  type HealthyOptions,
  healthy,
  SERVICES,
  SSTP_MINIPORT,
} from '../server/healthy.ts';
import { leaf, root } from '../server/pki.ts';
import { addKey, removeValue, type Server, setValue } from '../server/state.ts';
import { uninstall } from '../server/stores.ts';
import { atConsole, auditHere, auditThere, homeOf, onZ, type Said } from './console.ts';
import { live, liveWithNode } from './live.ts';
import { type StandIns, startStandIns } from './stand-in.ts';
import { USER, winrmServerOf } from './winrm.ts';

const at = new Date();
const server = (options: HealthyOptions = {}, sabotage: (server: Server) => void = () => {}): Server => {
  const made = healthy({ at, ...options });
  sabotage(made);
  return made;
};

/** Only who knows the addresses of the adapter can tell what these do. */
const filtered = (made: Server): void => {
  const admitted: Filter = { protocol: 6, destination: '192.0.2.10', destinationPort: 443 };
  const block = filterBlock({ direction: 'in', action: 'drop', filters: [admitted] });
  setValue(made, `${ADAPTER_INTERFACE}\\Ip`, 'InterfaceInfo', ['REG_BINARY', block]);
  addKey(made, `${SERVICES}\\Tcpip\\Parameters\\Interfaces\\${ADAPTER}`, {
    EnableDHCP: ['REG_DWORD', 0],
    IPAddress: ['REG_MULTI_SZ', ['192.0.2.10']],
  });
};

const FLEETS: readonly Readonly<Record<string, Server>>[] = [
  {
    en: server(),
    ja: server({ language: 'ja', alias: 'イーサネット 2' }),
    de: server({ language: 'de', windows: '2016', alias: 'Äußeres Netz' }),
    fr: server({ language: 'fr', windows: '2019', alias: 'Réseau externe' }),
    es: server({ language: 'es', windows: '2012r2' }),
  },
  {
    pt: server({ language: 'pt', windows: '2025' }),
    ru: server({ language: 'ru', alias: 'Внешняя сеть' }),
    zh: server({ language: 'zh', alias: '以太网' }),
    ko: server({ language: 'ko', alias: '이더넷' }),
    r2: server({ windows: '2008r2' }),
  },
  {
    filtered: server({}, filtered),
    'filtered-ja': server({ language: 'ja', alias: '外部①' }, filtered),
    'no-ports': server({}, (made) => setValue(made, SSTP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 0])),
    stopped: server({}, ({ services }) => void services.set('RemoteAccess', { state: 1, win32ExitCode: 1077 })),
    offload: server({ offload: true }),
  },
  {
    expired: server({
      certificate: await leaf({ notBefore: '2025-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' }),
    }),
    elsewhere: server({ language: 'ja', certificate: await leaf({ names: ['vpn.example.net'] }) }),
    rootless: server({}, (made) => uninstall(made, root, 'ROOT')),
    walled: server({ language: 'de' }, (made) => removeValue(made, FIREWALL_RULES, 'SSTP-IN-TCP')),
    'other-port': server({ port: 4_443 }),
  },
];

/** Of one test: some servers are asked one after another, on a machine that may be busy. */
const LONGEST_MS = 900_000;
const NAMES = ['--input', 'publicNames=vpn.example.com'];
const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'sstp-audit-ways-'));
const reportIn = async (file: string): Promise<Report> => JSON.parse(await readFile(file, 'utf8'));

/** The results for one target, without its name, which each way chooses itself. */
const of = ({ results }: Report, name: string | undefined): readonly Omit<Result, 'target'>[] =>
  results.filter(({ target }) => target === name).map(({ target: _, ...rest }) => rest);

const succeeded = (t: ExecutionContext, { code, stderr }: Said): void => {
  t.true(code === 0 || code === 1, String(stderr));
};

const overSsh = async (
  t: ExecutionContext,
  { sshConfig }: StandIns,
  hosts: readonly string[],
  more: readonly string[] = [],
) => {
  const file = join(await scratch(), 'report.json');
  const targets = hosts.map((host) => `ssh://${host}`);
  const args = ['run', ...targets, ...NAMES, '-r', `json:${file}`, '--ssh-config', sshConfig, '--at-a-time', '1'];
  succeeded(t, await auditHere(...args, ...more));
  return reportIn(file);
};

const overWinrm = async (
  t: ExecutionContext,
  standIns: StandIns,
  hosts: readonly string[],
): Promise<(name: string) => ReturnType<typeof of>> => {
  const [folder, password] = [await scratch(), randomUUID()];
  const [file, secret] = [join(folder, 'report.json'), join(folder, 'password')];
  await writeFile(secret, password, { mode: 0o600 });
  const servers = await Promise.all(hosts.map((host) => winrmServerOf(standIns, host, password)));
  try {
    const targets = servers.map(({ port }) => `winrm+http://${USER}@127.0.0.1:${port}`);
    const args = ['run', ...targets, ...NAMES, '-r', `json:${file}`, '--password-from', `file:${secret}`];
    succeeded(t, await auditHere(...args, '--at-a-time', '2'));
    for (const { shells } of servers) t.is(shells.open(), 0);
    const report = await reportIn(file);
    return (name) => of(report, `127.0.0.1:${servers[hosts.indexOf(name)]?.port}`);
  } finally {
    await Promise.all(servers.map(({ close }) => close()));
  }
};

const judged = async (t: ExecutionContext, evidence: string): Promise<Report> => {
  const file = join(await scratch(), 'report.json');
  succeeded(t, await auditHere('judge', evidence, ...NAMES, '-r', `json:${file}`));
  return reportIn(file);
};

const locally = async (t: ExecutionContext, standIns: StandIns, name: string): Promise<Report> => {
  const file = join(await scratch(), 'report.json');
  const args = ['run', 'local:', ...NAMES, '-r', `json:${onZ(file)}`];
  succeeded(t, await auditThere(standIns.environmentOf(name), ...args));
  return reportIn(file);
};

/** Brings collect.cmd to the server, where an account can be pinned to it. */
const carry = async (standIns: StandIns, name: string): Promise<void> => {
  const folder = join(standIns.environmentOf(name)['WINEPREFIX'] ?? '', 'drive_c/ProgramData/SstpAudit');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'collect.cmd'), collectorScript(await everyQuestion(), '0.1.0'));
};

/** Runs collect.cmd at the console, and imports the two files that it writes. */
const collected = async (t: ExecutionContext, standIns: StandIns, name: string, evidence: string): Promise<void> => {
  await carry(standIns, name);
  const env = standIns.environmentOf(name);
  const ran = await atConsole(env, 'cmd.exe', '/c', 'C:\\ProgramData\\SstpAudit\\collect.cmd');
  const [, stem = ''] = /written: "C:\\users\\\w+\\([^"]+)\.out"/.exec(ran.stdout.toString()) ?? [];
  t.true(ran.code === 0 && stem !== '', String(ran.stdout) + String(ran.stderr));
  const files = ['out', 'err'].map((extension) => join(homeOf(env), `${stem}.${extension}`));
  succeeded(t, await auditHere('import', ...files, '--evidence', evidence, '--name', name));
};

/** Twenty servers by five ways take minutes, and want a machine of their own: they are asked when told to. */
const ALL = process.env['SSTP_AUDIT_TESTS'] === 'all';

for (const fleet of FLEETS) {
  const names = Object.keys(fleet);
  test.serial(
    `ssh, its evidence, winrm, local: and collect.cmd tell the same of ${names.join(', ')}`,
    liveWithNode(async (t) => {
      if (!ALL) {
        t.log('NOT TESTED: SSTP_AUDIT_TESTS=all asks these servers, too');
        t.pass();
        return;
      }
      t.timeout(LONGEST_MS);
      const standIns = await startStandIns(fleet);
      try {
        const [evidence, imported] = [await scratch(), await scratch()];
        const ssh = await overSsh(t, standIns, names, ['--evidence', evidence]);
        const winrm = await overWinrm(t, standIns, names);
        for (const name of names) {
          t.true(of(ssh, name).length > 20);
          t.deepEqual(winrm(name), of(ssh, name), `${name}: winrm`);
          const local = await locally(t, standIns, name);
          t.deepEqual(of(local, local.targets[0]?.name), of(ssh, name), `${name}: local:`);
          await collected(t, standIns, name, imported);
        }
        for (const [way, folder] of Object.entries({ evidence, 'collect.cmd': imported })) {
          const report = await judged(t, folder);
          for (const name of names) t.deepEqual(of(report, name), of(ssh, name), `${name}: ${way}`);
        }
      } finally {
        await standIns.stop();
      }
    }),
  );
}

test.serial(
  'an account that is pinned to collect.cmd gets the same report over one connection, in English and in Japanese',
  live(async (t) => {
    t.timeout(LONGEST_MS);
    const names = ['en', 'ja'];
    const standIns = await startStandIns({
      en: server(),
      ja: server({ language: 'ja', alias: '外部① 髙﨑' }, filtered),
    });
    try {
      for (const name of names) await carry(standIns, name);
      const free = await overSsh(t, standIns, names);
      const before = await Promise.all(names.map(standIns.connections));
      const pinned = await overSsh(
        t,
        standIns,
        names.map((name) => `${name}.pinned`),
      );
      const after = await Promise.all(names.map(standIns.connections));
      t.deepEqual(
        after,
        before.map((count) => count + 1),
      );
      for (const name of names) t.deepEqual(of(pinned, `${name}.pinned`), of(free, name), name);
      t.is(free.summary.unknown, 0);
      t.regex(JSON.stringify(of(free, 'ja')), /外部① 髙﨑/);
    } finally {
      await standIns.stop();
    }
  }),
);
