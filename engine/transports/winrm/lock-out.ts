/** Keeps one wrong password from locking an account out: what one server rejected is not tried on the next. */
import { createHmac, randomBytes } from 'node:crypto';
import { Unknown } from '../../define.ts';

/** A password on trial. Exactly one of these is called when the server has answered, or will not. */
export type Trial = Readonly<{ accepted(): void; rejected(): void; undecided(): void }>;

export type SignInTry = Readonly<{ account: string; password: string; server: string }>;

/** Shared by all targets of a run. */
export type LockOutGuard = Readonly<{
  /**
   * Waits while the same password of the same account is on its first trial elsewhere, so that servers asked at the same
   * time do not count as many failures. Throws Unknown when a server rejected it, and the signal's reason.
   */
  enter(attempt: SignInTry, signal: AbortSignal): Promise<Trial>;
}>;

/** What is known of one password of one account. `running` ends with its first trial. */
type Known = { accepted: boolean; rejectedBy: string[]; running?: Promise<void> };

const FREE: Trial = { accepted: () => undefined, rejected: () => undefined, undecided: () => undefined };

/** `tryAgain` is the operator's leave to try a rejected password on every server all the same. */
export const lockOutGuard = ({ tryAgain = false }: { tryAgain?: boolean } = {}): LockOutGuard => {
  const passwords = new Map<string, Known>();
  const secret = randomBytes(16);
  // The map outlives the sign-in, so it holds no password.
  const knownOf = ({ account, password }: SignInTry): Known => {
    const key = createHmac('sha256', secret)
      .update(JSON.stringify([account.toLowerCase(), password]))
      .digest('hex');
    const known = passwords.get(key) ?? { accepted: false, rejectedBy: [] };
    passwords.set(key, known);
    return known;
  };
  const enter: LockOutGuard['enter'] = async (attempt, signal) => {
    const known = knownOf(attempt);
    while (known.running !== undefined) await untilEither(known.running, signal);
    signal.throwIfAborted();
    refuseRejected(known, attempt);
    if (known.accepted) return { ...FREE, rejected: () => known.rejectedBy.push(attempt.server) };
    return firstTrial(known, attempt.server);
  };
  return { enter: tryAgain ? async () => FREE : enter };
};

/**
 * A domain counts the failures of all its servers together. Without a domain in the name each server may have an account
 * of its own: a password that was right on one of them and wrong on another is then still tried on the rest.
 */
const refuseRejected = ({ accepted, rejectedBy }: Known, { account, server }: SignInTry): void => {
  const [first] = rejectedBy;
  if (first === undefined) return;
  if (accepted && isLocal(account) && !rejectedBy.includes(server)) return;
  throw new Unknown(
    'refused',
    `${first} rejected this password of ${account}; it was not tried again, so that the account is not locked out`,
  );
};

const isLocal = (account: string): boolean => !/[\\@]/.test(account.replace(/^\.\\/, ''));

const firstTrial = (known: Known, server: string): Trial => {
  const { promise, resolve } = Promise.withResolvers<void>();
  known.running = promise;
  const end = (learned: () => void) => (): void => {
    learned();
    delete known.running;
    resolve();
  };
  return {
    accepted: end(() => {
      known.accepted = true;
    }),
    rejected: end(() => known.rejectedBy.push(server)),
    undecided: end(() => undefined),
  };
};

const untilEither = async (end: Promise<void>, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  signal.addEventListener('abort', wake, { once: true });
  await Promise.race([end, promise]);
  signal.removeEventListener('abort', wake);
};
