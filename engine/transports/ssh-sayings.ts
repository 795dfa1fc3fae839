/** What the OpenSSH client says on stderr, in English everywhere, and what it means for us. */
import type { Ignorance } from '../model.ts';
import { isBegun } from '../snap.ts';
import type { Outcome } from './run-process.ts';

const SIGN_IN = /permission denied|too many authentication failures|no supported authentication/i;
/** Hung up before a word of SSH: a jump host that did not get through, a server that is busy or starts anew, a filter. */
const DROPPED =
  /(?:connect to host|kex_exchange_identification|banner exchange)\b[^;\n]*: (?:connection (?:closed|reset)|broken pipe)/i;

/** A container may run under a number that no account has. */
const NAMELESS = /^No user exists for uid \d+/;

const SAYINGS: readonly (readonly [RegExp, Ignorance['reason']])[] = [
  [/host key verification failed|remote host identification has changed|no .* host key is known/i, 'untrusted'],
  [SIGN_IN, 'refused'],
  [/unable to negotiate|no matching .* found/i, 'refused'],
  // Something else than an SSH server answers, such as a proxy.
  [/invalid format|protocol (major )?versions? differ|protocol mismatch|bad (remote protocol|packet)/i, 'unreadable'],
  [/connection refused/i, 'refused'],
  [/could not resolve|timed out|no route|unreachable|name or service not known/i, 'unreachable'],
  [DROPPED, 'unreachable'],
  [/connection closed by|connection reset/i, 'refused'],
];

/** Markers of ours, what `ssh -v` says when all is well, and what OpenSSH 10.1 says of servers without post-quantum keys. */
const CHATTER = /^(::|\*\* |debug\d: |OpenSSH_|Authenticated to |Transferred: |Bytes per second: |Executing: )/;

/** What stands before a mark was said by the server, of questions that it has answered. */
const lastWords = (stderr: Buffer): string =>
  stderr
    .toString('latin1')
    .replace(/^[\s\S]*::\d{18}:[01]:\d+:\S*/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !CHATTER.test(line))
    .slice(-3)
    .join('; ')
    .slice(0, 300);

/** What keeps ssh from starting on this machine; no server is to blame for it. */
const troubleHere = ({ failed, exitCode }: Outcome, said: string): string | undefined => {
  if (failed)
    return `the ssh program of this machine cannot be started: install OpenSSH's client, or put it into PATH (${failed.message})`;
  const [nameless] = (exitCode === 255 && NAMELESS.exec(said)) || [];
  return (
    nameless && `the ssh program of this machine wants an account with a name: add one to /etc/passwd (${nameless})`
  );
};

/**
 * What a login shell did that did not run the questions. A cmd.exe that is given none greets. Source: w32-doexec.c of
 * Win32-OpenSSH, which knows cmd.exe by `system32\\cmd` in its path, in these letters.
 */
const strayed = ({ stdout }: Outcome): string =>
  /^\s*Microsoft Windows \[/.test(stdout.toString('latin1', 0, 64))
    ? 'the login shell is a cmd.exe that was not given the questions: OpenSSH takes it for another shell where DefaultShell does not spell system32\\cmd.exe in small letters'
    : 'the login shell did not run the questions; it must be cmd.exe';

/** Why a line brought no whole answer. A begun answer that ends with the connection is truncated. */
export const blame = (outcome: Outcome): Ignorance => {
  const said = lastWords(outcome.stderr);
  const here = troubleHere(outcome, said);
  if (here !== undefined) return { reason: 'unreachable', detail: here };
  if (outcome.stopped) return outcome.stopped;
  if (isBegun(outcome.stdout))
    return { reason: 'truncated', detail: `the connection ended in the middle of the answer${said && `: ${said}`}` };
  if (outcome.exitCode !== 255) return { reason: 'unreadable', detail: `${strayed(outcome)}${said && `: ${said}`}` };
  // A jump host that refuses the sign-in says so some lines before; tried again, it would lock the account.
  const isRefusedBefore = DROPPED.test(said) && SIGN_IN.test(outcome.stderr.toString('latin1'));
  const found = SAYINGS.find(([saying]) => saying.test(said))?.[1] ?? 'unreachable';
  const reason = isRefusedBefore && found === 'unreachable' ? 'refused' : found;
  return { reason, detail: said || 'ssh ended without a word' };
};
