/**
 * A hundred servers behind real OpenSSH servers on loopback, each with an address and answers of its own. A program answers
 * for their cmd.exe what the described server prints, so that a hundred of them take seconds and no wine.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { auditOf, NAMES, writeAnswers } from '../../ci/bench/recorded.ts';
import { addressOf, startServers } from '../../ci/bench/servers.ts';
import type { Result } from '../../engine/model.ts';
import { encode } from '../../engine/snap.ts';
import { ran } from '../server/cmd.ts';
import { FIREWALL_RULES, type HealthyOptions, healthy, SSTP_MINIPORT } from '../server/healthy.ts';
import { unbind } from '../server/http.ts';
import { leaf, root } from '../server/pki.ts';
import { removeValue, type Server, setValue } from '../server/state.ts';
import { uninstall } from '../server/stores.ts';

type Kind = Readonly<{
  options?: HealthyOptions;
  certificate?: Parameters<typeof leaf>[0];
  sabotage?(server: Server): void;
}>;

const ENDED = { notBefore: '2025-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' };

/** What servers are like; number 1 is of the first kind, number 2 of the second, and so on, round and round. */
const KINDS: readonly Kind[] = [
  {},
  { options: { language: 'ja', alias: 'イーサネット 2' } },
  { options: { language: 'de', windows: '2016', alias: 'Äußeres Netz' } },
  { sabotage: (server) => setValue(server, SSTP_MINIPORT, 'WanEndpoints', ['REG_DWORD', 0]) },
  { sabotage: ({ services }) => void services.set('RemoteAccess', { state: 1, win32ExitCode: 1077 }) },
  { options: { windows: '2025', language: 'pt' } },
  {
    sabotage: (server) => {
      unbind(server, '0.0.0.0:443');
      unbind(server, '[::]:443');
    },
  },
  { certificate: ENDED },
  { options: { language: 'ja' }, certificate: { names: ['vpn.example.net'] } },
  { certificate: { crl: ['http://crl.corp.local/ca.crl'], ocsp: [] } },
  { sabotage: (server) => uninstall(server, root, 'ROOT') },
  {
    options: { language: 'ja', alias: '外部① 髙﨑' },
    sabotage: (server) => removeValue(server, FIREWALL_RULES, 'SSTP-IN-TCP'),
  },
  { options: { port: 4_443 } },
];

/** Numbers of those that lie, and how. */
export const LIARS = { garbage: 15, cut: 27, stale: 47, silent: 71, merged: 79 } as const;

/** Servers that answer; with the one that hangs and the one that refuses there are a hundred. */
const ANSWERING = 98;
const NUMBERS = Array.from({ length: ANSWERING }, (_, at) => at + 1);
const kindOf = (number: number): number => (number - 1) % KINDS.length;
/** The first of its kind. */
export const kinOf = (number: number): number => kindOf(number) + 1;

/** Those that answer truly. */
export const TRUTHFUL = NUMBERS.filter((number) => !Object.values<number>(LIARS).includes(number));

const DAY_MS = 86_400_000;

/** Each has a certificate that ends on a day of its own: nobody's answers can pass for another's. */
const serverOf = async (number: number, at: Date): Promise<Server> => {
  const { options, certificate, sabotage } = KINDS[kindOf(number)] ?? {};
  const end = new Date(at.getTime() + (400 + number) * DAY_MS + DAY_MS / 2);
  const own = await leaf({ notAfter: `${end.toISOString().slice(0, 19)}Z`, ...certificate });
  const server = healthy({ at, ...options, certificate: own });
  sabotage?.(server);
  return server;
};

/** Takes connections and never says a word; and a port where nobody listens. */
const startSilence = async (): Promise<Readonly<{ hung: number; closed: number; stop(): Promise<void> }>> => {
  const held = new Set<Socket>();
  const silent = createServer((socket) => held.add(socket.on('error', () => {})));
  const port = async (server: typeof silent): Promise<number> => {
    await once(server.listen(0, '127.0.1.1'), 'listening');
    const address = server.address();
    return address && typeof address === 'object' ? address.port : 0;
  };
  const [hung, leaving] = [await port(silent), createServer()];
  const closed = await port(leaving);
  await once(leaving.close(), 'close');
  const stop = async (): Promise<void> => {
    for (const socket of held) socket.destroy();
    await once(silent.close(), 'close');
  };
  return { hung, closed, stop };
};

