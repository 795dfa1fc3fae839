/** Where a password comes from. It is read at the last moment, stands in no argument list, and is taken out of every message. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { LIMITS } from './limits.ts';
import { Mistake } from './mistake.ts';
import type { Ignorance } from './model.ts';
import { readPrivate } from './private-file.ts';

/** `user` as the target's address names it. */
export type Account = Readonly<{ user: string; host: string }>;

export type Credentials = Readonly<{
  /** Throws Mistake when there is plainly nothing to give, such as a variable that is not set. */
  ready(): void;
  /** Throws Mistake when the source gives nothing. */
  passwordOf(account: Account): Promise<string>;
  /** The text without any password that was given out, in none of the forms in which a peer may repeat it. */
  redact(text: string): string;
}>;

/** What a source may use of this process. */
export type Surroundings = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
}>;

export const PASSWORD_VARIABLE = 'SSTP_AUDIT_PASSWORD';
const HINT = 'write env:SSTP_AUDIT_PASSWORD, file:PATH, stdin, or command:PROGRAM ARGUMENTS';
const SECRET_VARIABLE = /^SSTP_AUDIT_(SSH_)?PASSWORD\w*$/;

/** An environment for a program that needs no password of ours. */
export const withoutPasswords = (env: Surroundings['env']): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_VARIABLE.test(name)));

/** Reads the name of a source. Throws Mistake for one that does not exist. */
export const credentialsFrom = (source: string, surroundings: Surroundings): Credentials => {
  const { ready, read } = sourceNamed(source, surroundings);
  const given = new Map<string, string>();
  const asked = new Map<string, Promise<string>>();
  return {
    ready,
    passwordOf: (account) => {
      const key = JSON.stringify([account.user, account.host]);
      const answer =
        asked.get(key) ??
        read(account).then((password) => {
          if (password === '') throw new Mistake(`${nameOf(source)} gives an empty password`, HINT);
          given.set(key, password);
          return password;
        });
      asked.set(key, answer);
      return answer;
    },
    redact: (said) => [...given].reduce((rest, [key, password]) => forms(key, password).reduce(without, rest), said),
  };
};

const without = (said: string, secret: string): string => said.replaceAll(secret, '•••');

/** Basic authentication carries user and password in base64; others may quote for URLs, JSON or XML. */
const forms = (key: string, password: string): readonly string[] => {
  const [user] = JSON.parse(key) as [string, string];
  const xml = password.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return [
    Buffer.from(`${user}:${password}`).toString('base64'),
    password,
    // UTF-8 that was read as one byte a character.
    Buffer.from(password).toString('latin1'),
    JSON.stringify(password).slice(1, -1),
    encodeURIComponent(password),
    xml,
  ];
};

type Source = Readonly<{ ready(): void; read(account: Account): Promise<string> }>;

/** A source as a message may name it: the arguments of a command could hold something private. */
const nameOf = (source: string): string => source.replace(/^(command:\S+).*$/s, '$1');

const sourceNamed = (source: string, surroundings: Surroundings): Source => {
  const { env } = surroundings;
  const [, kind = source, rest = ''] = /^([a-z]+):(.*)$/s.exec(source) ?? [];
  if (kind === 'env' && rest !== '') return variable(rest, env);
  if (kind === 'file' && rest !== '') return file(rest);
  if (kind === 'command' && rest.trim() !== '') return command(wordsOf(rest), env);
  if (source === 'stdin') return standardInput(surroundings.stdin);
  throw new Mistake(`${nameOf(source)} is no source of a password`, HINT);
};

/** Only these variables are kept from the programs that we start. */
const variable = (name: string, env: Surroundings['env']): Source => {
  if (!SECRET_VARIABLE.test(name))
    throw new Mistake(
      `${name} is no variable for a password`,
      `name it ${PASSWORD_VARIABLE}, or begin its name with that`,
    );
  const value = (): string => {
    const password = env[name];
    if (password === undefined) throw new Mistake(`${name} is not set`, `set it, or name another source: ${HINT}`);
    return password;
  };
  return { ready: () => void value(), read: async () => value() };
};

const firstLine = (said: string): string => said.replace(/\r?\n[\s\S]*$/, '');

const file = (path: string): Source => ({
  ready: () => void readPrivate(path),
  read: async () => firstLine(readPrivate(path)),
});

const standardInput = (stdin: Surroundings['stdin']): Source => {
  let line: Promise<string> | undefined;
  const ready = (): void => {
    if (stdin.isTTY) throw new Mistake('the password is not typed in here', 'send it through a pipe');
  };
  const read = (): Promise<string> => {
    line ??= text(stdin).then(firstLine);
    return line;
  };
  return { ready, read };
};

/** A JSON array of words, or words between blanks. No shell reads them. */
const wordsOf = (line: string): readonly string[] => {
  if (!line.trim().startsWith('[')) return line.trim().split(/\s+/);
  try {
    const words: unknown = JSON.parse(line);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Said below.
  }
  throw new Mistake('the command for the password is no JSON array of words', 'write command:["program","argument"]');
};

const command = ([program = '', ...words]: readonly string[], env: Surroundings['env']): Source => ({
  ready: () => undefined,
  read: async ({ user, host }) => {
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...withoutPasswords(env), SSTP_AUDIT_USER: user, SSTP_AUDIT_HOST: host },
      windowsHide: true,
    });
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    child.on('error', ({ message }) => resolve(message));
    child.on('close', (code, signal) => resolve(code === 0 ? '' : `it ended with ${signal ?? `exit code ${code}`}`));
    // The limit that `spawn` itself knows goes on where there is no such program, and keeps ours from ending.
    const late = setTimeout(() => {
      resolve(`it took longer than ${LIMITS.passwordMs / 1_000} s`);
      child.kill();
      // What it started may hold its output for longer, and it may not heed the signal: neither is waited for.
      child.stdout.destroy();
      child.unref();
    }, LIMITS.passwordMs);
    const said = await text(child.stdout).catch(() => '');
    const trouble = await ended;
    clearTimeout(late);
    if (trouble) throw new Mistake(`${program} gave no password: ${trouble}`, 'run it by hand to see what it says');
    return firstLine(said);
  },
});

/** Why something is not known, without the passwords that a server may repeat which was shown them, in its banner for instance. */
export const redacted = ({ reason, detail }: Ignorance, credentials?: Pick<Credentials, 'redact'>): Ignorance => ({
  reason,
  detail: credentials?.redact(detail) ?? detail,
});
