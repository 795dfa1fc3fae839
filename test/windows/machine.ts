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

/** Says which parts of a description wine cannot play, so that no test believes that they were played. */
const refuseTheImpossible = (server: Server): void => {
  const refuse = (what: string): never => {
    throw new Error(`the stand-in cannot play this server: ${what}`);
  };
  for (const key of server.deniedKeys) refuse(`${key} is denied, and wine denies nothing`);
  for (const [name, { state, denied, win32ExitCode }] of server.services) {
    if (!/^\w+$/.test(name)) refuse(`${name} is no name for a service`);
    if (denied) refuse(`${name} is denied, and wine denies nothing`);
    if (state !== 1 && state !== 4) refuse(`${name} is in state ${state}, neither running nor stopped`);
    if (win32ExitCode && (state === 4 || win32ExitCode !== NEVER_STARTED))
      refuse(`${name} ended with ${win32ExitCode}, and ours does not fail`);
  }
  for (const command of server.programs.keys()) {
    const name = program(inHashedForm(command));
    if (!REPLACED.some((replaced) => replaced === name)) refuse(`${name} is not one of ${REPLACED.join(', ')}`);
  }
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

/** Makes the service control manager say what is described. HTTP is wine's own driver; the others are our DLL. */
const setService = async (wine: Wine, name: string, service: Service): Promise<void> => {
  const { state, type = 0x20, win32ExitCode = 0 } = service;
  const host = `C:\\windows\\system32\\svchost.exe -k ${name}`;
  if (name !== DRIVER) await wine('sc.exe', 'create', name, 'binPath=', host, 'type=', 'share', 'start=', 'demand');
  if (win32ExitCode !== NEVER_STARTED) await wine('sc.exe', 'start', name);
  if (state === 1 && win32ExitCode !== NEVER_STARTED) await wine('sc.exe', 'stop', name);
  const [found, wanted] = [await statusOf(wine, name), `${type.toString(16)} ${state} ${win32ExitCode}`];
  if (found !== wanted) throw new Error(`${name} has type, state and exit code ${found}, where ${wanted} is described`);
};

const setServices = async (wine: Wine, load: Load, services: Server['services']): Promise<void> => {
  await load(preparation([...services.keys()].filter((name) => name !== DRIVER)));
  await together([...services].map(([name, service]) => setService(wine, name, service)));
  if (!services.has(DRIVER)) await wine('sc.exe', 'delete', DRIVER);
};

/** Starts a server in `folder`, on a clone of the cached prefix; gives the environment that its programs run in. */
export const startMachine = async (server: Server, cache: string, folder: string): Promise<Environment> => {
  refuseTheImpossible(server);
  const [prefix, log, registry] = [join(folder, 'prefix'), join(folder, 'log'), join(folder, 'import.reg')];
  await mkdir(folder);
  await clonePrefix(cache, prefix, log);
  await writeRecordings(server, join(prefix, 'drive_c/fixtures'));
  const env = await environmentOf(cache, prefix, server);
  const wine: Wine = (...command) => run(log, env, WINE, ...command);
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
