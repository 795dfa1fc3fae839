import type { Command } from 'commander';
import { LIMITS } from '../../limits.ts';
import { doing, example, language, outside, positive, seconds } from '../options.ts';

export const addProbe = (program: Command): void => {
  outside(program.command('probe'))
    .description('look at servers from outside, as their clients do: no account is needed, and no session is left open')
    .argument('<hosts...>', 'vpn.example.com, vpn.example.com:4443, [2001:db8::7]')
    .option('--versions', 'ask for TLS versions and cipher suites, too (some 30 connections)', false)
    .option('--json', 'as JSON', false)
    .option('--timeout <seconds>', 'deadline of each server', seconds, LIMITS.targetMs / 1_000)
    .option('--at-a-time <number>', 'servers at the same time', positive, LIMITS.probesAtATime)
    .addOption(language())
    .addHelpText(...example('sstp-audit probe vpn.example.com --roots private-root.pem'))
    .action(
      doing(async (stop, hosts: string[], options) => {
        const { probeAll } = await import('../probe.ts');
        return probeAll(hosts, options, stop);
      }),
    );
};
