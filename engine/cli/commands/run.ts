import type { Command } from 'commander';
import { asking, choosing, doing, example, judging, probing } from '../options.ts';

export const addRun = (program: Command): void => {
  probing(choosing(asking(judging(program.command('run')))))
    .description('ask servers, judge the answers, write reports')
    .argument('[targets...]', 'ssh://user@host:port, probe://vpn.example.com, or evidence:FOLDER')
    .option('--evidence <folder>', 'keep what was asked and answered in a sealed folder per target')
    .addHelpText(
      ...example(
        'sstp-audit run ssh://admin@vpn01 -p baseline --input publicNames=vpn.example.com \\\n    -r cli junit:out/junit.xml html:out/report.html --evidence out/evidence',
      ),
    )
    .action(
      doing(async (stop, targets: string[], options) => {
        const { runSession } = await import('../session.ts');
        return runSession(targets, options, stop);
      }),
    );
};
