import type { Command } from 'commander';
import { doing, each, example } from '../options.ts';

export const addProfile = (program: Command): void => {
  const profile = program.command('profile').description('work on profiles');
  profile
    .command('check')
    .description('find every mistake in a profile')
    .argument('<profiles...>', 'built-in names or YAML files')
    .option('--waivers <file>', 'waivers in a file of their own, to be checked too (repeatable)', each, [])
    .addHelpText(...example('sstp-audit profile check profiles/our-servers.yaml'))
    .action(
      doing(async (_stop, profiles: string[], { waivers }) => {
        const { checkProfiles } = await import('../profile.ts');
        return checkProfiles(profiles, waivers);
      }),
    );
  profile
    .command('schema')
    .description('print the JSON Schema of profiles, for editors')
    .option('--waivers', 'that of files of waivers', false)
    .addHelpText(...example('sstp-audit profile schema > schema.json'))
    .action(
      doing(async (_stop, options) => {
        const { printSchema } = await import('../profile.ts');
        return printSchema(options);
      }),
    );
};
