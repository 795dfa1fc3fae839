import { type Command, Option } from 'commander';
import { FAIL_ON } from '../../comparison.ts';
import { doing, each, example, inputs, language, ownChecks, ownPrograms } from '../options.ts';

export const addDiff = (program: Command): void => {
  program
    .command('diff')
    .description('compare two audits: what regressed, what is fixed, what changed, what cannot be told')
    .argument('<before>', 'a JSON report, a folder of evidence, or a run of a store: run:12, run:latest')
    .argument('<after>', 'the same')
    .option('--store <file>', "the store of runs (default: the one in the user's state folder)")
    .option(
      '-p, --profile <name|file>',
      'what evidence is judged by, as judge chooses it; reports and runs have been judged',
    )
    .addOption(ownChecks())
    .addOption(ownPrograms())
    .addOption(inputs())
    .option('--waivers <file>', 'waivers for evidence, in a YAML file of their own (repeatable)', each)
    .option(
      '-r, --reporter <name:file...>',
      'cli, json, markdown, html; :file sends one to a file; takes all words up to the next option',
      ['cli'],
    )
    .addOption(language())
    .addOption(
      new Option('--fail-on <what>', 'what makes exit code 1: what fails now and did not before, or any change')
        .choices(FAIL_ON)
        .default('regression'),
    )
    .option('--allow-unknown', 'exit code 0 instead of 3 when something cannot be told any more', false)
    .addHelpText(
      ...example(
        'sstp-audit diff november.json december.json -r cli html:out/review.html\n  sstp-audit diff run:12 run:latest --store fleet.db',
      ),
    )
    .action(
      doing(async (stop, before: string, after: string, options) => {
        const { diffSides } = await import('../diff.ts');
        return diffSides(before, after, options, stop);
      }),
    );
};
