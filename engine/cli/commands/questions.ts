import { type Command, Option } from 'commander';
import { doing, example, ownChecks, ownPrograms } from '../options.ts';

export const addQuestions = (program: Command): void => {
  program
    .command('questions')
    .description('list every command that could be sent to a server, and the right that it needs')
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .addOption(new Option('--json', 'as JSON').default(false).conflicts('jea'))
    .option(
      '--jea',
      'as a role capability (.psrc) of Just Enough Administration that allows them and nothing else',
      false,
    )
    .addHelpText(...example('sstp-audit questions'))
    .action(
      doing(async (_stop, { json, jea }) => {
        const { printQuestions, printRoleCapability } = await import('../questions.ts');
        return jea ? printRoleCapability() : printQuestions(json);
      }),
    );
};
