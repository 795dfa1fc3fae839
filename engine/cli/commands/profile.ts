import type { Command } from 'commander';
import { doing, example } from '../options.ts';

export const addProfile = (program: Command): void => {
  const profile = program.command('profile').description('work on profiles');
  profile
    .command('check')
    .description('find every mistake in a profile')
    .argument('<profiles...>', 'built-in names or YAML files')
    .addHelpText(...example('sstp-audit profile check profiles/our-servers.yaml'))
    .action(
      doing(async (_stop, profiles: string[]) => {
        const { checkProfiles } = await import('../profile.ts');
        return checkProfiles(profiles);
      }),
    );
  profile
    .command('schema')
    .description('print the JSON Schema of profiles, for editors')
    .addHelpText(...example('sstp-audit profile schema > schema.json'))
    .action(
      doing(async () => {
        const { printSchema } = await import('../profile.ts');
        return printSchema();
      }),
    );
};
