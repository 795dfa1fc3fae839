import test from 'ava';
import type { Page } from 'puppeteer-core';
import type { Report } from '../../engine/model.ts';
import { pleasesAxe } from './accessible.ts';
import { browsing, closeBrowser, type Open, openReport, type Visit, type Visitor } from './browser.ts';
import { mixedFleet } from './fleets.ts';
import { ATTACKS, counted, fleet, hostile } from './sample.ts';

test.after.always(closeBrowser);

/** The fleet of most tests, which look at it and change nothing. */
const FLEET = mixedFleet(300, 20);

const PANEL = '[id="own:chosen"] .server';
const MAP = '[id="own:map"]';
const opened = async (open: Open, report: Report, visitor: Visitor = {}): Promise<Visit> => {
  const visit = await open(report, { packed: true, ...visitor });
  await visit.page.waitForSelector('html[data-ready]');
  return visit;
};
const tally = (page: Page): Promise<string> => page.$eval('[id="own:shown"]', (output) => output.textContent);
/** Names of the rows that exist, in their order. */
const rows = (page: Page): Promise<readonly string[]> =>
  page.$$eval('[id="own:map"] tbody th', (all) => all.map((one) => one.textContent));
const choose = async (page: Page, name: string, value: string): Promise<void> => {
  await page.select(`[id="own:${name}"]`, value);
};
const panel = (page: Page): Promise<string> => page.$eval(PANEL, (one) => one.textContent);
/** What the map says, and what stands around it. */
const markup = (page: Page): Promise<Readonly<{ map: string; rest: string }>> =>
  page.$eval(
    'body',
    (body, selector) => {
      const copy = body.cloneNode(true);
      const map = copy.querySelector(selector);
      map.remove();
      return { map: map.innerHTML, rest: copy.innerHTML };
    },
    MAP,
  );

/** More servers than rows exist at once. */
const SIGHTS: readonly (readonly [string, Report, Visitor])[] = [
  ['light', mixedFleet(100, 12), {}],
  ['dark', mixedFleet(100, 12), { dark: true }],
  ['Japanese and narrow', mixedFleet(100, 12, { language: 'ja' }), { width: 400 }],
];
for (const [sight, report, visitor] of SIGHTS)
  test.serial(
    `axe has nothing to complain of in a fleet: ${sight}`,
    browsing(async (t, open) => {
      const { page, misdeeds } = await opened(open, report, visitor);
      t.deepEqual(misdeeds, []);
      await page.$eval('[id="own:map"] td.fail a', (link) => link.click());
      await page.waitForSelector(PANEL);
      await pleasesAxe(t, page);
      const seen = [await markup(page)];
      // Other rows change the map and nothing else, so axe need not look at the rest again.
      for (const by of ['tag', 'check']) {
        await choose(page, 'rows', by);
        await pleasesAxe(t, page, MAP);
        seen.push(await markup(page));
      }
      t.is(new Set(seen.map(({ map }) => map)).size, 3);
      t.is(new Set(seen.map(({ rest }) => rest)).size, 1);
    }),
  );

test.serial(
  'axe has nothing to complain of in the group of all servers beyond those that are told one by one',
  browsing(async (t, open) => {
    const { page, misdeeds } = await opened(open, mixedFleet(200, 30, { own: 0.05 }), { dark: true });
    const others = '.group:nth-of-type(101)';
    t.regex(
      await page.$eval(others, (group) => group.textContent),
      /^\d+ other servers, each with what is wrong with it/,
    );
    t.is(await page.$(`${others} ~ .group`), null);
    await page.$eval(others, (group) => {
      group.open = true;
    });
    await pleasesAxe(t, page, others);
    t.deepEqual(misdeeds, []);
  }),
);

test.serial(
  'ten thousand servers with forty checks open and are filtered',
  browsing(async (t, open) => {
    const { page, misdeeds } = await opened(open, mixedFleet(10_000, 40));
    t.is(await tally(page), 'Showing 400,000 of 400,000 results, servers: 10,000');
    await choose(page, 'check', 'service/check-1');
    t.is(await tally(page), 'Showing 10,000 of 400,000 results, servers: 10,000');
    t.deepEqual(misdeeds, []);
  }),
);

