import type { Command } from 'commander';
import { LIMITS } from '../../limits.ts';
import { asking, choosing, doing, example, ownChecks, ownPrograms, positive, probing } from '../options.ts';

export const addGather = (program: Command): void => {
  probing(choosing(asking(program.command('gather'))))
    .description('ask servers and keep the answers; judge them later, anywhere')
    .argument('[targets...]', 'ssh:// or winrm://user@host:port, local:, or probe://vpn.example.com')
    .requiredOption('--evidence <folder>', 'folder that gets a sealed folder per target')
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .option('--at-a-time <number>', 'targets at the same time', positive, LIMITS.targetsAtATime)
    .addHelpText(...example('sstp-audit gather ssh://admin@vpn01 ssh://admin@vpn02 --evidence evidence-2026-11'))
    .action(
      doing(async (stop, targets: string[], options) => {
        const { gatherAll } = await import('../gather.ts');
        return gatherAll(targets, options, stop);
      }),
    );
};
