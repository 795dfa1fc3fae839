/** The HTML report of a fleet in Chromium: how long it takes to open and to be filtered, beside that of a tenth of the fleet. */
import type { Page } from 'puppeteer-core';
import { closeBrowser, openReport } from '../../test/reporters/browser.ts';
import { mixedFleet } from '../../test/reporters/fleets.ts';
import { inTurns, median, table } from './measure.ts';

const CHECKS = 40;
const GOALS_MS: Readonly<Record<string, number>> = { opening: 1_000 };
const FILTER_GOAL_MS = 100;

/** What a visitor does, in the order of doing it. */
const DEEDS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  opening: async (page) => {
    await page.reload();
    await page.waitForSelector('html[data-ready]');
  },
  'searching words': (page) =>
    page.$eval('[id="own:search"]', (field) => {
      field.value = 'tokyo presents';
      field.form.dispatchEvent(new Event('change'));
    }),
  'choosing a status': (page) => page.$eval('input[value="pass"]', (box) => box.click()),
  'grouping by tag': (page) => page.select('[id="own:rows"]', 'tag'),
  'grouping by check': (page) => page.select('[id="own:rows"]', 'check'),
};

export type PageBench = Readonly<{ servers: number; rounds: number }>;

/** Opens reports of two fleets in turns, and prints what each deed costs the processor. */
export const benchPage = async ({ servers, rounds }: PageBench): Promise<void> => {
  const taken = new Map<string, number[]>();
  const contender = (size: number) => ({
    name: String(size),
    run: async () => {
      let whole = 0;
      for (const [deed, ms] of await spentOn(size)) {
        taken.set(`${size} ${deed}`, [...(taken.get(`${size} ${deed}`) ?? []), ms]);
        whole += ms;
      }
      return whole;
    },
  });
  try {
    await inTurns([contender(servers / 10), contender(servers)], rounds);
  } finally {
    await closeBrowser();
  }
  const middle = (size: number, deed: string): number => median(taken.get(`${size} ${deed}`) ?? []);
  const rows = Object.keys(DEEDS).map((deed) => {
    const [few, many] = [middle(servers / 10, deed), middle(servers, deed)];
    return [deed, ms(few), ms(many), (many / few).toFixed(2), ms(GOALS_MS[deed] ?? FILTER_GOAL_MS)];
  });
  console.log(`\nThe page of a fleet with ${CHECKS} checks, milliseconds of the processor:\n`);
  console.log(table(['', `${servers / 10} servers`, `${servers} servers`, 'times', 'goal'], rows));
};

const ms = (time: number): string => `${Math.round(time)} ms`;

/** Of the processor: what else a machine does meanwhile is not the page's. */
const spentOn = async (servers: number): Promise<readonly (readonly [string, number])[]> => {
  const { page } = await openReport(mixedFleet(servers, CHECKS), { packed: true });
  const client = await page.createCDPSession();
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await client.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
  const each: [string, number][] = [];
  for (const [deed, act] of Object.entries(DEEDS)) {
    const before = await spent();
    await act(page);
    each.push([deed, (await spent()) - before]);
  }
  await page.close();
  return each;
};
