import test from 'ava';
import type { Page } from 'puppeteer-core';
import { LANGUAGES, type Report } from '../../engine/model.ts';
import { opensToAxe } from './accessible.ts';
import { broken, browsing, closeBrowser, type Visitor } from './browser.ts';
import { mixedFleet } from './fleets.ts';
import { counted, fleet, sample } from './sample.ts';

test.after.always(closeBrowser);

const SEARCH = '[id="own:search"]';
const tally = (page: Page): Promise<string> => page.$eval('[id="own:shown"]', (output) => output.textContent);
/** Anchors of the results that can be seen, in the order of the page. */
const seen = (page: Page): Promise<readonly string[]> =>
  page.$$eval('.result', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.id));
/** The place whose element has the focus. */
const focused = (page: Page): Promise<string | undefined> =>
  page.$eval(':focus', (element) => element.closest('[id]')?.id);
/** Types words into the search field, waits for as many results, and tells what the page says of them. */
const search = async (page: Page, words: string, count: number): Promise<string> => {
  await page.keyboard.press('/');
  await page.keyboard.type(words);
  // Where it never comes to that, the tally says what it came to.
  await page
    .waitForFunction(`document.getElementById('own:shown').textContent.startsWith('Showing ${count} of ')`, {
      timeout: 20_000,
    })
    .catch(() => undefined);
  return tally(page);
};

test.serial(
  'the page asks for nothing, breaks no rule of its own policy, and makes no error',
  browsing(async (t, open) => {
    for (const language of LANGUAGES)
      for (const dark of [false, true]) {
        const { page, misdeeds } = await open(sample(language), { dark });
        await page.emulateMediaType('print');
        t.deepEqual(misdeeds, []);
      }
  }),
);

test.serial(
  'a script or a picture that somebody puts in is refused',
  browsing(async (t, open) => {
    const { page, misdeeds } = await open(sample());
    await page.$eval('main', (main) => {
      const script = main.ownerDocument.createElement('script');
      script.textContent = 'window.hacked = 1';
      main.append(script);
      main.insertAdjacentHTML(
        'beforeend',
        '<img src="https://a.example/x" onerror="window.hacked = 1"><p style="color: red">',
      );
    });
    await page.waitForFunction('document.images[0].complete');
    t.is(await page.evaluate('window.hacked'), undefined);
    for (const directive of ['script-src-elem', 'script-src-attr', 'img-src', 'style-src-attr'])
      t.true(
        misdeeds.some((one) => one.startsWith(`console: refused ${directive}`)),
        directive,
      );
  }),
);

const soft = { ...sample(), exitCode: 0, gate: { failOn: 'high', allowUnknown: true } } as const;
const empty = counted({ ...sample(), targets: [], results: [], waivers: [], checks: [] });
const SIGHTS: readonly (readonly [string, Report, Visitor])[] = [
  ['light', sample(), {}],
  ['dark', sample(), { dark: true }],
  ['narrow', sample(), { width: 360 }],
  ['Japanese', sample('ja'), {}],
  ['Japanese and dark', sample('ja'), { dark: true }],
  ['a softened gate in the dark', soft, { dark: true }],
  ['a fleet', fleet(60, 3), {}],
  ['nothing in it', empty, {}],
];
for (const [sight, report, visitor] of SIGHTS)
  test.serial(
    `axe has nothing to complain of: ${sight}`,
    browsing(async (t, open) => {
      const { page } = await open(report, visitor);
      await opensToAxe(t, page);
    }),
  );

test.serial(
  'the search is reached, used and cleared by keys',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    t.is(await tally(page), 'Showing 20 of 20 results, servers: 4');
    t.is(await search(page, 'vpn02 LISTENER presents', 1), 'Showing 1 of 20 results, servers: 1');
    t.deepEqual(await seen(page), ['vpn02.example.com/sstp/certificate-hash']);
    t.is(await focused(page), 'own:search');
    await page.keyboard.press('Escape');
    t.is(await tally(page), 'Showing 20 of 20 results, servers: 4');
  }),
);

