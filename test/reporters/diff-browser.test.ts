import test from 'ava';
import type { Page } from 'puppeteer-core';
import type { Comparison } from '../../engine/comparison.ts';
import { LANGUAGES } from '../../engine/model.ts';
import { opensToAxe } from './accessible.ts';
import { broken, browsing, closeBrowser, type Visitor } from './browser.ts';
import { compared, diffSample, twoReports } from './diff-sample.ts';
import { counted } from './sample.ts';

test.after.always(closeBrowser);

const tally = (page: Page): Promise<string> => page.$eval('[id="own:shown"]', (output) => output.textContent);
const seen = (page: Page): Promise<readonly string[]> =>
  page.$$eval('.result', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.id));

test.serial(
  'the page of a change review asks for nothing, breaks no rule of its own policy, and makes no error',
  browsing(async (t, open) => {
    for (const language of LANGUAGES)
      for (const dark of [false, true]) {
        const { page, misdeeds } = await open(diffSample(language), { dark });
        await page.emulateMediaType('print');
        t.deepEqual(misdeeds, []);
      }
  }),
);

const [before] = twoReports();
const passed = counted({ ...before, results: before.results.filter(({ status }) => status === 'pass'), waivers: [] });
const SIGHTS: readonly (readonly [string, Comparison, Visitor])[] = [
  ['light', diffSample(), {}],
  ['dark', diffSample(), { dark: true }],
  ['narrow', diffSample(), { width: 360 }],
  ['Japanese and dark', diffSample('ja'), { dark: true }],
  ['nothing changed', compared([passed, passed]), {}],
];
for (const [sight, comparison, visitor] of SIGHTS)
  test.serial(
    `axe has nothing to complain of: ${sight}`,
    browsing(async (t, open) => {
      const { page } = await open(comparison, visitor);
      await opensToAxe(t, page);
    }),
  );

test.serial(
  'changes are searched, chosen by what became of them, and walked through by keys',
  browsing(async (t, open) => {
    const { page } = await open(diffSample());
    t.is(await tally(page), 'Showing 19 of 19 changes');
    await page.keyboard.press('/');
    await page.keyboard.type('vpn01 certificate-hash');
    await page.waitForFunction(`document.getElementById('own:shown').textContent.startsWith('Showing 1 of ')`);
    t.deepEqual(await seen(page), ['regressed/vpn01.example.com/sstp/certificate-hash']);
    await page.keyboard.press('Escape');
    await page.select('[id="own:server"]', 'changes/removed');
    t.is(await tally(page), 'Showing 5 of 19 changes');
    t.true((await seen(page)).every((id) => id.startsWith('removed/')));
  }),
);

for (const script of [true, false])
  test.serial(
    `on paper nothing is closed and there is room to sign, ${script ? 'with' : 'without'} script`,
    browsing(async (t, open) => {
      const { page } = await open(diffSample(), { script, dark: true });
      const hidden = (selector: string) =>
        page.$$eval(selector, (all) => all.filter((one) => !one.checkVisibility()).length);
      t.is(await hidden('.signatures'), 1, 'on a screen there is nothing to sign');
      await page.emulateMediaType('print');
      t.is(
        await hidden(
          '.result, .beside, .answer > summary, .answer > :not(.same) tr:not(.same), .register, .per-check, .sides, .check, .signatures',
        ),
        0,
      );
      const same = await page.$$eval('tr.same', (all) => all.map((one) => one.checkVisibility()));
      t.deepEqual([...new Set(same)], [false], 'what is the same on both sides is counted');
      t.is(
        await page.$$eval('.filter, .contents, .skip', (all) => all.filter((one) => one.checkVisibility()).length),
        0,
      );
      t.is(
        await page.$eval('body', (body) => body.ownerDocument.defaultView.getComputedStyle(body).backgroundColor),
        'rgb(255, 255, 255)',
      );
    }),
  );

test.serial(
  'in a narrow window only tables scroll sideways',
  browsing(async (t, open) => {
    for (const width of [320, 400, 800]) {
      const { page } = await open(diffSample('ja'), { width });
      t.is(await page.evaluate('document.documentElement.scrollWidth'), width);
      t.deepEqual(
        await broken(page, '.per-check :is(thead th, td)'),
        [],
        'a number, and a word of Japanese, is read as one',
      );
    }
  }),
);
