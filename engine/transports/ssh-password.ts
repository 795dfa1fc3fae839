/** How ssh gets a password: from a program of ours (SSH_ASKPASS), so that it stands in no argument list. */
import { fileURLToPath } from 'node:url';
import { withoutPasswords } from '../credentials.ts';
import type { Ignorance } from '../model.ts';
import type { Outcome } from './run-process.ts';

export const PASSWORD = 'SSTP_AUDIT_SSH_PASSWORD';

/** What ssh needs to sign in, and the options that go with it. */
type SignIn = Readonly<{ env: NodeJS.ProcessEnv; options: readonly string[] }>;

/**
 * What ssh is told of the password; without one it must not ask. The variable reaches ssh only where it is needed. What ssh
 * starts, such as the ssh of a jump host, asks the same program, and so does a key for its passphrase and a token for its PIN:
 * so nothing is answered but the question for the password of this server. `settings` is what `ssh -G` says of it. Where the
 * jump host is `ours`, its ssh asks nothing.
 */
export const signIn = async (
  password: string | undefined,
  settings: () => Promise<Pick<Outcome, 'stdout'>>,
  { ours, platform = process.platform }: Readonly<{ ours: boolean; platform?: NodeJS.Platform }>,
): Promise<SignIn | Ignorance> => {
  const env = withoutPasswords(process.env);
  if (password === undefined) return { env, options: ['BatchMode=yes'] };
  const said = (await settings()).stdout;
  if (platform === 'win32' && !ours && hasOwnJump(said)) return NOT_PAST_JUMPS;
  const askpass = new URL(platform === 'win32' ? './askpass.cmd' : './askpass.sh', import.meta.url);
  return {
    env: {
      ...env,
      // Before OpenSSH 8.4 only who has a display is asked by a program.
      DISPLAY: env['DISPLAY'] || ':0',
      [PASSWORD]: password,
      SSTP_AUDIT_SSH_QUESTION: questionIn(said),
      SSH_ASKPASS: fileURLToPath(askpass),
      SSH_ASKPASS_REQUIRE: 'force',
    },
    options: ['NumberOfPasswordPrompts=1', 'KbdInteractiveAuthentication=no'],
  };
};

/**
 * There, the program is a batch file: cmd.exe reads the question before it does, and a jump host can put commands into its own
 * question. Nor can a batch file end the ssh that asks, which takes no answer for an empty password.
 */
const NOT_PAST_JUMPS: Ignorance = {
  reason: 'refused',
  detail:
    'on Windows no password is given past a jump host of ssh_config, which could ask for it: name the jump host in an inventory (via), or sign in with a key',
};

const valueIn = (settings: Buffer, name: string): string | undefined =>
  new RegExp(`^${name} (.*?)\\r?$`, 'm').exec(settings.toString('utf8'))?.[1];

/** Whether the user's own settings start another ssh on the way. */
const hasOwnJump = (settings: Buffer): boolean =>
  (valueIn(settings, 'proxyjump') ?? 'none') !== 'none' ||
  /^(?:"[^"]*[\\/])?(?:\S*[\\/])?ssh(?:\.exe)?"?\s/i.test(valueIn(settings, 'proxycommand') ?? '');

/** The words in which ssh asks for a password. Source: sshconnect2.c of OpenSSH, since 8.0. */
export const questionIn = (settings: Buffer): string => {
  const value = (name: string) => valueIn(settings, name);
  return `${value('user')}@${value('hostkeyalias') ?? value('hostname')?.toLowerCase()}'s password: `;
};
