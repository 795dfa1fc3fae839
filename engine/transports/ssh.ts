import { tmpdir } from 'node:os';
import { answersTo, isCollected, readCollected } from '../collector.ts';
import { type Credentials, credentialsFrom, redacted, withoutPasswords } from '../credentials.ts';
import { fileTrouble } from '../file-trouble.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import type { Ignorance } from '../model.ts';
import { exchangeBatches, type Way } from './batch.ts';
import type { Outcome } from './run-process.ts';
import { type RunSsh, runSsh, type SshRun } from './run-ssh.ts';
import { shellSteps } from './shell-steps.ts';
import { AT_HOME, flagsFor, STRICT, versionOf } from './ssh-client.ts';
import { PASSWORD, signIn } from './ssh-password.ts';
import { type Prepared, prepareReach, type SshReach } from './ssh-reach.ts';
import { blame } from './ssh-sayings.ts';
import { isProxied, placeIn, sshSteps } from './ssh-steps.ts';
import type { Answer, Step, Transport } from './transport.ts';
import { userIn } from './user.ts';

export type SshOptions = SshReach &
  Readonly<{
    /** An ssh_config file to use in place of the user's own (`ssh -F`). */
    config?: string;
    commandMs?: number;
    /** How ssh is started; from this process unless given. */
    run?: RunSsh;
    /** Gives the password, where it is not in SSTP_AUDIT_SSH_PASSWORD. */
    credentials?: Credentials;
    /** The questions of the collector, for servers that run it whatever they are sent (ForceCommand). */
    collector?(): Promise<readonly string[]>;
  }>;

const NOTHING = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), exitCode: null };

const noPassword = (error: unknown): Ignorance => {
  if (!(error instanceof Mistake)) throw error;
  return { reason: 'refused', detail: `no password: ${error.message}; ${error.hint}` };
};

/** Whatever became of the temporary folder, the servers that need nothing of it are asked all the same. */
const unprepared = (cause: unknown): Ignorance => ({
  reason: 'unreachable',
  detail: `the host keys cannot be written for ssh into ${tmpdir()}: ${fileTrouble(cause)}; set TMPDIR to a folder that takes files`,
});

const destination = (address: URL, name: string): string[] => {
  if (address.password)
    throw new Mistake(`${address.protocol}//${address.host}: an address holds no password`, `set ${PASSWORD} instead`);
  const beyond = `${address.pathname.replace(/^\/$/, '')}${address.search}${address.hash}`;
  if (!address.hostname || address.hostname.startsWith('-') || beyond)
    throw new Mistake(`${address.href} is not an ssh address`, 'write ssh://user@host:port');
  const user = name ? ['-l', name] : [];
  const port = address.port ? ['-p', address.port] : [];
  return [...user, ...port, '--', address.hostname.replace(/^\[(.*)\]$/, '$1')];
};

/** The answers of a server that runs the collector whatever it is sent. */
const collectedBy = async (
  outcome: Outcome,
  blamed: (outcome: Outcome) => Ignorance,
  asked: SshOptions['collector'],
): Promise<readonly Answer[] | undefined> => {
  if (!asked || !isCollected(outcome)) return;
  const startedAt = new Date().toISOString();
  const commands = await asked();
  const collected = readCollected(outcome, commands, startedAt, blamed(outcome));
  if (!('message' in collected)) return collected;
  const detail = `the server runs a fixed collector, and ${collected.message}: ${collected.hint}`;
  return answersTo(commands, [], startedAt).map((answer) => ({ ...answer, missing: { reason: 'unreadable', detail } }));
};

/** How ssh gets to a server, whatever it needs there to sign in. */
type Road = Readonly<{
  /** The arguments that lead there, with options of ours. */
  there(options: readonly string[]): readonly string[];
  /** What ssh makes of them and of the user's own files (`ssh -G`). */
  settings(signal: AbortSignal): Promise<Outcome>;
}>;

