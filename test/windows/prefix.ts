/** Wine prefixes: one is made per machine and kept, the servers get clones of it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, symlink } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Tongue } from '../server/words.ts';
import { type Environment, run } from './run.ts';

const HERE = import.meta.dirname;
const POLL_MS = 200;
/** The guard knows this name too. */
const DRAFT = '.cache';
/** Debian's own scripts end the server after every command, which then takes 3 s in place of 0.1 s. */
export const WINE = join(HERE, 'wine.sh');
export const WINESERVER = '/usr/lib/wine/wineserver64';
const NEEDED: Readonly<Record<string, string>> = {
  wine64: WINESERVER,
  'openssh-server': '/usr/sbin/sshd',
  'openssh-client': '/usr/bin/ssh',
  'gcc-mingw-w64-x86-64-win32': '/usr/bin/x86_64-w64-mingw32-gcc',
  locales: '/usr/share/i18n/locales/ja_JP',
};
/** Where wine has stubs that print nothing and say 0. */
export const REPLACED = ['netsh.exe', 'netstat.exe', 'wevtutil.exe'] as const;

const LANGUAGES: Readonly<Record<Tongue, string>> = {
  en: 'en_US',
  ja: 'ja_JP',
  de: 'de_DE',
  fr: 'fr_FR',
  es: 'es_ES',
  pt: 'pt_BR',
  ru: 'ru_RU',
  zh: 'zh_CN',
  ko: 'ko_KR',
};
/** Which locale makes wine print in which code page. */
const CODE_PAGES: Readonly<Record<number, string>> = {
  437: 'en_US',
  850: 'de_DE',
  866: 'ru_RU',
  932: 'ja_JP',
  936: 'zh_CN',
  949: 'ko_KR',
  65001: 'hi_IN',
};

/** The Debian packages that are not installed. */
export const missingPackages = (): readonly string[] =>
  Object.entries(NEEDED).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));

/** What every wine process needs to find in its environment; without a prefix it would make one in the home directory. */
const wineEnvironment = (prefix: string): Environment => ({
  HOME: prefix,
  // Where the socket of its server lies.
  TMPDIR: dirname(prefix),
  USER: userInfo().username,
  WINEPREFIX: prefix,
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
});

const makeLocale = async (cache: string, name: string): Promise<string> => {
  const [locale, folder] = [`${name}.UTF-8`, join(cache, 'locales')];
  if (existsSync(join(folder, locale))) return locale;
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(cache, 'locale-'));
  await run(join(draft, 'log'), {}, 'localedef', '-i', name, '-f', 'UTF-8', join(draft, locale));
  await settle(join(draft, locale), join(folder, locale));
  await rm(draft, { recursive: true });
  return locale;
};

/** The environment of a server: its prefix, the bytes and the language that it prints. */
export const environmentOf = async (
  cache: string,
  prefix: string,
  { codePage, language }: Readonly<{ codePage: number; language: Tongue }>,
): Promise<Environment> => {
  const bytes = CODE_PAGES[codePage];
  if (bytes === undefined) throw new Error(`the stand-in has no locale for code page ${codePage}`);
  return {
    ...wineEnvironment(prefix),
    LOCPATH: join(cache, 'locales'),
    LC_CTYPE: await makeLocale(cache, bytes),
    LC_MESSAGES: await makeLocale(cache, LANGUAGES[language]),
  };
};

/** Puts a finished folder in its place; when another process was faster, its folder stays. */
const settle = async (draft: string, place: string): Promise<void> => {
  try {
    await rename(draft, place);
  } catch (cause) {
    if (!existsSync(place)) throw cause;
    await rm(draft, { recursive: true });
  }
};

const contentHash = (): string => {
  const files = ['prefix.ts', 'build.sh', ...readdirSync(join(HERE, 'src')).map((name) => join('src', name))];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(readFileSync(join(HERE, file)));
  // Another version of wine would first change the prefix to its own liking, in each clone.
  hash.update(String(statSync(WINESERVER).mtimeMs));
  return hash.digest('hex').slice(0, 12);
};

const makePrefix = async (draft: string): Promise<void> => {
  const [log, prefix, programs] = [join(draft, 'log'), join(draft, 'prefix'), join(draft, 'programs')];
  const system = join(prefix, 'drive_c/windows/system32');
  const env = wineEnvironment(prefix);
  await mkdir(prefix, { recursive: true, mode: 0o700 });
  await run(log, {}, join(HERE, 'build.sh'), programs);
  await run(log, env, WINE, 'wineboot', '-i');
  await run(log, env, WINE, 'winecfg', '-v', 'win10');
  // Without this, wine prefers its own program to the one that lies in system32.
  const overrides = String.raw`HKCU\Software\Wine\DllOverrides`;
  for (const name of ['reg.exe', 'taskkill.exe', ...REPLACED])
    await run(log, env, WINE, 'reg.exe', 'add', overrides, '/v', name, '/d', 'native,builtin', '/f');
  await run(log, env, WINESERVER, '-w');
  // The name of the folder with the socket, which a clone must not share.
  await rm(join(prefix, 'wineserver'), { force: true });
  const install = (program: string, name: string) =>
    run(log, {}, 'install', '-m', '755', join(programs, program), join(system, name));
  await install('winsh.exe', 'winsh.exe');
  await install('sstpsvc.dll', 'stand-in.dll');
  await install('services.exe', 'stand-in-services.exe');
  for (const name of REPLACED) await install('replay.exe', name);
  await rename(join(system, 'reg.exe'), join(system, 'wine-reg.exe'));
  await install('reg.exe', 'reg.exe');
  await install('taskkill.exe', 'taskkill.exe');
};

/** Takes a lock for the owner of a folder. A lock whose folder is gone belongs to nobody. */
const takes = async (lock: string, folder: string): Promise<boolean> => {
  try {
    await symlink(folder, lock);
    return true;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    if (!existsSync(lock)) await rm(lock, { force: true });
    return false;
  }
};

/** Where windows-node.sh keeps its program, too: unless nobody may write there, or hard links do not reach from there to the clones. */
const shelf = async (): Promise<string> => {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sstp-audit');
  const made = await mkdir(folder, { recursive: true }).then(
    () => stat(folder),
    () => undefined,
  );
  return made?.dev === (await stat(tmpdir())).dev ? folder : tmpdir();
};

/** The folder with the programs, the locales and the prefix that is cloned. Who finds none makes it, in `folder`. */
export const preparedCache = async (folder: string): Promise<string> => {
  const { uid } = userInfo();
  const place = join(await shelf(), `stand-in-${uid}-${contentHash()}`);
  const lock = `${place}.lock`;
  while (!existsSync(place)) {
    if (await takes(lock, folder)) {
      try {
        await makePrefix(join(folder, DRAFT));
        await settle(join(folder, DRAFT), place);
      } finally {
        await rm(lock, { force: true });
      }
    } else await setTimeout(POLL_MS);
  }
  if ((await stat(place)).uid !== uid) throw new Error(`${place} belongs to someone else`);
  return place;
};

/**
 * A prefix of its own in 60 ms and 2 MB: the files are hard links, so whoever changes one must unlink it first; the
 * registry is copied.
 */
export const clonePrefix = async (cache: string, prefix: string, log: string): Promise<void> => {
  const origin = join(cache, 'prefix');
  await run(log, {}, 'cp', '-al', origin, prefix);
  for (const name of readdirSync(origin).filter((name) => name.endsWith('.reg')))
    await run(log, {}, 'cp', '--remove-destination', join(origin, name), join(prefix, name));
};
