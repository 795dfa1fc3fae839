#!/usr/bin/env node
/** The command line. Commands are loaded when they are called; what goes wrong is said here, once. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Mistake } from '../mistake.ts';
import { LANGUAGES, SEVERITIES } from '../model.ts';
import { EXIT_CODES } from './exit-code.ts';
import { version } from './version.ts';

// Node ends with 1 after an error that nobody caught, which would read as "something failed".
process.exitCode = 3;
process.on('uncaughtException', (error) => {
  complain(error);
  process.exitCode = 3;
});

const complain = (error: unknown): void => {
  if (error instanceof Mistake) {
    for (const line of error.message.split('\n'))
      process.stderr.write(line.startsWith(' ') ? `${line}\n` : `sstp-audit: ${line}\n`);
    process.stderr.write(`sstp-audit: hint: ${error.hint}\n`);
    return;
  }
  process.stderr.write(`sstp-audit: this is a defect of sstp-audit ${version}, please report it:\n`);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
};

/** A signal stops the asking; what is known is still written. A second one ends at once. */
const untilStopped = (): { signal: AbortSignal; exitCode(): number | undefined } => {
  const controller = new AbortController();
  let code: number | undefined;
  for (const [name, number] of [['SIGINT', 2] as const, ['SIGTERM', 15] as const, ['SIGHUP', 1] as const])
    process.once(name, () => {
      code = 128 + number;
      process.stderr.write(`sstp-audit: stopping on ${name}; what is known is still written\n`);
      controller.abort(new Error(name));
    });
  return { signal: controller.signal, exitCode: () => code };
};

/** Runs the work of a command with a stop signal; its number is the exit code unless a signal came. */
const doing =
  <A extends unknown[]>(work: (stop: AbortSignal, ...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    const stop = untilStopped();
    const exitCode = await work(stop.signal, ...args);
    process.exitCode = stop.exitCode() ?? exitCode;
  };

const positive = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('it must be a whole number above 0.');
  return number;
};
const list = (text: string, before: readonly string[] = []): readonly string[] => [...before, ...text.split(',')];
const assignment = (text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};

const EXITS = `\nExit codes:\n${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}\n  128 plus its number after a signal\n`;
const language = () =>
  new Option('--lang <language>', 'language of titles, reasons and remedies').choices(LANGUAGES).default('en');

const judging = (command: Command): Command =>
  command
    .option('-p, --profile <name|file>', 'what is expected: a built-in profile or a YAML file', 'baseline')
    .option(
      '--input <name=value>',
      'gives an input of the profile a value (repeatable; arrays comma-separated)',
      assignment,
      {},
    )
    .option('-r, --reporter <name[:file]...>', 'cli, json, junit, html; each may go to a file', ['cli'])
    .option('--only <ids>', 'these checks only, comma-separated; * stands for any text', list)
    .option('--tags <tags>', 'tags of these targets, comma-separated', list, [])
    .addOption(language())
    .addOption(
      new Option('--fail-on <severity>', 'failures below this severity do not count')
        .choices(SEVERITIES)
        .default('low'),
    )
    .option('--allow-unknown', 'exit code 0 instead of 3; every report says so', false)
    .option('--at-a-time <number>', 'targets at the same time', positive, 32);

const asking = (command: Command): Command =>
  command
    .option('--timeout <seconds>', 'deadline of each target', positive, 120)
    .option('--ssh-config <file>', 'ssh_config file to use in place of your own');

const program = new Command('sstp-audit')
  .description('Proves that Windows RRAS servers accept SSTP connections, and says why not when they do not.')
  .version(version)
  .showHelpAfterError('(sstp-audit --help lists the options)')
  .addHelpText('after', EXITS)
  .exitOverride();

asking(judging(program.command('run')))
  .description('ask servers, judge the answers, write reports')
  .argument('<targets...>', 'ssh://user@host:port, or evidence:FOLDER')
  .option('--evidence <folder>', 'keep what was asked and answered in a sealed folder per target')
  .addHelpText(
    'after',
    '\nExample:\n  sstp-audit run ssh://admin@vpn01 -p baseline --input publicNames=vpn.example.com \\\n    -r cli junit:out/junit.xml html:out/report.html --evidence out/evidence\n',
  )
  .action(
    doing(async (stop, targets: string[], options) => {
      const { runSession } = await import('./session.ts');
      return runSession(targets, options, stop);
    }),
  );

asking(program.command('gather'))
  .description('ask servers and keep the answers; judge them later, anywhere')
  .argument('<targets...>', 'ssh://user@host:port')
  .requiredOption('--evidence <folder>', 'folder that gets a sealed folder per target')
  .option('--tags <tags>', 'tags of these targets, comma-separated', list, [])
  .option('--at-a-time <number>', 'targets at the same time', positive, 32)
  .addHelpText(
    'after',
    '\nExample:\n  sstp-audit gather ssh://admin@vpn01 ssh://admin@vpn02 --evidence evidence-2026-11\n',
  )
  .action(
    doing(async (stop, targets: string[], options) => {
      const { gatherAll } = await import('./gather.ts');
      return gatherAll(targets, options, stop);
    }),
  );

judging(program.command('judge'))
  .description('judge kept evidence, without a network')
  .argument('<folders...>', 'evidence folders, or folders of evidence folders')
  .addHelpText(
    'after',
    '\nExample:\n  sstp-audit judge evidence-2026-11 -p kb947031 --input publicNames=vpn.example.com -r cli json:report.json\n',
  )
  .action(
    doing(async (stop, folders: string[], options) => {
      const { runSession } = await import('./session.ts');
      const uris = folders.map((folder) => (folder.startsWith('evidence:') ? folder : `evidence:${folder}`));
      return runSession(uris, { ...options, timeout: 120 }, stop);
    }),
  );

program
  .command('explain')
  .description('tell about a check, a situation of KB947031 or an event id; without a topic, list the checks')
  .argument('[topic]', 'certificate/names, 8.7, situation 4, event 18')
  .addOption(language())
  .addHelpText('after', '\nExample:\n  sstp-audit explain certificate/names --lang ja\n')
  .action(
    doing(async (_stop, topic: string | undefined, { lang }) => {
      const { explain } = await import('./explain.ts');
      return explain(topic, lang);
    }),
  );

program
  .command('questions')
  .description('list every command that could be sent to a server, and the right that it needs')
  .option('--json', 'as JSON', false)
  .addHelpText('after', '\nExample:\n  sstp-audit questions\n')
  .action(
    doing(async (_stop, { json }) => {
      const { printQuestions } = await import('./questions.ts');
      return printQuestions(json);
    }),
  );

const profile = program.command('profile').description('work on profiles');
profile
  .command('check')
  .description('find every mistake in a profile')
  .argument('<profiles...>', 'built-in names or YAML files')
  .addHelpText('after', '\nExample:\n  sstp-audit profile check profiles/our-servers.yaml\n')
  .action(
    doing(async (_stop, profiles: string[]) => {
      const { checkProfiles } = await import('./profile.ts');
      return checkProfiles(profiles);
    }),
  );
profile
  .command('schema')
  .description('print the JSON Schema of profiles, for editors')
  .addHelpText('after', '\nExample:\n  sstp-audit profile schema > schema.json\n')
  .action(
    doing(async () => {
      const { printSchema } = await import('./profile.ts');
      return printSchema();
    }),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    complain(error);
    process.exitCode = error instanceof Mistake ? 2 : 3;
  }
}