const hostBlock = (name: string, port: number): string => `Host ${name}\n  HostName 127.0.1.1\n  Port ${port}\n`;

/** What the forced command runs: the answers of the address that was dialled, or a lie. */
const serveScript = (folder: string): string => `#!/bin/sh
folder='${folder}'
answer() { perl '${path.join(import.meta.dirname, '../../ci/bench/server.pl')}' "$folder/answers"; }
set -- $SSH_CONNECTION
case "$3" in
  ${addressOf(LIARS.garbage - 1)}) exec cat "$folder/garbage" ;;
  ${addressOf(LIARS.cut - 1)}) answer > "$folder/whole.$$"; exec head -c 20000 "$folder/whole.$$" ;;
  ${addressOf(LIARS.stale - 1)}) cat "$folder/stale.err" >&2; exec cat "$folder/stale.out" ;;
  ${addressOf(LIARS.silent - 1)}) exec sleep 20 ;;
  ${addressOf(LIARS.merged - 1)}) answer 2>&1 ;;
  *) answer ;;
esac
`;

/** What another server answered at another time, to marks that are not of this run. */
const writeStale = async (folder: string, server: Server, commands: readonly string[]): Promise<void> => {
  const { line = '' } = encode(commands, '123456789012345678');
  const { stdout, stderr } = ran(server, line);
  await writeFile(path.join(folder, 'stale.out'), stdout);
  await writeFile(path.join(folder, 'stale.err'), stderr);
};

export type Hundred = Readonly<{
  /** In the order of the inventory. */
  names: readonly string[];
  folder: string;
  sshConfig: string;
  inventory: string;
  /** What the description of a server comes to, judged in this process: of the first of each kind. */
  expected: ReadonlyMap<string, readonly Result[]>;
  stop(): Promise<void>;
}>;

export const nameOf = (number: number): string => `vpn${String(number).padStart(3, '0')}`;

/** Starts them all. */
export const startHundred = async (): Promise<Hundred> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sstp-audit-hundred-'));
  const at = (file: string): string => path.join(folder, file);
  await mkdir(at('answers'));
  const [expected, now] = [new Map<string, readonly Result[]>(), new Date()];
  const questions: (readonly string[])[] = [];
  for (const number of NUMBERS) {
    const server = await serverOf(number, now);
    if (number <= KINDS.length) {
      const { audited, exchanges } = await auditOf(server, nameOf(number));
      questions.push(exchanges.flat());
      expected.set(nameOf(number), audited.results);
    }
    const asked = questions[kindOf(number)] ?? [];
    await writeAnswers(at(`answers/${addressOf(number - 1)}`), server, asked);
    if (number === 1) await writeStale(folder, server, asked);
  }
  await writeFile(at('garbage'), randomBytes(50_000));
  await writeFile(at('serve'), serveScript(folder));
  await chmod(at('serve'), 0o755);
  const [servers, silence] = [await startServers(folder, ANSWERING, at('serve')), await startSilence()];
  const blocks = hostBlock('hung', silence.hung) + hostBlock('closed', silence.closed);
  await writeFile(at('ssh_config.all'), blocks + (await readFile(servers.config, 'utf8')));
  const names = [...servers.names.slice(0, 50), 'hung', 'closed', ...servers.names.slice(50)];
  await writeFile(
    at('fleet.yaml'),
    `defaults: { inputs: { publicNames: [${NAMES}] } }\nhosts: [${names.join(', ')}]\n`,
  );
  const stop = async (): Promise<void> => {
    await Promise.all([servers.stop(), silence.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  return { names, folder, sshConfig: at('ssh_config.all'), inventory: at('fleet.yaml'), expected, stop };
};

/** Why they cannot start here, or `undefined`. */
export const whyNoHundred = (): string | undefined => {
  const missing = ['/usr/sbin/sshd', '/usr/bin/ssh', '/usr/bin/ssh-keygen', '/usr/bin/perl'].filter(
    (program) => !existsSync(program),
  );
  return missing.length > 0 ? `not installed: ${missing.join(', ')} (ci/setup-debian.sh installs them)` : undefined;
};
