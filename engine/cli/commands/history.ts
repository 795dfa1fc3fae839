import { type Command, Option } from 'commander';
import { STATUSES } from '../../model.ts';
import { age, moment } from '../history/dates.ts';
import { days, doing, example, language, list } from '../options.ts';

export const addHistory = (program: Command): void => {
  const history = program
    .command('history')
    .description('tell what a store remembers: what fails since when, what changed, which certificates end')
    .addHelpText(...example('sstp-audit history failing --store fleet.db'));
  for (const add of [addFailing, addDrift, addCertificates, addServer, addTrend, addRuns, addPrune]) add(history);
};

/** What every question to a store takes. */
const asking = (command: Command): Command =>
  command
    .option('--store <file>', "the store (default: the one in the user's state folder)")
    .addOption(language())
    .addOption(new Option('--json', 'as JSON').default(false).conflicts('csv'));

const listing = (command: Command): Command => asking(command).option('--csv', 'as CSV for a spreadsheet', false);

const only = (): Option =>
  new Option('--only <ids>', 'these checks only, comma-separated; * stands for any text').argParser(list);
const limit = (): Option =>
  new Option('--limit <names>', 'these servers only, comma-separated; * stands for any text').argParser(list);

const addFailing = (history: Command): void => {
  listing(history.command('failing'))
    .description('what fails now and since when, the worst first')
    .option('--status <statuses>', `comma-separated: ${STATUSES.join(', ')} (default: fail)`, list)
    .addOption(only())
    .addOption(limit())
    .addHelpText(...example("sstp-audit history failing --status fail,unknown --only 'certificate/*'"))
    .action(
      doing(async (_stop, options) => {
        const [{ tell }, { failing }, { statusesOf }] = await Promise.all([
          import('../history.ts'),
          import('../history/lists.ts'),
          import('../history/statuses.ts'),
        ]);
        const statuses = statusesOf(options.status ?? ['fail']);
        return tell(options, (store, here) => failing(store, { ...options, statuses }, here));
      }),
    );
};

const addDrift = (history: Command): void => {
  listing(history.command('drift'))
    .description('what became something else since a day: statuses, and values that fail')
    .addOption(
      new Option('--since <time>', 'a day, an instant, or an age such as 30d').argParser(moment).makeOptionMandatory(),
    )
    .option('--first', 'checks that were met for the first time, too', false)
    .addOption(only())
    .addOption(limit())
    .addHelpText(...example('sstp-audit history drift --since 2026-11-01 --csv > drift.csv'))
    .action(
      doing(async (_stop, options) => {
        const [{ tell }, { drift }] = await Promise.all([import('../history.ts'), import('../history/lists.ts')]);
        return tell(options, (store, here) => drift(store, options, here));
      }),
    );
};

const addCertificates = (history: Command): void => {
  listing(history.command('certificates'))
    .description('certificates across the fleet that end within some days, and those that have ended')
    .option('--within <days>', 'days from now', days, 30)
    .addOption(limit())
    .addHelpText(...example('sstp-audit history certificates --within 60'))
    .action(
      doing(async (_stop, options) => {
        const [{ tell }, lists] = await Promise.all([import('../history.ts'), import('../history/lists.ts')]);
        return tell(options, (store, here) => lists.certificates(store, options, here));
      }),
    );
};

const addServer = (history: Command): void => {
  listing(history.command('server'))
    .description("one server's story: what each run saw, and what was different from the run before")
    .argument('<name>', 'the name of the server')
    .addHelpText(...example('sstp-audit history server vpn01'))
    .action(
      doing(async (_stop, name: string, options) => {
        const [{ tell }, { storyOf }] = await Promise.all([import('../history.ts'), import('../history/stories.ts')]);
        return tell(options, (store, here) => storyOf(store, name, here));
      }),
    );
};

const addTrend = (history: Command): void => {
  listing(history.command('trend'))
    .description('how a check stood across the fleet, day by day')
    .argument('<check>', 'the id of the check')
    .addOption(
      new Option('--since <time>', 'a day, an instant, or an age').argParser(moment).default(moment('90d'), '90d'),
    )
    .addHelpText(...example('sstp-audit history trend certificate/remaining-life --since 30d'))
    .action(
      doing(async (_stop, check: string, options) => {
        const [{ tell }, { trendOf }] = await Promise.all([import('../history.ts'), import('../history/stories.ts')]);
        return tell(options, (store, here) => trendOf(store, { check, since: options.since }, here));
      }),
    );
};

const addRuns = (history: Command): void => {
  listing(history.command('runs'))
    .description('every run that is remembered, the newest first')
    .addHelpText(...example('sstp-audit history runs --store fleet.db'))
    .action(
      doing(async (_stop, options) => {
        const [{ tell }, { runs }] = await Promise.all([import('../history.ts'), import('../history/stories.ts')]);
        return tell(options, runs);
      }),
    );
};

const addPrune = (history: Command): void => {
  asking(history.command('prune'))
    .description(
      'forget runs by their age, and answers that no kept result needs; without --yes only say what would go',
    )
    .addOption(
      new Option('--older-than <age>', 'runs that began, and saw a server last, longer ago, such as 400d')
        .argParser(age)
        .makeOptionMandatory(),
    )
    .option('--yes', 'do it', false)
    .option(
      '--vacuum',
      'give the room in the file back to the disk, too (needs as much free room meanwhile, and no run that goes on)',
      false,
    )
    .addHelpText(...example('sstp-audit history prune --older-than 400d --yes'))
    .action(
      doing(async (_stop, options) => {
        const { forget } = await import('../history.ts');
        return forget(options, options);
      }),
    );
};
