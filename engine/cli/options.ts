/** Options that commands share, and how a command does its work. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FLEET } from '../fleet/limits.ts';
import { LIMITS } from '../limits.ts';
import { LANGUAGES, SEVERITIES } from '../model.ts';

/** A signal stops the asking; what is known is still written. A second one, of whatever kind, ends at once. */
const untilStopped = (): { signal: AbortSignal; exitCode(): number | undefined } => {
  const controller = new AbortController();
  const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let code: number | undefined;
  const stop = (name: (typeof names)[number]): void => {
    for (const one of names) process.off(one, stop);
    code = 128 + signals[name];
    process.stderr.write(`sstp-audit: stopping on ${name}; what is known is still written\n`);
    controller.abort(Object.assign(new Error(name), { exitCode: code }));
  };
  for (const name of names) process.on(name, stop);
  return { signal: controller.signal, exitCode: () => code };
};

/** Runs the work of a command with a stop signal; its number is the exit code unless a signal came. */
export const doing =
  <A extends unknown[]>(work: (stop: AbortSignal, ...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    const stop = untilStopped();
    const exitCode = await work(stop.signal, ...args);
    process.exitCode = stop.exitCode() ?? exitCode;
  };

export const positive = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('it must be a whole number above 0.');
  return number;
};
const upTo =
  (most: number, unit: string) =>
  (text: string): number => {
    const number = positive(text);
    if (number > most) throw new InvalidArgumentError(`it must be ${most} at most, which is a ${unit}.`);
    return number;
  };
/** What takes longer has no deadline, and from 25 days on Node's timers end at once. */
export const seconds = upTo(86_400, 'day');
/** Dates end somewhere, too. */
export const days = upTo(36_525, 'century');
/** Many write a blank behind a comma; no name begins with one. */
export const list = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(',').map((part) => part.trim()),
];
/** A list in which an empty text would count as one of them. */
export const tags = (text: string, before: readonly string[] = []): readonly string[] => {
  if (list(text).includes('')) throw new InvalidArgumentError('it holds an empty tag.');
  return list(text, before);
};
export const each = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
/** Of two values the first would count for nothing. */
const once = (text: string, before?: string): string => {
  if (before !== undefined) throw new InvalidArgumentError(`it is ${before} already: give it once.`);
  return text;
};
const assignment = (text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write name=value.');
  const name = text.slice(0, at);
  // The later one alone would count, and names that nobody looked at would pass with it.
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`give ${name} once, a list as ${name}=one,other.`);
  return { ...before, [name]: text.slice(at + 1) };
};

/** An example as every command shows it: a real line that works. */
export const example = (text: string): readonly ['after', string] => ['after', `\nExample:\n  ${text}\n`];

export const language = (): Option =>
  new Option('--lang <language>', 'language of titles, reasons and remedies')
    .choices(LANGUAGES)
    .default('en')
    .env('SSTP_AUDIT_LANG');

export const inputs = (): Option =>
  new Option(
    '--input <name=value>',
    'gives an input of the profile a value (repeatable; arrays comma-separated, in quotes)',
  )
    .argParser(assignment)
    .default({});

const reporter = (): Option =>
  new Option(
    '-r, --reporter <name:file...>',
    'cli, json, junit, html, csv, markdown; :file sends one to a file; settings stand between: junit,split=25MB:junit.xml; takes all words up to the next option',
  ).default(['cli']);

/** What commands take that know checks: the main program reads them before the command begins. */
export const ownChecks = (): Option =>
  new Option('--checks <folder>', 'your own checks: every one that a module in it exports (repeatable)').argParser(
    each,
  );

const program = (text: string, before: readonly string[] = []): readonly string[] => {
  if (!/^[\w-]+\.exe$/i.test(text))
    throw new InvalidArgumentError('write the name of a program, such as ipconfig.exe.');
  return [...before, text];
};

/** What commands take that ask by those checks, or read what was answered to them. */
export const ownPrograms = (): Option =>
  new Option(
    '--allow-program <name>',
    'your own checks may ask by it, too: ipconfig.exe; that they only read is your word (repeatable)',
  ).argParser(program);

/** What commands that judge take. */
export const judging = (command: Command): Command =>
  command
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .option(
      '-p, --profile <name|file>',
      'what is expected: kb947031, baseline, tls-offload, reach, complete, strict, client, or a YAML file (default: baseline; reach from outside only, complete from both sides)',
      once,
    )
    .addOption(inputs())
    .addOption(reporter())
    .option('--waivers <file>', 'waivers in a YAML file of their own, beside those of the profile (repeatable)', each)
    .option('--only <ids>', 'these checks only, comma-separated; * stands for any text', list)
    .addOption(language())
    .addOption(
      new Option('--fail-on <severity>', 'failures below this severity do not count')
        .choices(SEVERITIES)
        .default('low'),
    )
    .option('--allow-unknown', 'exit code 0 instead of 3; every report says so', false)
    .option(
      '--baseline <report|run>',
      'an earlier JSON report, or a finished run of the store (run:12, run:latest): only what got worse since counts; every report says so',
    )
    .option('--at-a-time <number>', 'targets at the same time', positive, LIMITS.targetsAtATime);

/** How servers are named. */
export const choosing = (command: Command): Command =>
  command
    .option('-i, --inventory <file>', 'servers from an inventory; - is standard input (repeatable)', each)
    .option('--limit <hosts>', 'these hosts and groups only: tokyo:!vpn03', list)
    .option('--tags <tags>', 'tags of the targets given; of an inventory, only hosts with one of these', tags, []);

/** What commands that ask live servers take. */
export const asking = (command: Command): Command =>
  command
    .option('--timeout <seconds>', 'deadline of each target', seconds, LIMITS.targetMs / 1_000)
    .option('--per-site <number>', 'targets of one site of the inventory at the same time', positive, FLEET.perSite)
    .option('--per-jump-host <number>', 'targets behind one jump host at the same time', positive, FLEET.perJumpHost)
    .option('--ssh-config <file>', 'ssh_config file to use in place of your own')
    .option(
      '--password-from <source>',
      'env:SSTP_AUDIT_PASSWORD unless given; file:PATH, stdin, command:PROGRAM ARGUMENTS',
    )
    .option('--ca <pem>', 'PEM file of the only authorities that TLS connections to WinRM trust')
    .option('--client-certificate <pem>', 'certificate and key to sign in with over WinRM')
    .option('--retry-rejected-password', 'try a password on each server, though one rejected it (may lock out)', false);

/** Where clients dial a server that is asked itself. */
export const probing = (command: Command): Command =>
  outside(command.option('--probe <host:port>', 'look at the server from outside, too, where its clients dial', once));

/** How servers are looked at from outside. */
export const outside = (command: Command): Command =>
  command
    .option('--sni <name>', 'name to give in TLS and HTTP, where it differs from the one that is dialled')
    .option('--roots <pem>', "PEM file of roots that clients trust, in place of this machine's (repeatable)", each)
    .option('--proxy <host:port>', 'HTTP proxy that clients go through')
    .option('--stage-timeout <seconds>', 'deadline of each stage of a connection', seconds, LIMITS.stageMs / 1_000)
    .option('--allow-private', 'fetch revocation lists and issuers from private addresses, too', false);
