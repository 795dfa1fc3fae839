import type { Command } from 'commander';
import { doing, example, language } from '../options.ts';

const CODES = `Exit codes:
  0  all is as sealed, and with --report as reported
  1  something differs, or is missing on either side
  2  no folder of evidence, or no report of sstp-audit
  3  nothing differs, but something is unfinished or cannot be read
`;

export const addVerify = (program: Command): void => {
  program
    .command('verify')
    .description('prove that kept evidence is as it was sealed, and what a report was judged from; without a network')
    .argument('<folders...>', 'evidence folders, or folders of evidence folders')
    .option(
      '--report <file>',
      'a JSON report: its servers and its answers must be those of the evidence, no more and no less',
    )
    .addOption(language())
    .option('--json', 'as JSON, for programs', false)
    .addHelpText(...example('sstp-audit verify evidence-2026-11 --report report.json'))
    .addHelpText('after', CODES)
    .action(
      doing(async (stop, folders: string[], options) => {
        const { verify } = await import('../verify.ts');
        return verify(folders, options, stop);
      }),
    );
};
