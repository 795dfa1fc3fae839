import type { Command } from 'commander';
import { doing, each, example, inputs, ownChecks } from '../options.ts';

export const addProfile = (program: Command): void => {
  const profile = program.command('profile').description('work on profiles');
  profile
    .command('check')
    .description('find every mistake in a profile')
    .argument('<profiles...>', 'built-in names or YAML files')
    .addOption(ownChecks())
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
    .addOption(ownChecks())
    .option('--waivers', 'that of files of waivers', false)
    .addHelpText(...example('sstp-audit profile schema > schema.json'))
    .action(
      doing(async (_stop, options) => {
        const { printSchema } = await import('../profile.ts');
        return printSchema(options);
      }),
    );
  profile
    .command('init')
    .description('write a profile from servers that are known to be good: it expects what their evidence shows')
    .requiredOption(
      '--from <evidence...>',
      'evidence:FOLDER or FOLDER, one or several; also folders of evidence folders',
    )
    .option(
      '-p, --profile <name>',
      'the built-in profile that it extends (default: baseline; complete, reach by the evidence)',
    )
    .addOption(inputs())
    .option('-o, --output <file>', 'YAML file that is made; without it, standard output')
    .option('--force', 'replace the file where it is there already', false)
    .addHelpText(...example('sstp-audit profile init --from evidence-2026-11/vpn01 -o our-servers.yaml'))
    .action(
      doing(async (stop, options) => {
        const { initProfile } = await import('../profile-init.ts');
        return initProfile(options, stop);
      }),
    );
};