test.serial(
  'only the rows in view exist, and the others come as the map scrolls',
  browsing(async (t, open) => {
    const { page } = await opened(open, fleet(1_000, 10));
    const first = await rows(page);
    t.true(first.length < 80);
    await page.$eval('[id="own:map"]', (map) => {
      map.scrollTop = map.scrollHeight;
    });
    await page.waitForFunction('document.querySelector(\'[id="own:map"] tbody\').lastElementChild.hidden');
    const last = await rows(page);
    t.true(last.length < 80);
    t.deepEqual(
      last.filter((name) => first.includes(name)),
      [],
    );
    t.is(await page.$eval('[id="own:map"] table', (table) => table.getAttribute('aria-rowcount')), '1001');
    t.is(
      await page.$eval('[id="own:map"] tbody tr:nth-last-child(2)', (row) => row.getAttribute('aria-rowindex')),
      '1001',
    );
  }),
);

test.serial(
  'the map is filtered by what is typed, by tag, check, status and severity, and cleared again',
  browsing(async (t, open) => {
    const { page } = await opened(open, FLEET);
    t.is(await tally(page), 'Showing 6,000 of 6,000 results, servers: 300');
    await page.keyboard.press('/');
    await page.keyboard.type('VPN0004 札幌');
    await page.waitForFunction("document.getElementById('own:shown').textContent.endsWith('servers: 2')");
    t.deepEqual((await rows(page)).toSorted(), ['vpn00041.札幌.example.com', 'vpn00047.札幌.example.com']);
    await page.keyboard.press('Escape');
    await choose(page, 'tag', 'osaka');
    t.is(await tally(page), 'Showing 1,000 of 6,000 results, servers: 50');
    await choose(page, 'check', 'service/check-1');
    t.is(await tally(page), 'Showing 50 of 6,000 results, servers: 50');
    await page.click('input[value="pass"]');
    t.regex(await tally(page), /^Showing \d of 6,000 results, servers: \d$/);
    await page.click('button[type="reset"]');
    await page.waitForFunction("document.getElementById('own:shown').textContent.includes('6,000 of')");
    await page.click('input[value="critical"]');
    t.is(await tally(page), 'Showing 4,500 of 6,000 results, servers: 300');
    for (const value of ['low', 'medium', 'high']) await page.click(`input[value="${value}"]`);
    t.is(await tally(page), 'Showing 0 of 6,000 results, servers: 0');
    t.deepEqual(await rows(page), []);
  }),
);

test.serial(
  'the search finds what is wrong, too',
  browsing(async (t, open) => {
    const report = FLEET;
    const { page } = await opened(open, report);
    await page.keyboard.press('/');
    await page.keyboard.type('アクセスが拒否');
    const denied = new Set(report.results.filter(({ reason }) => reason === 'denied').map(({ target }) => target)).size;
    await page.waitForFunction(`document.getElementById('own:shown').textContent.endsWith('servers: ${denied}')`);
    t.true(denied > 2);
  }),
);

test.serial(
  'a row for each tag or check leads to its servers',
  browsing(async (t, open) => {
    const { page } = await opened(open, FLEET);
    await choose(page, 'rows', 'tag');
    t.deepEqual(
      (await rows(page)).toSorted(),
      [
        'berlin (50)',
        'london (50)',
        'osaka (50)',
        'production (200)',
        'são-paulo (50)',
        'test (100)',
        'tokyo (50)',
        '札幌 (50)',
      ].toSorted(),
    );
    await page.$$eval('[id="own:map"] tbody th button', (all) =>
      all.find((one) => one.textContent.startsWith('osaka'))?.click(),
    );
    t.is(await tally(page), 'Showing 1,000 of 6,000 results, servers: 50');
    await page.click('button[type="reset"]');
    await choose(page, 'rows', 'check');
    await page.$eval('[id="own:map"] tbody tr:nth-child(3) td.fail button', (button) => button.click());
    t.is(await page.$eval('[id="own:check"]', (select) => select.value), 'service/check-1');
    const failing = FLEET.results.filter(({ check, status }) => check === 'service/check-1' && status === 'fail');
    t.true(failing.length > 0);
    t.is(await tally(page), `Showing ${failing.length} of 6,000 results, servers: ${failing.length}`);
  }),
);

