/** The command line. Commands are loaded when they are called; what goes wrong is said here, once. */
import { Command, CommanderError, Help } from 'commander';
import { fileTrouble, isFileTrouble } from '../file-trouble.ts';
import { Mistake } from '../mistake.ts';
import { printable } from '../printable.ts';
import { saidBy } from '../said-by.ts';
import { addCollector, addImport } from './commands/collector.ts';
import { addDiagnose } from './commands/diagnose.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addGather } from './commands/gather.ts';
import { addHistory } from './commands/history.ts';
import { addInventory } from './commands/inventory.ts';
import { addJudge } from './commands/judge.ts';
import { addProbe } from './commands/probe.ts';
import { addProfile } from './commands/profile.ts';
import { addQuestions } from './commands/questions.ts';
import { addRun } from './commands/run.ts';
import { addVerify } from './commands/verify.ts';
import { addWaive } from './commands/waive.ts';
import { EXIT_CODES } from './exit-code.ts';
import { isUnread } from './terminal.ts';
import { version } from './version.ts';

/** Does what the arguments of this process say, and sets its exit code. */
export const main = async (): Promise<void> => {
  // Node ends with 1 after an error that nobody caught, which would read as "something failed".
  process.exitCode = 3;
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (isUnread(error)) return;
    complain(error);
    process.exitCode = exitCodeFor(error);
    keepFromPassing(process.exitCode);
  });
  process.once('exit', endedEarly);
  const program = commandLine().hook('preAction', async (_program, command) => {
    const { checks, allowProgram } = command.opts();
    if (checks || allowProgram) await (await import('./checks.ts')).learnOwn({ checks, allowProgram });
  });
  // The command that is named is all that is needed; help, and what is no command, need all of them.
  const named = COMMANDS.get(process.argv[2] ?? '');
  for (const add of named ? [named] : COMMANDS.values()) add(program);
  await parsed(program).catch((error: unknown) => {
    if (error instanceof CommanderError) tellArguments(error, program);
    else complain(error);
    process.exitCode = exitCodeFor(error);
  });
  process.off('exit', endedEarly);
};

/** Own checks run in this process, and may end it with an exit code that reads as a verdict. */
const endedEarly = (): void => {
  if (process.exitCode !== 0 && process.exitCode !== 1) return;
  process.exitCode = 3;
  tell('sstp-audit: exit code 3: a check of your own ended the program');
};

/** What nobody waited for went wrong: whatever ends well after that proves nothing. */
const keepFromPassing = (exitCode: number): void => {
  process.once('exit', () => {
    if (process.exitCode !== 0) return;
    process.exitCode = exitCode;
    tell(`sstp-audit: exit code ${exitCode}: what is told above went wrong`);
  });
};

/** An empty word names nothing, and would be quoted as such: it is mostly a variable of a pipeline that nobody set. */
const parsed = async (program: Command): Promise<void> => {
  const [, , ...words] = process.argv;
  const at = words.indexOf('');
  // Only the name of an option is repeated: what else stands there may hold a password.
  const option = /^--?[\w-]+$/.exec(words[at - 1] ?? '')?.[0];
  if (at >= 0)
    throw new Mistake(
      `argument ${at + 1}${option ? `, behind ${option},` : ''} is empty`,
      'if it is a variable, set it; else leave the argument out',
    );
  await program.parseAsync();
};

const exitCodeFor = (error: unknown): number => {
  // Of `help`, commander says what we have set ourselves before.
  if (error instanceof CommanderError) return error.exitCode === 0 || process.argv[2] === 'help' ? 0 : 2;
  return error instanceof Mistake || isFileTrouble(error) ? 2 : 3;
};

const complain = (error: unknown): void => {
  if (error instanceof Mistake) {
    for (const line of error.message.split('\n')) tell(line.startsWith('    ') ? line : `sstp-audit: ${line}`);
    tell(`sstp-audit: hint: ${error.hint}`);
    return;
  }
  if (isFileTrouble(error)) {
    const [what, hint] = placeOf(error);
    tell(`sstp-audit: ${what}`);
    tell(`sstp-audit: hint: ${hint}`);
    return;
  }
  tell(`sstp-audit: this is a defect of sstp-audit ${version}, please report it:`);
  for (const line of (error instanceof Error ? `${error.stack}` : saidBy(error)).split('\n')) tell(line);
};

/** What is quoted may come from anybody: a folder of evidence, a file in it, an argument that a pipeline made. */
const tell = (line: string): void => void process.stderr.write(`${printable(line)}\n`);

const placeOf = (error: NodeJS.ErrnoException): readonly [what: string, hint: string] => {
  if (error.path !== undefined)
    return [`${error.path}: ${fileTrouble(error)}`, 'see to its place and its rights, and run this again'];
  return error.syscall === 'write'
    ? [`standard output cannot be written: ${fileTrouble(error)}`, 'choose another place, or make room there']
    : ['the folder that this runs in is not there any more', 'go to one that is, and run this again'];
};

/** What the arguments are, in the words of commander, told as all mistakes are. */
const tellArguments = ({ code, message }: CommanderError, program: Command): void => {
  if (/^commander\.(?:help|helpDisplayed|version)$/.test(code)) return;
  const [what = '', ...more] = message.replace(/^error: /, '').split('\n');
  const also = more.map((line) => ` ${line.replace('(Did you', '(did you')}`).join('');
  tell(`sstp-audit: ${what}${also}`);
  tell(`sstp-audit: hint: ${commandOf(program)} --help lists what there is`);
  if (code === 'commander.missingArgument') tellSwallowed();
};

/** The command that was meant, as far as it is one. */
const commandOf = (program: Command): string => {
  const [, , first, second] = process.argv;
  const command = program.commands.find((one) => one.name() === first);
  const inner = command?.commands.find((one) => one.name() === second);
  return ['sstp-audit', command?.name(), inner?.name()].filter((name) => name !== undefined).join(' ');
};

/** What is missing may stand behind an option that takes it for its own. */
const tellSwallowed = (): void => {
  const greedy = process.argv.find((word) => /^(?:-r|--reporter|--from)$/.test(word));
  if (greedy === undefined) return;
  tell(`sstp-audit: hint: ${greedy} takes every word up to the next option: name what is missing before it`);
};

const EXITS = `\nExit codes:\n${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}\n  128 plus its number after a signal\n`;

const commandLine = (): Command =>
  new Command('sstp-audit')
    .description('Proves that Windows RRAS servers accept SSTP connections, and says why not when they do not.')
    .version(version)
    .configureOutput({ outputError: () => {} })
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      // That nothing is given unless something is goes without saying; that something must be does not.
      optionDescription: (option) =>
        new Help().optionDescription(option).replace(/ \(default: (?:false|\[\]|\{\})\)$/, '') +
        (option.mandatory ? ' (required)' : ''),
    })
    .addHelpText('after', EXITS)
    .exitOverride();

const COMMANDS = new Map([
  ['run', addRun],
  ['gather', addGather],
  ['judge', addJudge],
  ['diff', addDiff],
  ['verify', addVerify],
  ['probe', addProbe],
  ['diagnose', addDiagnose],
  ['doctor', addDoctor],
  ['explain', addExplain],
  ['questions', addQuestions],
  ['profile', addProfile],
  ['inventory', addInventory],
  ['collector', addCollector],
  ['import', addImport],
  ['waive', addWaive],
  ['history', addHistory],
]);
