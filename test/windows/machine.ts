/** One pretended Windows server as a running wine prefix. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '../server/sc.ts';
import { answer, type Server } from '../server/state.ts';
import { clonePrefix, environmentOf, REPLACED, WINE, WINESERVER } from './prefix.ts';
import { regFile } from './reg-file.ts';
import { type Environment, run } from './run.ts';

const SERVICES = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services`;
/** The only described service that wine has itself, as a kernel driver. */
const DRIVER = 'HTTP';
const NEVER_STARTED = 1077;

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

/** Services as `services.c` takes them, which makes the service control manager say what is described. */
const inWords = (services: Server['services']): readonly string[] =>
  Array.from(services, ([name, { state, type = 0x20, win32ExitCode = 0 }]) =>
    [name, type.toString(16), state, win32ExitCode].join(':'),
  );

/** Starts a server in `folder`, on a clone of the cached prefix; gives the environment that its programs run in. */
export const startMachine = async (server: Server, cache: string, folder: string): Promise<Environment> => {
  const [prefix, log, registry] = [join(folder, 'prefix'), join(folder, 'log'), join(folder, 'import.reg')];
  await mkdir(folder);
  await clonePrefix(cache, prefix, log);
  await writeRecordings(server, join(prefix, 'drive_c/fixtures'));
  const env = await environmentOf(cache, prefix, server);
  await run(log, env, WINESERVER, '-p');
  await run(log, env, WINE, 'stand-in-services.exe', ...inWords(server.services));
  const replaced = [...server.services.keys(), DRIVER].map((name) => `${SERVICES}\\${name}`);
  await writeFile(registry, regFile(server.registry, replaced));
  await run(log, env, WINE, 'reg.exe', 'import', `Z:${registry.replaceAll('/', '\\')}`);
  return env;
};