test.serial(
  'a cell opens its result with values and answers, and its address opens it again',
  browsing(async (t, open) => {
    const report = FLEET;
    const { page, misdeeds } = await opened(open, report);
    await page.$eval('[id="own:map"] td.fail a', (link) => link.click());
    await page.waitForSelector(PANEL);
    const text = await panel(page);
    t.regex(text, /expected[0-9a-f]{64}actual[0-9a-f]{64}/);
    t.regex(text, /sha256 [0-9a-f]{64}/);
    t.is(await page.$eval(':focus', (one) => one.parentElement.open), true);
    const hash = await page.$eval('body', (body) => decodeURI(body.ownerDocument.location.hash));
    const [name = '', area = '', noun = ''] = hash.slice(1).split('/');
    t.is(await page.$eval(':focus', (one) => one.parentElement.dataset.check), `${area}/${noun}`);
    const results = report.results.filter(({ target }) => target === name);
    t.is(await page.$$eval(`${PANEL} .result`, (all) => all.length), results.length);
    t.deepEqual(misdeeds, []);
    const again = await opened(open, report, { hash });
    await again.page.waitForSelector(PANEL);
    t.is(await panel(again.page), text);
    await again.page.click('[id="own:chosen"] > button');
    t.is(await again.page.$(`${PANEL}:not([hidden] *)`), null);
  }),
);

test.serial(
  'a pass opens as well, and a place that no server has opens nothing',
  browsing(async (t, open) => {
    const { page, misdeeds } = await opened(open, mixedFleet(100, 20), { hash: '#nobody/at/%all' });
    t.is(await page.$(PANEL), null);
    await page.$eval('[id="own:map"] td.pass', (cell) => cell.click());
    await page.waitForSelector(`${PANEL} .result.pass[open]`);
    t.is(await page.$$eval(`${PANEL} .result.pass[open]`, (all) => all.length), 1);
    t.deepEqual(misdeeds, []);
  }),
);

test.serial(
  'arrow keys go from cell to cell, Enter opens one',
  browsing(async (t, open) => {
    const { page } = await opened(open, mixedFleet(200, 20));
    const place = (): Promise<readonly number[]> =>
      page.$eval(':focus', (one) => {
        const cell = one.closest('th, td');
        return [Number(cell.parentElement.getAttribute('aria-rowindex')), cell.cellIndex];
      });
    await page.focus('[id="own:map"] tbody th a');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft'] as const)
      await page.keyboard.press(key);
    t.deepEqual(await place(), [2, 2]);
    for (let at = 0; at < 60; at++) {
      await page.keyboard.press('ArrowDown');
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    }
    t.deepEqual(await place(), [62, 2]);
    await page.keyboard.press('Enter');
    await page.waitForSelector(PANEL);
  }),
);

/** Each attack on a server of its own, which says otherwise what the first of an honest fleet says; its name ends in a number. */
const liars = (): Report => {
  const honest = fleet(60, 3);
  const [first] = honest.targets;
  if (!first) throw new Error('the fleet is empty');
  const lies = Object.values(ATTACKS).map(({ text }, at) => {
    const name = `liar${at}`;
    const results = honest.results.filter(({ target }) => target === first.name);
    const own = { ...honest, targets: [{ ...first, name }], results: results.map((one) => ({ ...one, target: name })) };
    return hostile(own, (what) => `${text} ${what}`);
  });
  return counted({
    ...honest,
    targets: [...lies.flatMap(({ targets }) => targets), ...honest.targets],
    results: [...lies.flatMap(({ results }) => results), ...honest.results],
  });
};

