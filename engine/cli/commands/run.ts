import { type Command, InvalidArgumentError } from 'commander';
import { asking, choosing, doing, example, judging, positive, probing } from '../options.ts';

/** The word behind an option whose value may be left out is its value. */
const noTarget = (word: string): string => {
  if (/^(?:ssh|winrm|winrm\+http|probe|evidence|local):/.test(word))
    throw new InvalidArgumentError('It is a target: name targets before --store, or write --store=FILE.');
  return word;
};

export const addRun = (program: Command): void => {
  probing(choosing(asking(judging(program.command('run')))))
    .description('ask servers, judge the answers, write reports')
    .argument('[targets...]', 'ssh:// or winrm://user@host:port, local:, probe://vpn.example.com, or evidence:FOLDER')
    .option('--evidence <folder>', 'keep what was asked and answered in a sealed folder per target')
    .option('--store [file]', "remember the run in a store, by default in the user's state folder", noTarget)
    .option('--resume [run]', 'go on with a run that a store remembers, by default the newest unfinished one', positive)
    .addHelpText(
      ...example(
        'sstp-audit run ssh://admin@vpn01 -p baseline --input publicNames=vpn.example.com -r cli junit:out/junit.xml html:out/report.html --evidence out/evidence',
      ),
    )
    .action(
      doing(async (stop, targets: string[], options, command: Command) => {
        const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
        if (options.resume !== undefined) {
          const { resumeSession } = await import('../resume.ts');
          return resumeSession(targets, { ...options, given }, stop);
        }
        const { runSession } = await import('../session.ts');
        return runSession(targets, options, stop);
      }),
    );
};
