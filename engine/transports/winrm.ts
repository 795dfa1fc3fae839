/** Windows Remote Management: command shells over WS-Management, as Windows servers offer them from the start. */
import pLimit from 'p-limit';
import { type Credentials, redacted } from '../credentials.ts';
import { LIMITS } from '../limits.ts';
import type { Ignorance } from '../model.ts';
import { isBegun } from '../snap.ts';
import { exchangeBatches, type Way } from './batch.ts';
import type { Outcome } from './run-process.ts';
import { shellSteps } from './shell-steps.ts';
import type { Transport } from './transport.ts';
import { readAddress } from './winrm/address.ts';
import { clientOf } from './winrm/client.ts';
import type { LockOutGuard } from './winrm/lock-out.ts';
import { remoteShell } from './winrm/remote-shell.ts';
import { stepsTaken } from './winrm/steps.ts';
import type { Trust } from './winrm/trust.ts';

export type WinrmOptions = Readonly<{
  credentials: Credentials;
  /** Shared by all targets of a run. */
  guard: LockOutGuard;
  /** Shared by all targets of a run. */
  trust: Trust;
  /** For the program that asks for Kerberos tickets. */
  env: NodeJS.ProcessEnv;
  /** curl, or another program that takes its options. */
  curl?: string;
  /** SHA-256 of the one certificate that is accepted, where the address names none. */
  fingerprint?: string;
  commandMs?: number;
}>;

/**
 * A server behind `winrm://user@host` (TLS) or `winrm+http://user@host` (sealed NTLM). One shell serves all exchanges:
 * four requests in all, six with NTLM, two more for each further line. Throws Mistake for an address that is none.
 */
export const winrm = (
  url: URL,
  { credentials, guard, trust, env, curl, fingerprint: pin, commandMs = LIMITS.commandMs }: WinrmOptions,
): Transport => {
  const { host, port, tls, user, method, fingerprint = pin } = readAddress(url, trust.hasCertificate);
  const endpoint = { host, port, ...(tls && { tls: { trust, ...(fingerprint && { fingerprint }) } }) };
  const ticket = { env, ...(curl && { program: curl }) };
  const identity = { method, host, server: `${host}:${port}`, user, credentials, guard, ticket };
  const { note, upTo } = stepsTaken(tls);
  const shell = remoteShell(clientOf(endpoint, identity, commandMs, note));
  // Lines of one target take turns: they share a connection.
  const inTurn = pLimit(1);
  const carry = (line: string, nonce: string, signal: AbortSignal): Promise<Outcome> =>
    inTurn(() => shell.run(line, { signal, heartbeat: `::${nonce}:`, commandMs }));
  const blamed = (outcome: Outcome): Ignorance => redacted(blame(outcome), credentials);
  const way = (signal: AbortSignal): Way => ({ carry: (line, nonce) => carry(line, nonce, signal), blame: blamed });
  return {
    kind: 'winrm',
    exchange: (commands, { signal }) => exchangeBatches(commands, way(signal)),
    steps: async ({ signal }) => {
      const { outcome, steps } = await shellSteps(way(signal));
      const first = upTo(blamed(outcome));
      return first.some(({ missing }) => missing) ? first : [...first, ...steps];
    },
    ready: () => {
      if (method === 'ntlm' || method === 'basic') credentials.ready();
    },
    close: () => inTurn(() => shell.close()),
  };
};

/** Why a line brought no whole answer. */
const blame = ({ stopped, stdout, stderr }: Outcome): Ignorance => {
  if (stopped) return stopped;
  if (isBegun(stdout)) return { reason: 'truncated', detail: 'the command ended in the middle of the answer' };
  const said = stderr.toString('latin1').replace(/\s+/g, ' ').trim().slice(0, 300);
  return { reason: 'unreadable', detail: `the remote shell did not run the questions${said && `: ${said}`}` };
};
