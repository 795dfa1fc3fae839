/** One pretended Windows server as a running wine prefix. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '../server/sc.ts';
import { answer, type Server, type Value } from '../server/state.ts';
import { clonePrefix, environmentOf, REPLACED, WINE, WINESERVER } from './prefix.ts';
import { regFile } from './reg-file.ts';
import { type Environment, run, together } from './run.ts';

const SVCHOST = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Svchost`;
const SERVICES = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services`;
const SERVICE_DLL = ['ServiceDll', ['REG_SZ', String.raw`C:\windows\system32\stand-in.dll`]] as const;
/** The only described service that wine has itself, as a kernel driver. */
const DRIVER = 'HTTP';
const NEVER_STARTED = 1077;

/** Runs a Windows program in the prefix. */
type Wine = (program: string, ...args: string[]) => Promise<string>;
/** Imports a .reg file. */
type Load = (file: Uint8Array) => Promise<void>;

/** The name of a recording; `replay.c` says how it comes about. */
const fnv1a = (text: string): string => {
  const hash = Buffer.from(text).reduce((sum, byte) => Math.imul(sum ^ byte, 16_777_619) >>> 0, 2_166_136_261);
  return hash.toString(16).padStart(8, '0');
};

const program = (command: string): string => command.split(' ', 1)[0] ?? '';
const inHashedForm = (command: string): string =>
  command
    .trim()
    .replace(/[ \t]+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** What wine cannot do with a service, or `undefined`. */
const flawOf = ([name, { state, denied, win32ExitCode = 0 }]: [string, Service]): string | undefined => {
  if (!/^\w+$/.test(name)) return `${name} is no name for a service`;
  if (denied) return `${name} is denied, and wine denies nothing`;
  if (state !== 1 && state !== 4) return `${name} is in state ${state}, neither running nor stopped`;
  const possible = state === 1 ? [0, NEVER_STARTED] : [0];
  return possible.includes(win32ExitCode) ? undefined : `${name} ended with ${win32ExitCode}, and ours does not fail`;
};

/** Refuses a description of which wine could play a part only, so that no test believes that it was played. */
export const refuseTheImpossible = ({ deniedKeys, services, programs }: Server): void => {
  const flaws = [
    ...Array.from(deniedKeys, (key) => `${key} is denied, and wine denies nothing`),
    ...Array.from(services, flawOf),
    ...Array.from(programs.keys(), (command) => program(inHashedForm(command)))
      .filter((name) => !REPLACED.some((replaced) => replaced === name))
      .map((name) => `${name} is not one of ${REPLACED.join(', ')}`),
  ];
  const flaw = flaws.find((text) => text !== undefined);
  if (flaw !== undefined) throw new Error(`the stand-in cannot play this server: ${flaw}`);
};

const writeRecordings = async (server: Server, fixtures: string): Promise<void> => {
  for (const command of server.programs.keys()) {
    const { stdout, stderr, exitCode } = answer(server, command);
    const said = inHashedForm(command);
    const [name, folder] = [program(said), join(fixtures, program(said).replace(/\.exe$/, ''))];
    const base = join(folder, fnv1a(said.slice(name.length + 1)));
    await mkdir(folder, { recursive: true });
    await writeFile(`${base}.out`, stdout);
    await writeFile(`${base}.err`, stderr);
    await writeFile(`${base}.rc`, String(exitCode));
  }
};

/** What a service needs in the registry to start; what is described takes the place of all of it afterwards. */
const preparation = (names: readonly string[]): Uint8Array =>
  regFile(
    new Map([
      [SVCHOST, new Map<string, Value>(names.map((name) => [name, ['REG_MULTI_SZ', [name]]]))],
      ...names.map((name) => [`${SERVICES}\\${name}\\Parameters`, new Map<string, Value>([SERVICE_DLL])] as const),
    ]),
  );

/** The numbers of type, state and exit code, which stand in the lines after the name. */
const statusOf = async (wine: Wine, name: string): Promise<string> =>
  (await wine('sc.exe', 'query', name))
    .split('\n')
    .slice(1, 4)
    .map((line) => /: *(\w+)/.exec(line)?.[1])
    .join(' ');

/** HTTP is wine's own driver; the others are our DLL. */
const createService = (wine: Wine, name: string): Promise<string> => {
  const host = `C:\\windows\\system32\\svchost.exe -k ${name}`;
  return wine('sc.exe', 'create', name, 'binPath=', host, 'type=', 'share', 'start=', 'demand');
};

const checkService = async (wine: Wine, name: string, service: Service): Promise<void> => {
  const { state, type = 0x20, win32ExitCode = 0 } = service;
  const [found, wanted] = [await statusOf(wine, name), `${type.toString(16)} ${state} ${win32ExitCode}`];
  if (found !== wanted) throw new Error(`${name} has type, state and exit code ${found}, where ${wanted} is described`);
};

/** Makes the service control manager say what is described. */
const setServices = async (wine: Wine, load: Load, services: Server['services']): Promise<void> => {
  const ours = [...services.keys()].filter((name) => name !== DRIVER);
  await load(preparation(ours));
  await together(ours.map((name) => createService(wine, name)));
  // One after the other: a start that waits for another one for more than 3 s fails.
  for (const [name, { state, win32ExitCode }] of services) {
    if (win32ExitCode !== NEVER_STARTED) await wine('sc.exe', 'start', name);
    if (win32ExitCode !== NEVER_STARTED && state === 1) await wine('sc.exe', 'stop', name);
  }
  await together([...services].map(([name, service]) => checkService(wine, name, service)));
  if (!services.has(DRIVER)) await wine('sc.exe', 'delete', DRIVER);
};

/** While many prefixes start, wine at times cannot start a program at all; then nothing was done, and it is tried again. */
const oncePossible = async (start: () => Promise<string>, more = 2): Promise<string> => {
  try {
    return await start();
  } catch (error) {
    if (more === 0 || !String(error).includes('ShellExecuteEx failed')) throw error;
    return oncePossible(start, more - 1);
  }
};

/** Starts a server in `folder`, on a clone of the cached prefix; gives the environment that its programs run in. */
export const startMachine = async (server: Server, cache: string, folder: string): Promise<Environment> => {
  const [prefix, log, registry] = [join(folder, 'prefix'), join(folder, 'log'), join(folder, 'import.reg')];
  await mkdir(folder);
  await clonePrefix(cache, prefix, log);
  await writeRecordings(server, join(prefix, 'drive_c/fixtures'));
  const env = await environmentOf(cache, prefix, server);
  const wine: Wine = (...command) => oncePossible(() => run(log, env, WINE, ...command));
  const load: Load = async (file) => {
    await writeFile(registry, file);
    await wine('reg.exe', 'import', `Z:${registry.replaceAll('/', '\\')}`);
  };
  await run(log, env, WINESERVER, '-p');
  await setServices(wine, load, server.services);
  await load(
    regFile(
      server.registry,
      [...server.services.keys(), DRIVER].map((name) => `${SERVICES}\\${name}`),
    ),
  );
  return env;
};
