import { answersTo, isCollected, readCollected } from '../collector.ts';
import { LIMITS } from '../limits.ts';
import { Mistake } from '../mistake.ts';
import type { Ignorance } from '../model.ts';
import { exchangeBatches } from './batch.ts';
import { type Outcome, runProcess } from './run-process.ts';
import { prepareReach, type SshReach } from './ssh-reach.ts';
import type { Answer, Transport } from './transport.ts';

export type SshOptions = SshReach &
  Readonly<{
    /** An ssh_config file to use in place of the user's own (`ssh -F`). */
    config?: string;
    commandMs?: number;
    /** The questions of the collector, for servers that run it whatever they are sent (ForceCommand). */
    collector?(): Promise<readonly string[]>;
  }>;

/** Strict always: nothing here can be weakened by an option of ours. Source: transports 3.2. */
const STRICT = [
  'StrictHostKeyChecking=yes',
  `ConnectTimeout=${LIMITS.connectSeconds}`,
  'ServerAliveInterval=15',
  'ServerAliveCountMax=2',
  'ForwardAgent=no',
  'ClearAllForwardings=yes',
  'RequestTTY=no',
  'PermitLocalCommand=no',
  'ControlMaster=no',
  'ControlPath=none',
];

const PASSWORD = 'SSTP_AUDIT_SSH_PASSWORD';

/**
 * ssh reads a password from the program in SSH_ASKPASS, so it stands in no argument list; without one it must not ask.
 * The variable reaches ssh only where it is needed.
 */
const signIn = (): { env: NodeJS.ProcessEnv; options: string[] } => {
  const { [PASSWORD]: password, ...env } = process.env;
  if (password === undefined) return { env, options: ['BatchMode=yes'] };
  const askpass = new URL(process.platform === 'win32' ? './askpass.cmd' : './askpass.sh', import.meta.url);
  return {
    env: {
      ...env,
      [PASSWORD]: password,
      SSH_ASKPASS: decodeURIComponent(askpass.pathname),
      SSH_ASKPASS_REQUIRE: 'force',
    },
    options: ['NumberOfPasswordPrompts=1'],
  };
};

/** What the OpenSSH client says on stderr, in English everywhere, and what it means for us. */
const SAYINGS: readonly (readonly [RegExp, Ignorance['reason']])[] = [
  [/host key verification failed|remote host identification has changed|no .* host key is known/i, 'untrusted'],
  [/permission denied|too many authentication failures|no supported authentication/i, 'refused'],
  [/connection refused|connection closed by|connection reset/i, 'refused'],
  [/could not resolve|timed out|no route|unreachable|name or service not known/i, 'unreachable'],
];

const lastWords = (stderr: Buffer): string =>
  stderr
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('::'))
    .slice(-3)
    .join('; ')
    .slice(0, 300);

/** Why a line brought no whole answer. A begun answer that ends with the connection is truncated. */
const blame = (outcome: Outcome): Ignorance => {
  const said = lastWords(outcome.stderr);
  if (outcome.failed)
    return { reason: 'unreachable', detail: `the ssh program cannot be started: ${outcome.failed.message}` };
  if (outcome.stopped) return outcome.stopped;
  const begun = /::\d{18}:0:0::/.test(outcome.stdout.toString('latin1', 0, 65_536));
  if (begun)
    return { reason: 'truncated', detail: `the connection ended in the middle of the answer${said && `: ${said}`}` };
  if (outcome.exitCode !== 255)
    return {
      reason: 'unreadable',
      detail: `the login shell did not run the questions; it must be cmd.exe${said && `: ${said}`}`,
    };
  const reason = SAYINGS.find(([saying]) => saying.test(said))?.[1] ?? 'unreachable';
  return { reason, detail: said || 'ssh ended without a word' };
};

const destination = (address: URL): string[] => {
  if (address.password)
    throw new Mistake(`${address.protocol}//${address.host}: an address holds no password`, `set ${PASSWORD} instead`);
  if (!address.hostname || address.hostname.startsWith('-') || !['', '/'].includes(address.pathname) || address.search)
    throw new Mistake(`${address.href} is not an ssh address`, 'write ssh://user@host:port');
  const user = address.username ? ['-l', decodeURIComponent(address.username)] : [];
  const port = address.port ? ['-p', address.port] : [];
  return [...user, ...port, '--', address.hostname.replace(/^\[(.*)\]$/, '$1')];
};

/** The answers of a server that runs the collector whatever it is sent. */
const collectedBy = async (
  outcome: Outcome,
  asked: SshOptions['collector'],
): Promise<readonly Answer[] | undefined> => {
  if (!asked || !isCollected(outcome)) return;
  const startedAt = new Date().toISOString();
  const commands = await asked();
  const collected = readCollected(outcome, commands, startedAt);
  if (!('message' in collected)) return collected;
  const detail = `the server runs a fixed collector, and ${collected.message}: ${collected.hint}`;
  return answersTo(commands, [], startedAt).map((answer) => ({ ...answer, missing: { reason: 'unreadable', detail } }));
};

/** The system's OpenSSH client: keys, agent, certificates, ProxyJump and known_hosts are as the user configured them. */
export const ssh = (
  address: URL,
  { config, commandMs = LIMITS.commandMs, collector, ...reach }: SshOptions = {},
): Transport => {
  const to = destination(address);
  const base = ['-T', ...(config ? ['-F', config] : [])];
  const jump = [...base, ...[...STRICT, 'BatchMode=yes'].flatMap((option) => ['-o', option])];
  let prepared: ReturnType<typeof prepareReach> | undefined;
  // Such a server has answered everything at once; it is not asked again.
  let collected: readonly Answer[] | undefined;
  return {
    kind: 'ssh',
    exchange: async (commands, { signal }) => {
      const now = new Date().toISOString();
      if (collected) return answersTo(commands, collected, now);
      const { env, options } = signIn();
      prepared ??= prepareReach(reach, jump);
      const all = [...STRICT, ...options, ...(await prepared).options];
      const args = [...base, '-n', ...all.flatMap((option) => ['-o', option]), ...to];
      return exchangeBatches(commands, {
        carry: (line, nonce) =>
          runProcess('ssh', [...args, line], { signal, env, heartbeat: `::${nonce}:`, commandMs }),
        blame,
        pinned: async (outcome) => {
          collected = await collectedBy(outcome, collector);
          return collected && answersTo(commands, collected, now);
        },
      });
    },
    close: async () => (await prepared)?.dispose(),
  };
};
