import type { Command } from 'commander';
import { doing, example } from '../options.ts';

export const addQuestions = (program: Command): void => {
  program
    .command('questions')
    .description('list every command that could be sent to a server, and the right that it needs')
    .option('--json', 'as JSON', false)
    .addHelpText(...example('sstp-audit questions'))
    .action(
      doing(async (_stop, { json }) => {
        const { printQuestions } = await import('../questions.ts');
        return printQuestions(json);
      }),
    );
};