/** What a server says of itself in the panel, by what it is. */
const SAID = { message: '.said', expected: '.values dd:nth-of-type(1)', excerpt: 'pre' } as const;

/** Opens the server whose name ends so, and tells the elements that show it and what it says, in one exchange. */
const shownOf = async (page: Page, end: string) => {
  await page.bringToFront();
  return page.$eval(
    ':root',
    async (root, { end, map, panel, said }) => {
      const { defaultView } = root.ownerDocument;
      const drawn = () => new Promise((resolve) => defaultView.requestAnimationFrame(resolve));
      const row = () => [...root.querySelectorAll(`${map} tbody th a`)].find((one) => one.textContent.endsWith(end));
      const isShown = () => root.querySelector('[id="own:name"]')?.textContent.endsWith(end) ?? false;
      while (!row()) await drawn();
      row().click();
      while (!isShown()) await drawn();
      return {
        tags: [...root.querySelectorAll(`${panel} *`)].map((one) => `${one.tagName} ${one.className}`),
        texts: Object.entries(said).map(([what, selector]) => {
          const all = root.querySelectorAll(`${panel} li.fail ${selector}, ${panel} li:not([class]) ${selector}`);
          return [what, [...new Set([...all].map(({ textContent }) => textContent))]] as const;
        }),
      };
    },
    { end, map: MAP, panel: PANEL, said: SAID },
  );
};

/** One page with all attacks, which stays open; and the elements that show an honest server. */
const lie = async () => {
  const visit = await opened(openReport, liars());
  return { ...visit, wanted: (await shownOf(visit.page, 'vpn0')).tags };
};
let lying: ReturnType<typeof lie> | undefined;
for (const [at, [attack, { text, seen = text }]] of Object.entries(ATTACKS).entries())
  test.serial(
    `a browser takes for text what a server of a fleet says, when it is opened, too: ${attack}`,
    browsing(async (t) => {
      lying ??= lie();
      const { page, misdeeds, wanted } = await lying;
      const { tags, texts } = await shownOf(page, `liar${at}`);
      t.deepEqual(tags, wanted);
      t.deepEqual(
        texts,
        Object.keys(SAID).map((what) => [what, [`${seen} ${what}`]]),
      );
      t.is(await page.evaluate('window.hacked'), undefined);
      t.deepEqual(misdeeds, []);
    }),
  );

test.serial(
  'without script the groups and the worst servers are there, and nothing that would not work',
  browsing(async (t, open) => {
    const { page, misdeeds } = await open(FLEET, { script: false });
    const visible = (selector: string) =>
      page.$$eval(selector, (all) => all.filter((one) => one.checkVisibility()).length);
    t.deepEqual([await visible('.filter'), await visible('.map'), await visible('[id="own:chosen"]')], [0, 0, 0]);
    t.true(
      (await visible('.group')) > 3 && (await visible('.server .findings')) > 3 && (await visible('.notice')) === 1,
    );
    t.deepEqual(misdeeds, []);
  }),
);

test.serial(
  'on paper the map is gone and every server is named',
  browsing(async (t, open) => {
    for (const script of [true, false]) {
      const { page } = await open(FLEET, { script });
      await page.emulateMediaType('print');
      t.is(
        await page.$$eval(
          '.map, .filter, .contents, .notice',
          (all) => all.filter((one) => one.checkVisibility()).length,
        ),
        0,
      );
      t.is(
        await page.$$eval(
          '.names, .server .findings, .per-check',
          (all) => all.filter((one) => !one.checkVisibility()).length,
        ),
        0,
      );
    }
  }),
);

test.serial(
  'in a narrow window only the map and tables scroll sideways',
  browsing(async (t, open) => {
    for (const width of [320, 800]) {
      const { page } = await opened(open, mixedFleet(60, 30, { language: 'ja' }), { width });
      t.is(await page.evaluate('document.documentElement.scrollWidth'), width);
    }
  }),
);
