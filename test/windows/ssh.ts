import { execFile } from 'node:child_process';

type Outcome = Readonly<{ code: number | null; stdout: Buffer; stderr: Buffer }>;

/** Sends one command line to a host of an ssh_config with the OpenSSH client of this machine. */
export const ssh = (config: string, host: string, line: string, ...options: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const args = ['-n', '-F', config, '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR', ...options, host, line];
    const child = execFile('ssh', args, { encoding: 'buffer', maxBuffer: 1e8 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
