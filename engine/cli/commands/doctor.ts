import type { Command } from 'commander';
import { asking, choosing, doing, example, language, ownChecks, ownPrograms } from '../options.ts';

export const addDoctor = (program: Command): void => {
  choosing(asking(program.command('doctor')))
    .description('go the way to a server step by step, and tell what this account can and cannot read there')
    .argument('[targets...]', 'ssh:// or winrm://user@host:port, local:, or evidence:FOLDER')
    .option(
      '-p, --profile <name|file>',
      'the checks that matter: those of a built-in profile or a YAML file',
      'baseline',
    )
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .addOption(language())
    .option('--json', 'as JSON', false)
    .addHelpText(...example('sstp-audit doctor ssh://svc-audit@vpn01'))
    .action(
      doing(async (stop, targets: string[], options) => {
        const { doctor } = await import('../doctor.ts');
        return doctor(targets, options, stop);
      }),
    );
};
