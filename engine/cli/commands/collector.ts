import type { Command } from 'commander';
import { doing, example, ownChecks, ownPrograms, tags } from '../options.ts';

export const addCollector = (program: Command): void => {
  program
    .command('collector')
    .description('print a batch file that asks every question on a server that nothing can reach')
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .option('-o, --output <file>', 'write it there; the > of PowerShell makes a file of it that cmd.exe cannot read')
    .addHelpText(...example('sstp-audit collector --output collect.cmd'))
    .action(
      doing(async (_stop, { output }) => {
        const { printCollector } = await import('../collector.ts');
        return printCollector(output);
      }),
    );
};

export const addImport = (program: Command): void => {
  program
    .command('import')
    .description('make an evidence folder of what collect.cmd wrote on a server')
    .argument('<out>', 'the file with its answers, such as VPN01.out')
    .argument('<err>', 'the file with its errors, such as VPN01.err')
    .requiredOption('--evidence <folder>', 'folder that gets a sealed folder of the server')
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .option('--name <name>', 'name of the server; else the name of the first file')
    .option(
      '--at <time>',
      'when it was collected, such as 2026-11-26T09:30:00Z; else when the first file was last written',
    )
    .option('--tags <tags>', 'tags of the server, comma-separated', tags, [])
    .addHelpText(...example('sstp-audit import VPN01.out VPN01.err --evidence evidence-2026-11'))
    .action(
      doing(async (stop, out: string, err: string, options) => {
        const { importCollected } = await import('../collector.ts');
        return importCollected({ out, err }, options, stop);
      }),
    );
};
