import type { Command } from 'commander';
import { doing, example, list, ownChecks } from '../options.ts';

export const addWaive = (program: Command): void => {
  program
    .command('waive')
    .description('write an approved exception into a file of waivers, or into a profile; comments and layout stay')
    .argument('<check>', 'the check whose failures are excused, such as certificate/names')
    .requiredOption('--target <name>', 'servers that it is for; * stands for any text')
    .addOption(ownChecks())
    .option('--tags <tags>', 'only servers with one of these tags or groups, comma-separated', list, [])
    .requiredOption('--subject <text>', 'subjects of findings that it is for; * stands for any text')
    .option('--actual <value>', 'the only value that it excuses: another one ends the waiver')
    .requiredOption('--until <date>', 'its last day (UTC), or a time with its offset')
    .requiredOption('--because <reason>', 'why, such as the number of a change request')
    .requiredOption('--approved-by <name>', 'who approved it')
    .requiredOption('--file <file>', 'YAML file that takes it; made when it is not there')
    .addHelpText(
      ...example(
        'sstp-audit waive tls/protocols --target "vpn-legacy-*" --subject "TLS 1.0" --until 2027-03-31 --because CHG-4412 --approved-by j.doe --file waivers.yaml',
      ),
    )
    .action(
      doing(async (_stop, check: string, options) => {
        const { waiveCheck } = await import('../waive.ts');
        return waiveCheck(check, options, new Date());
      }),
    );
};
