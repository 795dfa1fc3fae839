import type { Command } from 'commander';
import { doing, example, language, ownChecks } from '../options.ts';

export const addExplain = (program: Command): void => {
  program
    .command('explain')
    .description(
      'tell about a check, an area of checks, a situation of KB947031, a code that a client shows, or an event id; without a topic, list the checks',
    )
    .argument('[topic...]', 'certificate/names, certificate, 8.7, situation 4, 809, 0x800B0109, event 18')
    .addOption(ownChecks())
    .addOption(language())
    .addHelpText(...example('sstp-audit explain certificate/names --lang ja'))
    .action(
      doing(async (_stop, topic: readonly string[], { lang }) => {
        const { explain } = await import('../explain.ts');
        return explain(topic.length > 0 ? topic.join(' ') : undefined, lang);
      }),
    );
};
