import { type Command, Option } from 'commander';
import { asking, doing, example, inputs, language, probing, tags } from '../options.ts';

export const addDiagnose = (program: Command): void => {
  probing(asking(program.command('diagnose')))
    .description('tell what an error code of a client means, and find its cause; without a target, say what decides it')
    .argument('<code>', '809, 0x800B0109, -2146762487, CERT_E_EXPIRED, the message, a line of a log, or "situation 8"')
    .argument('[targets...]', 'ssh:// or winrm://user@host:port, local:, probe://vpn.example.com, or evidence:FOLDER')
    .option('--client', 'the target is the machine that dials, not the server', false)
    .option('-p, --profile <name|file>', 'what is expected (default: diagnosis, no more than a connection needs)')
    .addOption(inputs())
    .option('--evidence <folder>', 'keep what was asked and answered in a sealed folder per target')
    .addOption(new Option('--tags <tags>').argParser(tags).default([]).hideHelp())
    .addOption(language())
    .option('--json', 'as JSON, for programs', false)
    .addHelpText(...example('sstp-audit diagnose 0x800B0109 ssh://admin@vpn01 --probe vpn.example.com'))
    .action(
      doing(async (stop, code: string, targets: string[], options) => {
        const { diagnose } = await import('../diagnose.ts');
        return diagnose(code, targets, options, stop);
      }),
    );
};
