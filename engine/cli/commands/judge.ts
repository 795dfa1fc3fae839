import type { Command } from 'commander';
import { recordedAt } from '../../evidence/address.ts';
import { LIMITS } from '../../limits.ts';
import { doing, example, judging, tags } from '../options.ts';

export const addJudge = (program: Command): void => {
  judging(program.command('judge'))
    .option('--tags <tags>', 'tags of these targets, comma-separated', tags, [])
    .description('judge kept evidence, without a network')
    .argument('<folders...>', 'evidence folders, or folders of evidence folders')
    .addHelpText(
      ...example(
        'sstp-audit judge evidence-2026-11 -p kb947031 --input publicNames=vpn.example.com -r cli json:report.json',
      ),
    )
    .action(
      doing(async (stop, folders: string[], options) => {
        const { runSession } = await import('../session.ts');
        return runSession(folders.map(recordedAt), { ...options, timeout: LIMITS.targetMs / 1_000 }, stop);
      }),
    );
};
