/** Stand-ins behind the WinRM server of the tests: HTTP, sign-in and shells are its own, cmd.exe is wine's. */
import type { Printed } from '../server/cmd.ts';
import { startServer, type WinrmServer } from '../winrm/server.ts';
import { atConsole } from './console.ts';
import type { StandIns } from './stand-in.ts';

export const USER = 'audit';

/** Hands each command line to the cmd.exe of the stand-in, as its sshd does; the WinRM service of Windows does so, too. */
export const winrmServerOf = (standIns: StandIns, name: string, password: string): Promise<WinrmServer> => {
  const play = async function* (line: string): AsyncGenerator<Printed> {
    const env = { ...standIns.environmentOf(name), SSH_ORIGINAL_COMMAND: line };
    const { stdout, stderr, code } = await atConsole(env, 'winsh.exe');
    yield { stdout, stderr, exitCode: code ?? 1 };
  };
  return startServer({ play, users: { [USER]: password }, schemes: ['ntlm'] });
};