test.serial(
  'the search looks at names, findings, details and commands, not at the prose that all servers share',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    for (const [words, count] of [
      ['東京', 5],
      ['ｖｐｎ０２', 5],
      ['no route', 5],
      ['アクセスが拒否', 1],
      ['wevtutil.exe', 1],
      ['certificate-hash', 4],
      ['client that met another', 0],
      ['vpn02 nothing', 0],
    ] as const) {
      t.regex(await search(page, words, count), new RegExp(`^Showing ${count} of 20 `), words);
      await page.keyboard.press('Escape');
      await page.waitForFunction("document.getElementById('own:shown').textContent.startsWith('Showing 20 of ')");
      await page.$eval(SEARCH, (field) => field.blur());
    }
  }),
);

test.serial(
  'what is searched for is shown, even where it was closed',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    t.false(
      (await seen(page)).some((id) => id.startsWith('vpn04')),
      'the checks of a server that was not reached are closed',
    );
    await search(page, 'vpn04 service/running', 1);
    t.deepEqual(await seen(page), ['vpn04.example.com/service/running']);
    await page.keyboard.press('Escape');
    t.false((await seen(page)).some((id) => id.startsWith('vpn04')));
  }),
);

test.serial(
  'statuses, severities and a server are chosen by keys',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    const press = async (selector: string): Promise<void> => {
      await page.focus(selector);
      await page.keyboard.press('Space');
    };
    for (const status of ['unknown', 'waived', 'inapplicable', 'pass']) await press(`input[value="${status}"]`);
    t.is(await tally(page), 'Showing 2 of 20 results, servers: 2');
    t.deepEqual(
      await page.$$eval('.server', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.id)),
      ['vpn02.example.com', '東京-vpn03'],
    );
    await press('input[value="unknown"]');
    await press('input[value="critical"]');
    t.is(await tally(page), 'Showing 5 of 20 results, servers: 2');
    await page.focus('[id="own:server"]');
    await page.keyboard.type('vpn02');
    t.is(await tally(page), 'Showing 2 of 20 results, servers: 1');
    await page.focus('button[type="reset"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.filter:not(.filtered)');
    t.is(await tally(page), 'Showing 20 of 20 results, servers: 4');
  }),
);

test.serial(
  'j and k walk through the results, Enter opens and closes one',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    const [first, second] = await seen(page);
    await page.keyboard.press('j');
    t.is(await focused(page), first);
    await page.keyboard.press('j');
    t.is(await focused(page), second);
    await page.keyboard.press('k');
    t.is(await focused(page), first);
    const isOpen = () => page.$eval('.result', (result) => result.open);
    t.true(await isOpen());
    await page.keyboard.press('Enter');
    t.false(await isOpen());
  }),
);

test.serial(
  'single keys can be switched off, and do nothing in the search field',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    await page.keyboard.press('/');
    await page.keyboard.type('j/k');
    t.is(await page.$eval(SEARCH, (field) => field.value), 'j/k');
    await page.keyboard.press('Escape');
    await page.focus('[id="own:keys"]');
    await page.keyboard.press('j');
    t.not(await focused(page), 'own:keys', 'on');
    await page.focus('[id="own:keys"]');
    await page.keyboard.press('Space');
    await page.keyboard.press('j');
    t.is(await focused(page), 'own:keys', 'off');
  }),
);

test.serial(
  'Enter in the search field sends nothing',
  browsing(async (t, open) => {
    const { page, misdeeds } = await open(sample());
    await search(page, 'vpn02', 5);
    await page.keyboard.press('Enter');
    t.is(await tally(page), 'Showing 5 of 20 results, servers: 1');
    t.deepEqual(misdeeds, []);
  }),
);

test.serial(
  'all can be opened and closed',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    const count = () =>
      page.$$eval('details:is(.result, .rest)', (all) => [all.length, all.filter((one) => one.open).length]);
    await page.click('[id="own:expand"]');
    const [all, opened] = await count();
    t.is(opened, all);
    await page.click('[id="own:collapse"]');
    t.is((await count())[1], 0);
  }),
);

test.serial(
  'a cell of the overview leads to its result and opens it, filtered away or not',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    await search(page, 'vpn02', 5);
    await page.$eval('.matrix td.waived a', (link) => link.click());
    await page.waitForFunction('location.hash !== ""');
    const place = '東京-vpn03/certificate/names';
    await page.waitForFunction(`document.activeElement.parentElement.id === '${place}'`);
    t.true(await page.$eval(':target', (result) => result.open));
    t.is(await tally(page), 'Showing 20 of 20 results, servers: 4');
    await page.$eval('.matrix tr:last-child td:nth-child(2) a', (link) => link.click());
    await page.waitForFunction(`document.activeElement.parentElement.id.startsWith('vpn01')`);
  }),
);

