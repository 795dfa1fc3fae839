/** What someone types at the console of a stand-in. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { MAIN } from '../program.ts';
import { WINE } from './prefix.ts';
import type { Environment } from './run.ts';

export type Said = Readonly<{ code: number | null; stdout: Buffer; stderr: Buffer }>;

/** The home folder of whoever sits there. */
export const homeOf = ({ WINEPREFIX = '', USER = '' }: Environment): string => join(WINEPREFIX, 'drive_c/users', USER);

const LONGEST_MS = 150_000;

/** Runs a Windows program. Its output goes to files: a Windows node.exe cannot write to pipes of Linux. */
export const atConsole = async (env: Environment, program: string, ...args: readonly string[]): Promise<Said> => {
  const folder = await mkdtemp(join(tmpdir(), 'sstp-audit-console-'));
  const [out, err] = [await open(join(folder, 'out'), 'w'), await open(join(folder, 'err'), 'w')];
  try {
    const child = spawn(WINE, [program, ...args], {
      cwd: homeOf(env),
      env: { PATH: '/usr/bin:/bin', ...env },
      stdio: ['ignore', out.fd, err.fd],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
    const [stdout, stderr] = await Promise.all([readFile(join(folder, 'out')), readFile(join(folder, 'err'))]);
    return { code, stdout, stderr };
  } finally {
    await Promise.all([out.close(), err.close()]);
    await rm(folder, { recursive: true });
  }
};

const ROOT = join(import.meta.dirname, '../..');
/** Linux paths as wine's drive Z: shows them. */
export const onZ = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;

/** Where ci/windows-node.sh puts it. */
const NODE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sstp-audit/node-22.23.3.exe');

/** Why sstp-audit itself cannot run on a stand-in, or `undefined`. */
export const whyNoNode = (): string | undefined =>
  existsSync(NODE) ? undefined : `${NODE} is not there (ci/windows-node.sh fetches it)`;

/** Runs a module of this repository by Windows' node.exe on a stand-in, however old the Windows is that it plays. */
export const nodeThere = (env: Environment, module: string, ...args: readonly string[]): Promise<Said> =>
  atConsole({ ...env, NODE_SKIP_PLATFORM_CHECK: '1' }, NODE, onZ(resolve(ROOT, module)), ...args);

/** Runs `sstp-audit` on the stand-in. */
export const auditThere = (env: Environment, ...args: readonly string[]): Promise<Said> =>
  nodeThere(env, MAIN, ...args);

/** Runs `sstp-audit` here. */
export const auditHere = async (...args: readonly string[]): Promise<Said> => {
  const options = { cwd: ROOT, encoding: 'buffer', maxBuffer: 1e9 } as const;
  const run = promisify(execFile)(process.execPath, [MAIN, ...args], options);
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Said & { code: number }) => error,
  );
};
