/** How ssh gets a password: from a program of ours (SSH_ASKPASS), so that it stands in no argument list. */
import { fileURLToPath } from 'node:url';
import { withoutPasswords } from '../credentials.ts';
import type { Outcome } from './run-process.ts';

export const PASSWORD = 'SSTP_AUDIT_SSH_PASSWORD';

/**
 * What ssh is told of the password; without one it must not ask. The variable reaches ssh only where it is needed. What ssh
 * starts, such as the ssh of a jump host, asks the same program, and so does a key for its passphrase and a token for its PIN:
 * so nothing is answered but the question for the password of this server. `settings` is what `ssh -G` says of it.
 */
export const signIn = async (
  password: string | undefined,
  settings: () => Promise<Pick<Outcome, 'stdout'>>,
): Promise<Readonly<{ env: NodeJS.ProcessEnv; options: readonly string[] }>> => {
  const env = withoutPasswords(process.env);
  if (password === undefined) return { env, options: ['BatchMode=yes'] };
  const askpass = new URL(process.platform === 'win32' ? './askpass.cmd' : './askpass.sh', import.meta.url);
  return {
    env: {
      ...env,
      // Before OpenSSH 8.4 only who has a display is asked by a program.
      DISPLAY: env['DISPLAY'] || ':0',
      [PASSWORD]: password,
      SSTP_AUDIT_SSH_QUESTION: questionIn((await settings()).stdout),
      SSH_ASKPASS: fileURLToPath(askpass),
      SSH_ASKPASS_REQUIRE: 'force',
    },
    options: ['NumberOfPasswordPrompts=1', 'KbdInteractiveAuthentication=no'],
  };
};

/** The words in which ssh asks for a password. Source: sshconnect2.c of OpenSSH, since 8.0. */
export const questionIn = (settings: Buffer): string => {
  const said = settings.toString('utf8');
  const value = (name: string): string | undefined => new RegExp(`^${name} (.*?)\\r?$`, 'm').exec(said)?.[1];
  return `${value('user')}@${value('hostkeyalias') ?? value('hostname')?.toLowerCase()}'s password: `;
};
