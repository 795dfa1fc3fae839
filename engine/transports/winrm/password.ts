/** A sign-in with a password: where the password comes from, and that it is tried no more often than it may be. */
import type { Credentials } from '../../credentials.ts';
import { Unknown } from '../../define.ts';
import { Mistake } from '../../mistake.ts';
import { isEnvelope } from './answer.ts';
import type { Reply } from './connection.ts';
import type { LockOutGuard, Trial } from './lock-out.ts';

export type PasswordHolder = Readonly<{
  host: string;
  /** `host:port`, as messages name the server. */
  server: string;
  /** As the address gives it: `user`, `DOMAIN\user` or `user@domain`. */
  user: string;
  credentials: Credentials;
  guard: LockOutGuard;
}>;

/** Does the work that shows the password to the server, and learns from its last reply what became of it. Throws Unknown. */
export const onTrial = async <T extends Readonly<{ reply: Reply }>>(
  { user, host, server, credentials, guard }: PasswordHolder,
  scheme: 'basic' | 'negotiate',
  signal: AbortSignal,
  work: (password: string) => Promise<T>,
): Promise<T> => {
  const password = await credentials.passwordOf({ user, host }).catch((error) => {
    throw error instanceof Mistake ? new Unknown('refused', `no password: ${error.message}; ${error.hint}`) : error;
  });
  const trial = await guard.enter({ account: user, password, server }, signal);
  let verdict: keyof Trial = 'undecided';
  try {
    const done = await work(password);
    const { status, headers } = done.reply;
    // A proxy or a stopped service answers before anyone has looked at the password.
    if (status === 200 || isEnvelope(done.reply)) verdict = 'accepted';
    if (status !== 401) return done;
    if (!offers(headers['www-authenticate']).includes(scheme)) throw notOffered(headers['www-authenticate']);
    verdict = 'rejected';
    throw new Unknown('refused', 'the server rejected the user name or the password, or the account may not sign in');
  } finally {
    trial[verdict]();
  }
};

/** A server that does not offer a way to sign in has not looked at the password. */
export const notOffered = (header: string | undefined): Unknown =>
  new Unknown(
    'refused',
    `the server does not offer this way to sign in; it offers ${offers(header).join(', ') || 'none'}`,
  );

/** The ways to sign in of a WWW-Authenticate header, in small letters. */
export const offers = (header: string | undefined): readonly string[] =>
  (header ?? '')
    .split(',')
    .map((offer) => offer.trim().split(/\s/)[0]?.toLowerCase() ?? '')
    .filter((offer) => /^[a-z]+$/.test(offer));