test.serial(
  'what is jumped to is not behind the filter',
  browsing(async (t, open) => {
    for (const width of [1_030, 1_200, 1_600]) {
      const { page } = await open(sample('ja'), { width });
      await page.$eval('.matrix tr:nth-child(2) td:nth-child(2) a', (link) => link.click());
      await page.waitForSelector('.result:target');
      const edge = (selector: string, side: 'top' | 'bottom'): Promise<number> =>
        page.$eval(selector, (element, wanted) => element.getBoundingClientRect()[wanted], side);
      t.true((await edge('.result:target', 'top')) >= (await edge('.filter', 'bottom')), `${width} pixels`);
    }
  }),
);

test.serial(
  'without script nothing is missing but the filter',
  browsing(async (t, open) => {
    const { page, misdeeds } = await open(sample(), { script: false });
    t.false(await page.$eval('.filter', (form) => form.checkVisibility()));
    t.true((await seen(page)).includes('vpn02.example.com/sstp/certificate-hash'));
    await page.click('.server:has(p.missed) .rest > summary');
    t.is((await seen(page)).filter((id) => id.startsWith('vpn04')).length, 5);
    t.deepEqual(misdeeds, []);
  }),
);

for (const script of [true, false])
  test.serial(
    `on paper nothing is closed but the answers below what passed, ${script ? 'with' : 'without'} script`,
    browsing(async (t, open) => {
      const { page } = await open(sample(), { script, dark: true });
      await page.emulateMediaType('print');
      const hidden = (selector: string) =>
        page.$$eval(selector, (all) => all.filter((one) => !one.checkVisibility()).length);
      t.is(
        await hidden(
          '.result, .findings, .values, .about, .evidence, .evidence b, :is(.fail, .unknown, .waived) pre, .exception, .register, .counts, .matrix, .check, .paper',
        ),
        0,
      );
      const passed = ':is(.pass, .inapplicable) .evidence :is(code, small, pre)';
      t.deepEqual(
        await page.$$eval(passed, (all) => [...new Set(all.map((one) => one.checkVisibility()))]),
        [false],
        'there are some',
      );
      t.is(
        await page.$$eval('.filter, .contents, .skip', (all) => all.filter((one) => one.checkVisibility()).length),
        0,
      );
      t.is(
        await page.$eval('body', (body) => body.ownerDocument.defaultView.getComputedStyle(body).backgroundColor),
        'rgb(255, 255, 255)',
      );
      t.true(
        await page.$eval('pre', (pre) => pre.scrollHeight <= pre.clientHeight),
        'no answer is cut by a scroll bar',
      );
    }),
  );

test.serial(
  'a filtered print says so',
  browsing(async (t, open) => {
    const { page } = await open(sample());
    await search(page, 'vpn02', 5);
    await page.emulateMediaType('print');
    const before = await page.$eval(
      '[id="own:shown"]',
      (output) => output.ownerDocument.defaultView.getComputedStyle(output, '::before').content,
    );
    t.is(before, '"This print is filtered: "');
    t.true(await page.$eval('[id="own:shown"]', (output) => output.checkVisibility()));
    t.false(await page.$eval(SEARCH, (field) => field.checkVisibility()));
  }),
);

test.serial(
  'in a narrow window only tables scroll sideways, and no number is broken',
  browsing(async (t, open) => {
    for (const report of [sample('ja'), mixedFleet(40, 30, { language: 'ja' })])
      for (const width of [320, 400, 800]) {
        const { page } = await open(report, { width });
        t.is(await page.evaluate('document.documentElement.scrollWidth'), width);
        t.deepEqual(await broken(page, '.counts td'), [], 'a number is read as one');
      }
  }),
);

test.serial(
  'a thousand servers open and can be searched',
  browsing(async (t, open) => {
    const started = performance.now();
    const { page, misdeeds } = await open(fleet(1_000, 30));
    const opened = performance.now();
    t.is(await search(page, 'vpn777', 30), 'Showing 30 of 30,000 results, servers: 1');
    t.log(`opened in ${Math.round(opened - started)} ms, searched in ${Math.round(performance.now() - opened)} ms`);
    t.deepEqual(misdeeds, []);
  }),
);