const roadBy = (start: RunSsh, base: readonly string[], to: readonly string[], reach: SshReach) => {
  let preparing: Promise<Prepared | Ignorance> | undefined;
  return {
    /** Gives instead, where it cannot be made, why not. */
    open: async (): Promise<Road | Ignorance> => {
      const version = await versionOf(start);
      const jump = [...base, ...flagsFor(version, [...STRICT, 'BatchMode=yes'])];
      preparing ??= prepareReach(reach, jump).catch(unprepared);
      const prepared = await preparing;
      if ('reason' in prepared) return prepared;
      const there: Road['there'] = (options) => [
        // On Windows `-n` is NUL, at which old clients hang: there ssh reads from what has ended (run-process.ts).
        ...(process.platform === 'win32' ? base : [...base, '-n']),
        ...flagsFor(version, [...STRICT, ...options, ...prepared.options]),
        ...to,
      ];
      const settings: Road['settings'] = (signal) =>
        start(['-G', ...there([])], { ...AT_HOME, signal, env: withoutPasswords(process.env) });
      return { there, settings };
    },
    close: async (): Promise<void> => {
      const prepared = await preparing;
      if (prepared && 'dispose' in prepared) await prepared.dispose();
    },
  };
};

/** The system's OpenSSH client: keys, agent, certificates, ProxyJump and known_hosts are as the user configured them. */
export const ssh = (
  address: URL,
  { config, commandMs = LIMITS.commandMs, run: start = runSsh, collector, credentials, ...reach }: SshOptions = {},
): Transport => {
  const account = { user: userIn(address), host: address.hostname };
  const road = roadBy(start, ['-T', ...(config ? ['-F', config] : [])], destination(address, account.user), reach);
  // Such a server has answered everything at once; it is not asked again.
  let collected: readonly Answer[] | undefined;
  const source = process.env[PASSWORD] ? credentialsFrom(`env:${PASSWORD}`, process) : credentials;
  const blamed = (outcome: Outcome): Ignorance => redacted(blame(outcome), source);

  /** Runs a line on the server, with arguments of ssh before all others. */
  const run = async (
    before: readonly string[],
    line: string,
    signal: AbortSignal,
    { nonce, count }: Pick<SshRun, 'nonce' | 'count'>,
  ): Promise<Outcome> => {
    const password = await source?.passwordOf(account).catch(noPassword);
    if (typeof password === 'object') return { ...NOTHING, stopped: password };
    const open = await road.open();
    if ('reason' in open) return { ...NOTHING, stopped: open };
    const asked = await signIn(password, () => open.settings(signal), { ours: reach.via !== undefined });
    if ('reason' in asked) return { ...NOTHING, stopped: asked };
    const { env, options } = asked;
    return start([...before, ...open.there(options), line], { signal, env, nonce, count, commandMs });
  };
  const way = (signal: AbortSignal, before: readonly string[] = []): Way => ({
    carry: (line, nonce, count) => run(before, line, signal, { nonce, count }),
    blame: blamed,
    pinned: async (outcome, commands) => {
      collected = await collectedBy(outcome, blamed, collector);
      return collected && answersTo(commands, collected, new Date().toISOString());
    },
  });
  const steps = async (signal: AbortSignal): Promise<readonly Step[]> => {
    const { outcome, steps: last } = await shellSteps(way(signal, ['-v']));
    const open = isProxied(outcome.stderr) ? await road.open() : undefined;
    const place = open && 'settings' in open ? placeIn((await open.settings(signal)).stdout) : undefined;
    const first = sshSteps(outcome.stderr, blamed(outcome), place);
    return first.some(({ missing }) => missing) ? first : [...first, ...last];
  };
  return {
    kind: 'ssh',
    exchange: async (commands, { signal }) =>
      collected ? answersTo(commands, collected, new Date().toISOString()) : exchangeBatches(commands, way(signal)),
    steps: ({ signal }) => steps(signal),
    close: road.close,
  };
};
